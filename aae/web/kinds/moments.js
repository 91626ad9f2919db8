/** Which moment of a training the map shows. */

import { fetchTensors } from "../data/fetch.js";
import { fetchImages, sceneOf } from "../data/model.js";
import { project } from "../math/geometry.js";
import { Arrangement, STEP } from "../map/arrangement.js";
import { Health } from "../panels/health.js";
import { Losses } from "../panels/losses.js";
import { Timeline } from "../panels/timeline.js";

/** @typedef {import("../data/frame.js").Frame} Frame */
/** @typedef {import("../data/training.js").Moment} Moment */
/** @typedef {import("../data/training.js").Training} Training */
/** @typedef {import("../map/latent-map.js").LatentMap} LatentMap */
/** @typedef {import("../map/messages.js").Shared} Shared */
/** @typedef {import("../payload.js").LivePayload} LivePayload */

export class Moments {
  /**
   * @param {LatentMap} map
   * @param {Training} training
   */
  constructor(map, training) {
    this.map = map;
    this.training = training;
    /** @type {Moment | null} */
    this.moment = null;
    /** @type {Promise<boolean> | null} */
    this.scene = null;
    this.turn = 0;
    this.seen = 0; // frames, for tests and benchmarks
  }

  /** @param {Set<keyof Shared>} names */
  changed(names) {
    if (names.has("moment")) this.go();
  }

  /** The training has new progress. */
  news() {
    const timeline = this.map.part(Timeline);
    if (timeline?.share === 1 || !this.moment) this.go();
    this.report();
  }

  /** Show the moment of the timeline; until it is here, the last one before it that is. */
  async go() {
    const { map, training } = this, found = training.at(map.part(Timeline)?.share ?? 1), turn = ++this.turn;
    if (!found || !(await this.isSet())) return;
    const frame = await training.fetch(found.shown), isDue = () => turn === this.turn && !map.closed;
    if (found.latest !== found.shown) training.fetch(found.latest).then(() => void (isDue() && this.go()));
    if (frame && isDue() && this.moment !== found.shown) this.take(frame, found.shown);
  }

  /** Whether what is the same in all frames is here; what fails is tried again. */
  async isSet() {
    this.scene ??= this.set().then(() => true, () => {
      this.scene = null;
      return false;
    });
    return this.scene;
  }

  async set() {
    const { map } = this, payload = /** @type {LivePayload} */ (map.payload);
    map.model = sceneOf(await fetchTensors(payload.scene), map.plane);
    map.element.classList.remove("waiting");
    if (!payload.images) return;
    fetchImages(payload.images).then((images) => {
      if (map.model) map.model.images = images;
      map.redraw();
    }, () => {}); // the map does without
  }

  /**
   * Show a frame; while a job is followed, the points fly to it.
   * @param {Frame} frame
   * @param {Moment} moment
   */
  take(frame, moment) {
    const { map } = this, points = project(frame.codes, map.plane), isFirst = !map.n;
    const flies = !isFirst && map.part(Timeline)?.follows;
    this.moment = moment;
    map.frame = frame;
    this.seen++;
    if (frame.view) map.camera.square = frame.view;
    map.camera.look(map.state.view, map.state.stretch);
    if (isFirst) map.points = points;
    map.part(Arrangement)?.fly(points, flies ? STEP : 0);
    this.report();
    map.redraw();
    map.canvas.dataset.ready = "true";
  }

  /** Show the progress of the training and its figures. */
  report() {
    const { unit } = /** @type {LivePayload} */ (this.map.payload);
    if (this.moment) this.map.part(Timeline)?.report(this.moment, unit);
    this.map.part(Health)?.report(this.moment);
    this.map.part(Losses)?.draw(this.moment);
  }

  snapshot() {
    return { seen: this.seen };
  }
}
