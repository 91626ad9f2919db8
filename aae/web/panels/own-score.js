/** The visitor's own image, and how odd it is to a model. */

import { fetchScorer } from "../data/anomalies.js";
import { prepare } from "../data/prepare.js";
import { contextOf, inkOf, inkPixels, make, write } from "../dom.js";
import { scoreOf } from "../math/oddness.js";
import { shortNumber } from "../math/scales.js";
import { below } from "../math/separation.js";
import { percent } from "../math/words.js";
import { Board } from "./board.js";

/** @typedef {import("../data/anomalies.js").Sample} Sample */
/** @typedef {import("../math/oddness.js").Scorer} Scorer */
/** @typedef {import("../payload-uses.js").AnomaliesPayload} AnomaliesPayload */

export class OwnScore {
  /**
   * @param {string} noun
   * @param {() => void} onchange the score is another one
   */
  constructor(noun, onchange) {
    this.onchange = onchange;
    this.board = new Board(noun, (board) => this.take(board));
    this.canvas = make("canvas", { className: "prepared", role: "img", "aria-label": "What the network is given" });
    this.figure = make("figure", { hidden: true }, this.canvas, make("figcaption", {}, "input"));
    this.board.beside.append(this.figure);
    this.words = make("p", { className: "verdict", role: "status" });
    const title = make("strong", {}, "Your own image");
    this.element = make("div", { className: "mine" }, title, this.board.element, this.words);
    /** @type {AnomaliesPayload | null} */
    this.payload = null;
    /** @type {Promise<Scorer> | null} */
    this.scorer = null;
    /** @type {HTMLCanvasElement | null} */
    this.drawing = null;
    /** @type {Float32Array | null} */
    this.pixels = null;
    /** @type {number | null} */
    this.score = null;
  }

  /** Score what is on the board by another score, or model. @param {AnomaliesPayload} payload */
  async load(payload) {
    if (payload.encoder !== this.payload?.encoder) this.scorer = null;
    this.payload = payload;
    await this.take(this.drawing);
  }

  /** @param {HTMLCanvasElement | null} drawing */
  async take(drawing) {
    const { payload } = this;
    if (!payload) return;
    this.drawing = drawing;
    const pixels = drawing && prepare(drawing, payload.shape, payload.centred);
    const scorer = pixels && (await (this.scorer ??= fetchScorer(payload)).catch(() => null));
    if (this.drawing !== drawing || this.payload !== payload) return;
    if (pixels && !scorer) this.scorer = null; // to be fetched again
    this.pixels = pixels;
    this.score = pixels && scorer && scoreOf(payload.score, pixels, scorer);
    this.onchange();
  }

  /**
   * @param {Sample} sample
   * @param {number} threshold
   */
  show({ normal }, threshold) {
    const { pixels, score, payload } = this;
    this.figure.hidden = !pixels;
    if (!pixels || !payload) return write(this.words, "");
    [this.canvas.height, this.canvas.width] = payload.shape.slice(-2);
    inkPixels(contextOf(this.canvas), pixels, payload.shape, inkOf(this.canvas));
    if (score === null) return write(this.words, "The networks could not be fetched: draw again to try once more.");
    const share = percent(below(normal, score) / normal.length);
    const isOdd = score >= threshold;
    const verdict = isOdd ? "at or above the threshold, counted as odd" : "below the threshold, counted as normal";
    write(this.words, `Score ${shortNumber(score)}: ${verdict}; higher than ${share} of the normal images.`);
  }

  close() {
    this.board.close();
  }
}
