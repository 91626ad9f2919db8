/** Test images above images whose pixels are drawn at random. */

import { button, inkOf, make } from "../dom.js";
import { Grid } from "./grid.js";

/** @typedef {import("../data/testset.js").TestSet} TestSet */

const ROWS = 3, COLUMNS = 10;

export class RandomPixels {
  /**
   * @param {number[]} shape of an image
   * @param {string} noun what is on the test images
   */
  constructor(shape, noun) {
    this.shape = shape;
    this.test = new Grid(`Test images, one of each ${noun}`);
    this.random = new Grid("Images of random pixels");
    this.note = make("p", { className: "note" }, "\u00a0");
    const again = button("Draw again", () => this.draw(), { title: "new random numbers" });
    this.element = make("div", { className: "pixels", ontransitionend: () => this.redraw() }, this.test.element,
      this.note, this.random.element, again);
    /** @type {ArrayLike<number>[]} */
    this.examples = [];
    /** @type {ArrayLike<number>[]} */
    this.images = [];
    this.draw();
  }

  /** Draw each pixel of each image evenly from 0 to 1. */
  draw() {
    const size = this.shape.reduce((product, n) => product * n, 1);
    this.images = Array.from({ length: ROWS * COLUMNS }, () => Float32Array.from({ length: size }, Math.random));
    this.redraw();
  }

  /**
   * Show the first test image of each class.
   * @param {TestSet} tests
   * @param {string} title of the model that decodes them, where they are not here
   */
  take({ labels, pixels, decoded }, title) {
    const first = Array.from({ length: COLUMNS }, (_, k) => labels.indexOf(k)).filter((i) => i >= 0);
    this.examples = first.map(pixels);
    const what = decoded ? `test images, reconstructed by ${title}` : "test images";
    this.note.textContent = `Above: ${what}. Below: 784 random numbers each.`;
    this.redraw();
  }

  redraw() {
    const ink = inkOf(this.element);
    this.test.show(this.examples, this.shape, ink);
    this.random.show(this.images, this.shape, ink);
  }
}
