/** Images side by side, as many in a line as the style sheet says. */

import { contextOf, inkPixels, make } from "../dom.js";

/** @typedef {import("../dom.js").Ink} Ink */

export class Grid {
  /** @param {string} what they are */
  constructor(what) {
    this.element = make("div", { className: "grid", role: "img", "aria-label": what });
    /** @type {HTMLCanvasElement[]} */
    this.cells = [];
  }

  /**
   * @param {ArrayLike<number>[]} images pixels in [0, 1]
   * @param {number[]} shape of each
   * @param {Ink} ink
   */
  show(images, shape, ink) {
    const [height, width] = shape.slice(-2);
    if (this.cells.length !== images.length) {
      this.cells = images.map(() => make("canvas", { width, height }));
      this.element.replaceChildren(...this.cells);
    }
    images.forEach((pixels, i) => inkPixels(contextOf(this.cells[i]), pixels, shape, ink));
  }
}
