/** A canvas on which a prior is painted; the density is the opacity of its cells. */

import { contextOf, make, offscreen } from "../dom.js";
import { fromDigits, toDigits } from "../math/drawing.js";
import { KeyPen } from "./key-pen.js";
import { SHAPES_SIDE } from "./shapes.js";

/** @typedef {import("../math/geometry.js").Place} Place */

export class Paper {
  /**
   * @param {number} side cells along a side
   * @param {() => void} onpainted called when the brush is lifted
   */
  constructor(side, onpainted) {
    this.side = side;
    this.onpainted = onpainted;
    const label = "The prior's density: paint it";
    this.canvas = make("canvas", { width: side, height: side, className: "paper", "aria-label": label });
    this.canvas.ontransitionend = () => this.show();
    const at = (/** @type {Place} */ [x, y]) => /** @type {Place} */ ([x * side, y * side]);
    this.element = new KeyPen(this.canvas, {
      press: (share) => this.begin(at(share)), move: (share) => this.stroke(at(share)), lift: () => this.lift(),
    }).element;
    this.cells = make("canvas", { width: side, height: side });
    this.ink = contextOf(this.cells, { willReadFrequently: true });
    Object.assign(this.ink, { lineCap: "round", lineJoin: "round" });
    this.width = 6;
    this.erasing = false;
    this.box = this.canvas.getBoundingClientRect();
    /** @type {Place | null} */
    this.last = null;
    this.canvas.onpointerdown = (event) => this.press(event);
    this.canvas.onpointermove = (event) => this.last && this.stroke(this.point(event));
    this.canvas.onpointerup = this.canvas.onpointercancel = () => this.lift();
  }

  /**
   * @param {PointerEvent} event
   * @returns {Place}
   */
  point(event) {
    const { box } = this;
    return [((event.clientX - box.left) / box.width) * this.side, ((event.clientY - box.top) / box.height) * this.side];
  }

  /** @param {PointerEvent} event */
  press(event) {
    event.preventDefault();
    this.canvas.setPointerCapture(event.pointerId);
    this.box = this.canvas.getBoundingClientRect(); // words that come and go may move it while one paints
    this.begin(this.point(event));
  }

  /** @param {Place} here */
  begin(here) {
    this.last = here;
    this.stroke(here);
  }

  /** @param {Place} here */
  stroke(here) {
    const { ink } = this;
    ink.globalCompositeOperation = this.erasing ? "destination-out" : "source-over";
    ink.lineWidth = this.width;
    ink.beginPath();
    ink.moveTo(...(this.last ?? here));
    ink.lineTo(...here);
    ink.stroke();
    this.last = here;
    this.show();
  }

  lift() {
    if (!this.last) return;
    this.last = null;
    this.onpainted();
  }

  /**
   * Instead of what there is, draw something on a canvas of SHAPES_SIDE; nothing: an empty canvas.
   * @param {(context: CanvasRenderingContext2D) => void} draw
   */
  redraw(draw = () => {}) {
    const { ink } = this;
    ink.globalCompositeOperation = "source-over";
    ink.clearRect(0, 0, this.side, this.side);
    ink.save();
    ink.scale(this.side / SHAPES_SIDE, this.side / SHAPES_SIDE);
    draw(ink);
    ink.restore();
    this.show();
    this.onpainted();
  }

  /** A hexadecimal digit a cell. */
  get digits() {
    const { data } = this.ink.getImageData(0, 0, this.side, this.side);
    return toDigits(data.filter((_, i) => i % 4 === 3));
  }

  set digits(digits) {
    const picture = this.ink.createImageData(this.side, this.side);
    fromDigits(digits, this.side ** 2).forEach((value, i) => (picture.data[4 * i + 3] = value));
    this.ink.putImageData(picture, 0, 0);
    this.show();
  }

  /** What is painted, in the page's colour. */
  inked() {
    const { canvas, context } = offscreen(this.side);
    context.drawImage(this.cells, 0, 0);
    context.globalCompositeOperation = "source-in";
    context.fillStyle = getComputedStyle(this.canvas).color;
    context.fillRect(0, 0, this.side, this.side);
    return canvas;
  }

  show() {
    const context = contextOf(this.canvas);
    context.clearRect(0, 0, this.side, this.side);
    context.drawImage(this.inked(), 0, 0);
  }
}
