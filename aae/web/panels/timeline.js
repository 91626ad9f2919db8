/** The moments of a training: a slider through them, and a film. */

import { button, make, write } from "../dom.js";
import { leftWords, whenWords } from "../map/training-words.js";

/** @typedef {import("../data/training.js").Moment} Moment */
/** @typedef {import("../data/training.js").Training} Training */
/** @typedef {import("../map/latent-map.js").LatentMap} LatentMap */

const SECONDS = 12; // of the film
const END = 0.999; // of the training: from there the film begins anew

export class Timeline {
  /**
   * @param {LatentMap} map
   * @param {Training} training
   */
  constructor(map, training) {
    this.map = map;
    this.training = training;
    const [play, slide] = ["Play the training", "Moment of the training"];
    this.play = button("▶", () => this.toggle(), { title: "Space: play the training", "aria-label": play });
    this.slider = make("input", { type: "range", min: 0, max: 1, step: "any", value: 1, "aria-label": slide });
    this.when = make("output");
    this.element = make("div", { className: "timeline" }, this.play, this.slider, this.when);
    this.slider.oninput = () => {
      this.stop();
      this.map.group.change({ moment: Number(this.slider.value) });
    };
    /** @type {number | null} */
    this.playing = null;
    /** @type {Moment | null} the one that is shown */
    this.moment = null;
  }

  /** The share of the training that is to be shown. */
  get share() {
    return this.map.state.moment ?? 1;
  }

  /** Whether the newest moment is shown, whatever comes. */
  get follows() {
    return this.share === 1 && !this.training.isOver;
  }

  get canPlay() {
    return this.training.moments.length > 1;
  }

  toggle() {
    if (this.playing !== null) this.stop();
    else this.start();
  }

  start() {
    const from = this.share > END ? 0 : this.share, begin = performance.now();
    const advance = (/** @type {number} */ now) => {
      const share = Math.min(1, Math.max(0, from + (now - begin) / 1000 / SECONDS));
      this.map.group.change({ moment: share });
      if (share < 1 && !this.map.closed) this.playing = requestAnimationFrame(advance);
      else this.stop();
    };
    this.playing = requestAnimationFrame(advance);
    this.play.textContent = "❚❚";
  }

  stop() {
    if (this.playing !== null) cancelAnimationFrame(this.playing);
    this.playing = null;
    this.play.textContent = "▶";
  }

  changed() {
    if (Number(this.slider.value) !== this.share) this.slider.value = String(this.share);
  }

  /**
   * @param {Moment} moment
   * @param {string} unit
   */
  report(moment, unit) {
    const { progress } = this.training, left = this.follows ? leftWords(progress) : "";
    this.moment = moment;
    write(this.when, whenWords(this.training.epochAt(moment), progress.epochs, unit) + left);
  }

  close() {
    this.stop();
  }

  snapshot() {
    const { training, moment } = this, steps = training.moments.map(({ step }) => step);
    return {
      status: training.status, step: moment?.step ?? null, steps, when: this.when.textContent,
      playing: this.playing !== null, fetched: training.moments.every(({ here }) => here), total: training.steps,
      feed: training.feed ?? null,
    };
  }
}
