/** A training as it happens, or as it was: its moments, each with a frame, and the history of its epochs. */

import { resolve } from "./fetch.js";
import { fetchFrame } from "./frame.js";

/** @typedef {import("./frame.js").Frame} Frame */
/** @typedef {import("../payload.js").Progress} Progress */
/** @typedef {{step: number, address: string, frame?: Promise<Frame | null>, here: boolean}} Moment */

/** @type {Record<string, number>} ms between two looks; in any other state there is nothing new */
const POLL = { running: 500, queued: 1500, pausing: 500, stopping: 500 };
const BEGINNING = 100; // ms, while it runs and has no frame yet
const COARSE = [16, 8, 4, 2, 1]; // every so many moments are fetched first: a coarse film soon

export class Training {
  /**
   * @param {string | undefined} feed of a job; undefined: a timeline is given
   * @param {number[]} shape of an image
   * @param {{news: (isNewStatus: boolean) => void, gone: () => void, silent: () => void}} listener
   */
  constructor(feed, shape, listener) {
    this.feed = feed;
    this.shape = shape;
    this.listener = listener;
    /** @type {Moment[]} */
    this.moments = [];
    /** @type {Record<string, number>[]} */
    this.history = [];
    /** @type {Progress} */
    this.progress = { status: "", step: 0, steps: 0, epochs: 0, frames: [], history: [] };
    this.closed = false;
    this.prefetching = false;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.polling = undefined;
  }

  get status() {
    return this.progress.status;
  }

  get isOver() {
    return this.status !== "" && POLL[this.status] === undefined;
  }

  get steps() {
    return this.progress.steps || this.moments.at(-1)?.step || 1;
  }

  /** Fetch the progress of the job, and again while it may go on. */
  async follow() {
    clearTimeout(this.polling);
    if (this.closed || !this.feed) return;
    if (!document.hidden) await this.poll(this.feed);
    const begins = this.status === "running" && !this.moments.length;
    const wait = begins ? BEGINNING : POLL[this.status || "running"];
    if (wait && !this.closed) this.polling = setTimeout(() => this.follow(), wait);
  }

  /** @param {string} feed */
  async poll(feed) {
    try {
      const have = this.history.at(-1)?.epoch ?? 0;
      const answer = await fetch(`${resolve(feed)}?have=${have}`, { cache: "no-store" }); // dates have whole seconds
      const progress = await answer.json();
      if (this.closed) return;
      if (progress.status !== "deleted") return this.receive(progress);
      this.close();
      this.listener.gone();
    } catch {
      this.listener.silent();
    }
  }

  /** @param {Progress | string} timeline of a training that is over, or its address */
  async load(timeline) {
    if (typeof timeline !== "string") return this.receive(timeline);
    const progress = await fetch(resolve(timeline)).then((answer) => answer.json()).catch(() => null);
    if (this.closed) return;
    if (progress) return this.receive(progress);
    this.listener.silent();
    this.polling = setTimeout(() => this.load(timeline), POLL.queued);
  }

  /** @param {Progress} progress */
  receive(progress) {
    const before = this.status, have = this.history.at(-1)?.epoch ?? 0; // two answers may overlap
    this.progress = progress;
    const news = progress.history.filter(({ epoch }) => epoch > have);
    this.history = this.feed ? [...this.history, ...news] : progress.history;
    for (const [step, address] of this.addresses(progress.frames)) {
      if (!this.moments.some((moment) => moment.step === step)) this.moments.push({ step, address, here: false });
    }
    this.moments.sort((a, b) => a.step - b.step);
    this.listener.news(before !== "" && before !== progress.status);
    if (this.isOver) this.prefetch();
  }

  /**
   * @param {Progress["frames"]} frames
   * @returns {[number, string][]}
   */
  addresses(frames) {
    if (Array.isArray(frames)) return frames.map((step) => [step, `${this.feed}/frames/${step}`]);
    return Object.entries(frames).map(([step, address]) => [Number(step), address]);
  }

  /**
   * The frame of a moment, fetched once; null where it could not be, and it is tried again.
   * @param {Moment} moment
   */
  fetch(moment) {
    moment.frame ??= fetchFrame(moment.address, this.shape).then(
      (frame) => {
        moment.here = true;
        return frame;
      },
      () => {
        moment.frame = undefined;
        return null;
      },
    );
    return moment.frame;
  }

  /** Of a training that is over, fetch all frames. */
  async prefetch() {
    if (this.prefetching) return;
    this.prefetching = true;
    const order = COARSE.flatMap((stride) => this.moments.filter((_, i) => i % stride === 0));
    for (const moment of order) if (!this.closed) await this.fetch(moment);
    this.prefetching = false;
  }

  /**
   * The last moment up to a share of the training, and the one to show meanwhile: the last that is here.
   * @param {number} share
   */
  at(share) {
    const past = this.moments.filter(({ step }) => step <= share * this.steps + 0.5), latest = past.at(-1);
    if (!latest) return null;
    return { latest, shown: latest.here || share === 1 ? latest : past.findLast(({ here }) => here) ?? latest };
  }

  /**
   * The epochs that were over at a moment; a fraction within one.
   * @param {Moment} moment
   */
  epochAt({ step }) {
    return (step / this.steps) * this.progress.epochs;
  }

  /**
   * The record of the last epoch that was over at a moment.
   * @param {Moment} moment
   */
  recordAt(moment) {
    const epoch = this.epochAt(moment);
    return this.history.findLast((record) => record.epoch <= epoch + 1e-9);
  }

  close() {
    this.closed = true;
    clearTimeout(this.polling);
  }
}
