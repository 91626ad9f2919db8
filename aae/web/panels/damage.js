/** The corrupted image, large: one draws on it, or drags its hole. */

import { contextOf, inkPixels, make } from "../dom.js";
import { CORRUPTIONS, drawsOf, holeOf, stroke } from "../math/corrupt.js";
import { KeyPen } from "./key-pen.js";

/** @typedef {import("../dom.js").Ink} Ink */
/** @typedef {import("../math/geometry.js").Place} Place */
/** @typedef {import("./corruption.js").Chosen} Chosen */
/** @typedef {import("./corruption.js").Tool} Tool */

export class Damage {
  /**
   * @param {number[]} shape ..., height, width
   * @param {{drawn: () => void, dragged: (at: Place) => void, lifted: () => void}} actions
   */
  constructor(shape, actions) {
    const [height, width] = (this.shape = shape.slice(-2));
    this.size = { height, width };
    this.actions = actions;
    const words = { "aria-label": "The corrupted image: draw on it", className: "corrupted" };
    this.canvas = make("canvas", { width, height, ...words });
    this.canvas.style.aspectRatio = `${width} / ${height}`;
    this.outline = make("div", { className: "hole", hidden: true });
    const at = (/** @type {Place} */ [x, y]) => /** @type {Place} */ ([x * width, y * height]);
    const pen = new KeyPen(this.canvas, {
      press: (share) => this.begin(at(share)), move: (share) => this.move(at(share)), lift: () => this.lift(),
    });
    this.element = make("div", { className: "damage" }, pen.element, this.outline);
    /** @type {Tool} */
    this.tool = "pen";
    this.strokes = new Float32Array(height * width).fill(NaN); // where nothing was drawn by hand: NaN
    this.box = this.canvas.getBoundingClientRect();
    /** @type {Place | null} where the pointer was last while it is down */
    this.last = null;
    this.canvas.onpointerdown = (event) => this.press(event);
    this.canvas.onpointermove = (event) => this.last && this.move(this.point(event));
    this.canvas.onpointerup = this.canvas.onpointercancel = () => this.lift();
  }

  get isDrawn() {
    return this.strokes.some((value) => !Number.isNaN(value));
  }

  clear() {
    this.strokes.fill(NaN);
    this.actions.drawn();
  }

  /** @param {PointerEvent} event */
  press(event) {
    event.preventDefault();
    this.canvas.setPointerCapture(event.pointerId);
    this.box = this.canvas.getBoundingClientRect();
    this.begin(this.point(event));
  }

  /** @param {Place} here */
  begin(here) {
    this.last = here;
    this.move(here);
  }

  /**
   * The place of a pointer in the image's pixels.
   * @param {PointerEvent} event
   * @returns {Place}
   */
  point({ clientX, clientY }) {
    const { box, size } = this;
    return [((clientX - box.left) / box.width) * size.width, ((clientY - box.top) / box.height) * size.height];
  }

  /** @param {Place} here */
  move(here) {
    const { size, tool, last } = this;
    this.last = here;
    if (tool === "hole") return this.actions.dragged([here[0] / size.width, here[1] / size.height]);
    stroke(this.strokes, size, last ?? here, here, tool === "pen" ? 1 : 0);
    this.actions.drawn();
  }

  lift() {
    if (!this.last) return;
    this.last = null;
    this.actions.lifted();
  }

  /**
   * A clean image, corrupted as chosen, and then by hand; not clipped.
   * @param {Float32Array} pixels
   * @param {Chosen & {hole: Place | null}} chosen
   */
  corrupt(pixels, { corruption, strength, draw, hole }) {
    const { size, strokes } = this;
    const made = CORRUPTIONS[corruption]({ pixels, size, strength, draws: drawsOf(draw), at: hole });
    return made.map((value, i) => (Number.isNaN(strokes[i]) ? value : strokes[i]));
  }

  /**
   * @param {ArrayLike<number>} pixels
   * @param {Ink} ink
   */
  show(pixels, ink) {
    inkPixels(contextOf(this.canvas), pixels, this.shape, ink);
  }

  /**
   * Outline the hole, which cannot be seen where there was no ink.
   * @param {Chosen & {hole: Place | null}} chosen
   */
  mark({ corruption, strength, draw, hole }) {
    this.outline.hidden = corruption !== "hole";
    if (this.outline.hidden) return;
    const { size, outline: { style } } = this;
    const share = (/** @type {number} */ pixels, /** @type {number} */ side) => `${(100 * pixels) / side}%`;
    const { left, top, n } = holeOf({ size, strength, draws: drawsOf(draw), at: hole });
    Object.assign(style, { left: share(left, size.width), top: share(top, size.height) });
    Object.assign(style, { width: share(n, size.width), height: share(n, size.height) });
  }
}
