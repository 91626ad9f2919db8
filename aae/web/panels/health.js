/** The state of a training, its figures, and the accuracy of the discriminator. */

import { make, write } from "../dom.js";
import { accuracyWords, figureWords, stateWords } from "../map/training-words.js";
import { Discriminator } from "../layers/discriminator.js";
import { deviation } from "../math/density.js";
import { project } from "../math/geometry.js";

/** @typedef {import("../data/training.js").Moment} Moment */
/** @typedef {import("../data/training.js").Training} Training */
/** @typedef {import("../map/latent-map.js").LatentMap} LatentMap */
/** @typedef {import("../payload.js").LivePayload} LivePayload */

const COLLAPSED = 0.05; // of the prior's standard deviation
const COLLAPSED_WORDS = "The codes have collapsed: their standard deviation is below 5 % of the prior's.";

export class Health {
  /**
   * @param {LatentMap} map
   * @param {Training} training
   */
  constructor(map, training) {
    this.map = map;
    this.training = training;
    this.element = make("p", { className: "health" });
    /** @type {number | undefined} of the prior */
    this.priorStd = undefined;
  }

  /** @param {Moment | null} moment that is shown */
  report(moment) {
    const state = stateWords(this.training.progress, !this.training.moments.length);
    write(this.element, state || (moment ? this.words(moment) : ""));
  }

  /** @param {Moment} moment */
  words(moment) {
    const accuracy = this.map.frame?.accuracy ?? null;
    const words = [this.figures(moment), accuracy === null ? "" : accuracyWords(accuracy)];
    if (moment.step && this.hasCollapsed) words.push(COLLAPSED_WORDS); // untrained codes lie together too
    if (this.map.payload.small) words.push(this.map.part(Discriminator)?.words ?? ""); // which has no legend
    return words.filter(Boolean).join(" ");
  }

  /**
   * At the end the figures of the run, which other pages show too; before, those of the epoch's record.
   * @param {Moment} moment
   */
  figures(moment) {
    const { test, monitored, regularized, prior } = /** @type {LivePayload} */ (this.map.payload);
    const isLast = moment === this.training.moments.at(-1);
    const figures = isLast && test ? test : this.training.recordAt(moment);
    if (!figures?.prior_distance) return "";
    return figureWords(figures, figures === test ? "test" : monitored, regularized ? null : prior);
  }

  get hasCollapsed() {
    const { model, payload, frame, plane } = this.map;
    if (!model || !payload.has_prior || !frame) return false;
    this.priorStd ??= deviation(model.priorPlaces);
    return deviation(project(frame.codes, plane)) < COLLAPSED * this.priorStd; // the points may still fly there
  }

  snapshot() {
    return { health: this.element.textContent };
  }
}
