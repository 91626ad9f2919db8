/** q(y|x) of an image, a bar for each class. */

import { contextOf, inkPixels, make, write } from "../dom.js";
import { largest } from "../math/certainty.js";
import { classColour } from "../math/colours.js";

/** @typedef {import("../dom.js").Ink} Ink */

const DIGITS = 3;

export class ClassBars {
  constructor() {
    this.canvas = make("canvas", { className: "prepared", role: "img", "aria-label": "x, what the encoder is given" });
    this.words = make("p", { className: "note", role: "status" });
    this.list = make("div", { className: "bars" });
    this.element = make("div", { className: "posterior" }, this.canvas, make("div", {}, this.words, this.list));
    /** @type {{bar: HTMLElement, value: HTMLElement, row: HTMLElement}[]} */
    this.rows = [];
    this.key = "";
  }

  /**
   * @param {string[]} names
   * @param {string[]} colours
   * @param {number[]} shape of an image
   */
  load(names, colours, shape) {
    const key = JSON.stringify([names, shape]);
    if (key === this.key) return;
    this.key = key;
    [this.canvas.height, this.canvas.width] = shape.slice(-2);
    this.rows = names.map((name, k) => {
      const bar = make("i"), value = make("output");
      bar.style.background = classColour(colours, k);
      const row = make("div", { title: name }, make("b", {}, name), make("span", {}, bar), value);
      return { bar, value, row };
    });
    this.list.replaceChildren(...this.rows.map(({ row }) => row));
  }

  /**
   * @param {ArrayLike<number>} q [K]
   * @param {ArrayLike<number>} pixels of the image
   * @param {string} what it is
   * @param {number[]} shape
   * @param {Ink} ink
   */
  show(q, pixels, what, shape, ink) {
    inkPixels(contextOf(this.canvas), pixels, shape, ink);
    write(this.words, `q(y|x) of ${what}`);
    const most = largest(q);
    this.rows.forEach(({ bar, value, row }, k) => {
      const text = q[k].toFixed(DIGITS);
      row.classList.toggle("most", k === most);
      if (value.textContent === text) return; // most of them stay as they are
      value.textContent = text;
      bar.style.transform = `scaleX(${text})`;
    });
  }
}
