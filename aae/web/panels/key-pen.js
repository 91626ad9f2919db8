/** A pen that keys move: arrows (with Shift: farther), Space puts it down and lifts it, Esc lifts it. */

import { make } from "../dom.js";

/** @typedef {import("../math/geometry.js").Place} Place */
/** @typedef {{press: (at: Place) => void, move: (at: Place) => void, lift: () => void}} Strokes of a canvas' shares */

const STEP = 1 / 40, FAR = 1 / 8; // of the canvas, for a press of an arrow
const HELP = "Arrow keys move the pen, Space lowers and lifts it.";
/** @type {Record<string, Place>} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export class KeyPen {
  /**
   * @param {HTMLCanvasElement} canvas
   * @param {Strokes} strokes
   */
  constructor(canvas, strokes) {
    this.strokes = strokes;
    /** @type {Place} */
    this.place = [0.5, 0.5];
    this.isDown = false;
    this.mark = make("span", { className: "pen", "aria-hidden": "true" });
    const help = make("small", { className: "pen-help", "aria-hidden": "true" }, "arrows, Space");
    this.element = make("div", { className: "sheet" }, canvas, this.mark, help);
    canvas.tabIndex = 0;
    canvas.setAttribute("role", "application");
    canvas.setAttribute("aria-label", `${canvas.getAttribute("aria-label")}. ${HELP}`);
    canvas.addEventListener("keydown", (event) => this.key(event));
    canvas.addEventListener("blur", () => this.lift());
    this.show();
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const towards = ARROWS[event.key];
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (towards) this.move(towards, event.shiftKey ? FAR : STEP);
    else if (event.key === " ") this.toggle();
    else if (event.key === "Escape") this.lift();
    else return;
    event.preventDefault();
  }

  /**
   * @param {Place} towards
   * @param {number} by
   */
  move([x, y], by) {
    const [left, top] = this.place, inside = (/** @type {number} */ share) => Math.min(1, Math.max(0, share));
    this.place = [inside(left + by * x), inside(top + by * y)];
    if (this.isDown) this.strokes.move(this.place);
    this.show();
  }

  toggle() {
    if (this.isDown) return this.lift();
    this.isDown = true;
    this.strokes.press(this.place);
    this.show();
  }

  lift() {
    if (this.isDown) this.strokes.lift();
    this.isDown = false;
    this.show();
  }

  show() {
    const [left, top] = this.place.map((share) => `${100 * share}%`);
    Object.assign(this.mark.style, { left, top });
    this.mark.classList.toggle("down", this.isDown);
  }
}
