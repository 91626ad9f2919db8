/** What the discriminator takes for a draw of the prior (blue) and for a code (orange), over its own range. */

import { sheet } from "../dom.js";

/** @typedef {import("../map/latent-map.js").LatentMap} LatentMap */
/** @typedef {{values: Uint8Array, n: number, view: import("../math/geometry.js").View}} Scores */

const CELLS = 96;
const PRIOR = [40, 110, 220], CODE = [240, 130, 20];
const DARKEST = 170; // of 255
const UNDECIDED = 0.1; // from a half: nearer everywhere, and it cannot tell
const MIDDLE = 127.5;

export class Discriminator {
  /** @param {LatentMap} map */
  constructor(map) {
    this.map = map;
    /** @type {HTMLCanvasElement | null} */
    this.layer = null;
    this.range = 0; // the largest distance from a half, of scores in [0, 1]
    /** @type {Scores | null | undefined} */
    this.drawn = undefined;
  }

  /** @returns {Scores | null} */
  get scores() {
    const { frame, model, payload } = this.map, picture = frame?.greys.discriminator;
    if (frame) return picture && frame.view ? { values: picture.values, n: picture.width, view: frame.view } : null;
    if (!model?.scores || !("own_view" in payload)) return null;
    const [x, y, half] = payload.own_view;
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
    const { scores } = this, { canvas, context } = sheet(CELLS), image = context.createImageData(CELLS, CELLS);
    if (!scores) return null;
    this.range = scores.values.reduce((most, value) => Math.max(most, Math.abs(value / 255 - 0.5)), 0);
    const scale = Math.max(this.range, UNDECIDED);
    for (let i = 0; i < CELLS * CELLS; i++) {
      const score = this.at(scores, [(i % CELLS) + 0.5, Math.floor(i / CELLS) + 0.5]);
      if (score === null) continue;
      const doubt = (score - MIDDLE) / 255 / scale;
      image.data.set([...(doubt > 0 ? PRIOR : CODE), DARKEST * Math.min(1, Math.abs(doubt))], 4 * i);
    }
    context.putImageData(image, 0, 0);
    return canvas;
  }

  /**
   * The score, of 255, at a cell of the layer; null outside the square over which it was asked.
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

  legend() {
    if (!this.isShown) return [];
    const [low, high] = [0.5 - this.range, 0.5 + this.range].map((x) => x.toFixed(2));
    const undecided = this.range < UNDECIDED ? "; undecided everywhere, which is the aim" : "";
    return [
      { sign: "■", colour: `rgb(${PRIOR})`, text: `discriminator score up to ${high}: taken for the prior` },
      { sign: "■", colour: `rgb(${CODE})`, text: `down to ${low}: taken for a code${undecided}` },
    ];
  }

  snapshot() {
    return { discriminator: this.isShown ? this.range : null };
  }
}
