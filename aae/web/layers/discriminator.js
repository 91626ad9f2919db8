/** The discriminator score over the map: towards 1, a draw of the prior, blue; towards 0, a code, orange. */

import { contextOf, make } from "../dom.js";
import { quantile } from "../math/separation.js";

/** @typedef {import("../map/latent-map.js").LatentMap} LatentMap */
/** @typedef {{values: Uint8Array, n: number, view: import("../math/geometry.js").View}} Scores */

const CELLS = 96;
const PRIOR = [40, 110, 220], CODE = [240, 130, 20];
const DARKEST = 170; // of 255
const UNDECIDED = 0.025; // from a half: nearer everywhere, it cannot distinguish them
const FULL = 0.95; // of the map is paler than the strongest colour: a few extremes do not set the scale
const RAMP = `linear-gradient(90deg, rgb(${CODE}), transparent, rgb(${PRIOR}))`;
const MIDDLE = 127.5;

export class Discriminator {
  /** @param {LatentMap} map */
  constructor(map) {
    this.map = map;
    /** @type {HTMLCanvasElement | null} */
    this.layer = null;
    this.low = this.high = 0.5; // of the scores in [0, 1]
    this.scale = UNDECIDED; // distance from a half at which the colour is strongest
    /** @type {Scores | null | undefined} */
    this.drawn = undefined;
  }

  /** @returns {Scores | null} */
  get scores() {
    const { frame, model, payload } = this.map, picture = frame?.greys.discriminator;
    if (frame) return picture && frame.view ? { values: picture.values, n: picture.width, view: frame.view } : null;
    if (!model?.scores || !("score_view" in payload)) return null;
    const [x, y, half] = payload.score_view;
    return { ...model.scores, view: { x, y, half } };
  }

  get isThere() {
    return this.map.model?.scores != null || this.map.frame?.greys.discriminator !== undefined;
  }

  get isShown() {
    return this.map.state.layers.includes("discriminator") && !this.map.isElsewhere && this.isThere;
  }

  redraw() {
    this.layer = null;
  }

  draw() {
    const { scores } = this, canvas = make("canvas", { width: CELLS, height: CELLS });
    const context = contextOf(canvas, { willReadFrequently: true }), image = context.createImageData(CELLS, CELLS);
    if (!scores) return null;
    this.low = scores.values.reduce((a, b) => Math.min(a, b), 255) / 255;
    this.high = scores.values.reduce((a, b) => Math.max(a, b), 0) / 255;
    const distances = Float32Array.from(scores.values, (score) => Math.abs(score - MIDDLE) / 255).sort();
    this.scale = Math.max(quantile(distances, FULL), UNDECIDED);
    for (let i = 0; i < CELLS * CELLS; i++) {
      const score = this.at(scores, [(i % CELLS) + 0.5, Math.floor(i / CELLS) + 0.5]);
      if (score === null) continue;
      const doubt = (score - MIDDLE) / 255 / this.scale;
      image.data.set([...(doubt > 0 ? PRIOR : CODE), DARKEST * Math.min(1, Math.abs(doubt))], 4 * i);
    }
    context.putImageData(image, 0, 0);
    return canvas;
  }

  /**
   * The score, of 255, at a cell of the layer; null outside the square that the scores cover.
   * @param {Scores} scores
   * @param {[number, number]} cell
   */
  at({ values, n, view }, cell) {
    const [u, v] = this.map.camera.fromPixel(cell, CELLS);
    const column = Math.floor(((u - view.x) / view.half + 1) * 0.5 * n);
    const row = Math.floor((1 - (v - view.y) / view.half) * 0.5 * n);
    return column < 0 || row < 0 || column >= n || row >= n ? null : values[row * n + column];
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {number} size
   */
  paint(context, size) {
    if (!this.isShown) return;
    this.layer ??= this.draw();
    if (this.layer) context.drawImage(this.layer, 0, 0, size, size);
  }

  /** The largest distance of a score from a half. */
  get range() {
    return Math.max(this.high - 0.5, 0.5 - this.low);
  }

  /** What the colours mean; nothing where nothing is painted. */
  get words() {
    if (!this.isShown) return "";
    this.layer ??= this.draw();
    const [low, high] = [this.low, this.high].map((x) => `${Math.round(100 * x)} %`);
    const range = `Discriminator score (probability of the prior): ${low} (orange) to ${high} (blue)`;
    if (this.range < UNDECIDED) return `${range}: near 50 % everywhere, the aim of the training.`;
    return `${range}; 50 %: undecided; strongest from 50 ± ${Math.round(100 * this.scale)} % on.`;
  }

  legend() {
    return this.words ? [{ sign: "", colour: "", ramp: RAMP, text: this.words }] : [];
  }

  snapshot() {
    const { words, layer } = this, context = words ? layer?.getContext("2d") : null;
    const { data } = context?.getImageData(0, 0, CELLS, CELLS) ?? { data: [] };
    let strongest = 0;
    for (let i = 3; i < data.length; i += 4) strongest = Math.max(strongest, data[i]);
    return { discriminator: words ? [this.low, this.high] : null, strongest };
  }
}
