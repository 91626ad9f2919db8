/** Histograms of the scores of normal and odd images, with a threshold to drag. */

import { contextOf, inkOf, make } from "../dom.js";
import { shares } from "../math/separation.js";
import { shortNumber } from "../math/scales.js";

/** @typedef {import("../math/axis.js").Axis} Axis */
/** @typedef {{axis: Axis, normal: Float32Array, odd: Float32Array, title: string}} Drawn */

export const NORMAL = "rgb(60,130,235)";
export const ODD = "rgb(240,130,20)";
const OWN = "rgb(220,60,140)";
const HEIGHT = 240, SIDE = 12, TOP = 16, BOTTOM = 38; // pixels
const CELLS = 70;
const SHARP = 2; // pixels of the canvas for one of the page: a saved picture has as many
const STEP = 0.01, FAR = 0.05; // of the axis, for a press of an arrow
/** @type {Record<string, number>} */
const KEYS = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 };

export class Histogram {
  /** @param {(threshold: number, done: boolean) => void} onthreshold */
  constructor(onthreshold) {
    this.onthreshold = onthreshold;
    const label = "Threshold of the score: images at or above it count as odd";
    const slider = { role: "slider", "aria-label": label, "aria-valuenow": "0" };
    this.canvas = make("canvas", { className: "histogram", tabIndex: 0, ...slider });
    this.element = this.canvas;
    /** @type {Drawn | null} */
    this.drawn = null;
    this.threshold = 0;
    /** @type {number | null} the score of the visitor's image */
    this.own = null;
    this.dragging = false;
    this.listen();
  }

  listen() {
    const { canvas } = this;
    canvas.onpointerdown = (event) => {
      canvas.setPointerCapture(event.pointerId);
      this.dragging = true;
      this.drag(event, false);
    };
    canvas.onpointermove = (event) => this.dragging && this.drag(event, false);
    canvas.onpointerup = (event) => this.dragging && ((this.dragging = false), this.drag(event, true));
    canvas.onpointercancel = () => (this.dragging = false);
    canvas.onkeydown = (event) => this.press(event);
  }

  /**
   * @param {PointerEvent} event
   * @param {boolean} done
   */
  drag(event, done) {
    const box = this.canvas.getBoundingClientRect();
    this.move((event.clientX - box.left - SIDE) / (box.width - 2 * SIDE), done);
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    const { drawn } = this, far = event.shiftKey ? FAR : STEP, way = KEYS[event.key];
    const ends = event.key === "Home" ? 0 : event.key === "End" ? 1 : null;
    if (!drawn || (way === undefined && ends === null)) return;
    event.preventDefault();
    this.move(ends ?? drawn.axis.place(this.threshold) + far * way, true);
  }

  /**
   * @param {number} place on the axis
   * @param {boolean} done
   */
  move(place, done) {
    if (this.drawn) this.onthreshold(this.drawn.axis.at(clamp(place)), done);
  }

  /**
   * @param {Drawn} drawn
   * @param {number} threshold
   * @param {number | null} own
   */
  show(drawn, threshold, own) {
    Object.assign(this, { drawn, threshold, own });
    const { low, high } = drawn.axis;
    for (const [name, value] of [["valuemin", low], ["valuemax", high], ["valuenow", threshold]]) {
      this.canvas.setAttribute(`aria-${name}`, String(value));
    }
    this.canvas.setAttribute("aria-valuetext", `${drawn.title} ${shortNumber(threshold)}`);
    this.draw();
  }

  draw() {
    const { canvas, drawn } = this, width = canvas.clientWidth || 600;
    if (!drawn) return;
    const context = contextOf(canvas), { axis } = drawn, bottom = HEIGHT - BOTTOM;
    Object.assign(canvas, { width: width * SHARP, height: HEIGHT * SHARP });
    context.scale(SHARP, SHARP);
    const x = (/** @type {number} */ score) => SIDE + clamp(axis.place(score)) * (width - 2 * SIDE);
    const cells = [drawn.normal, drawn.odd].map((scores) => shares(scores, axis.place, CELLS));
    const most = Math.max(...cells.flatMap((each) => Array.from(each)), 1e-9), cell = (width - 2 * SIDE) / CELLS;
    cells.forEach((each, k) => {
      context.fillStyle = k ? ODD : NORMAL;
      context.globalAlpha = 0.65;
      each.forEach((share, i) => {
        const height = (share / most) * (bottom - TOP);
        context.fillRect(SIDE + i * cell, bottom - height, cell - 1, height);
      });
    });
    context.globalAlpha = 1;
    this.writeAxis(context, x, width);
    if (this.own !== null) mark(context, x(this.own), OWN, "yours", TOP, bottom);
    mark(context, x(this.threshold), `rgb(${inkOf(canvas)})`, "threshold", TOP, bottom);
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {(score: number) => number} x
   * @param {number} width
   */
  writeAxis(context, x, width) {
    const { drawn, canvas } = this, bottom = HEIGHT - BOTTOM;
    context.fillStyle = `rgb(${inkOf(canvas)})`;
    Object.assign(context, { font: "12px sans-serif", textAlign: "center", textBaseline: "top" });
    context.fillRect(SIDE, bottom, width - 2 * SIDE, 1);
    for (const { value, text } of drawn?.axis.ticks(width / 110) ?? []) {
      context.fillRect(x(value), bottom, 1, 4);
      context.fillText(text, x(value), bottom + 6);
    }
    context.fillText(drawn?.title ?? "", width / 2, bottom + 22);
  }
}

/** @param {number} place */
function clamp(place) {
  return Math.min(1, Math.max(0, place));
}

/**
 * A line upright, with a word at its top.
 * @param {CanvasRenderingContext2D} context
 * @param {number} x
 * @param {string} colour
 * @param {string} word
 * @param {number} top
 * @param {number} bottom
 */
function mark(context, x, colour, word, top, bottom) {
  context.fillStyle = colour;
  context.fillRect(x - 1, top, 2, bottom - top);
  const { width } = context.measureText(word), left = x + width + 8 < context.canvas.clientWidth;
  Object.assign(context, { font: "12px sans-serif", textAlign: left ? "left" : "right", textBaseline: "top" });
  context.fillText(word, x + (left ? 4 : -4), 0);
}
