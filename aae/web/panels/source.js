/** Where an input image comes from: a test image, or the visitor's own. */

import { button, enable, make, write } from "../dom.js";
import { prepare } from "../data/prepare.js";
import { anyOf, following } from "../math/choice.js";
import { Board } from "./board.js";

/** @typedef {import("../data/testset.js").TestSet} TestSet */

/**
 * The image that was chosen.
 * @typedef {object} Chosen
 * @property {number | null} label its class; null: of an own image, which has none
 * @property {number | null} index of the test image; null: an own image
 * @property {boolean} done false: while the pen is down
 */
/** @typedef {{noun: string, class_names: string[], shape: number[], centred: boolean}} Images what they are */

export class Source {
  /**
   * @param {Images} about
   * @param {(pixels: Float32Array, chosen: Chosen) => void} onchange pixels in [0, 1]
   */
  constructor(about, onchange) {
    this.about = about;
    this.onchange = onchange;
    /** @type {TestSet | null} */
    this.tests = null;
    this.index = 0;
    /** @type {number | null} the class that is chosen from */
    this.only = null;
    this.board = new Board(about.noun, (board, done) => this.draw(board, done));
    this.words = make("p", { className: "note which" });
    this.steps = [
      button("◀ previous", () => this.step(-1)), button("random", () => this.random()),
      button("next ▶", () => this.step(1)),
    ];
    this.classes = ["any", ...about.class_names].map((name, k) => this.classButton(name, k ? k - 1 : null));
    const own = make("details", { className: "own" }, make("summary", {}, "Your own image"), this.board.element);
    const named = { className: "classes", role: "group", "aria-label": "Class of the test image" };
    const steps = make("div", { className: "buttons" }, ...this.steps);
    this.element = make("div", { className: "source" }, steps, this.words, make("div", named, ...this.classes), own);
    this.mark();
  }

  /**
   * @param {string} name
   * @param {number | null} label
   */
  classButton(name, label) {
    const title = label === null ? "test images of every class" : `test images of class ${name} alone`;
    return button(name, () => this.choose(label), { title });
  }

  /**
   * Take the test images, and show one.
   * @param {TestSet} tests
   * @param {number | null} index null: what is shown stays, an own image
   */
  take(tests, index = 0) {
    this.tests = tests;
    this.mark();
    if (index !== null) this.show(index);
  }

  /** @param {number} index */
  show(index) {
    const { tests } = this;
    if (!tests || !(index >= 0 && index < tests.labels.length)) return;
    this.index = index;
    const label = tests.labels[index], name = this.about.class_names[label] ?? label;
    const given = tests.decoded ? `, decoded from its ${tests.decoded}` : "";
    write(this.words, `Test image ${index}, labelled ${name}${given}`);
    this.onchange(tests.pixels(index), { label, index, done: true });
  }

  /** @param {1 | -1} by */
  step(by) {
    if (this.tests) this.show(following(this.tests.labels, this.index, by, this.only));
  }

  random() {
    if (this.tests) this.show(anyOf(this.tests.labels, this.only, Math.random()));
  }

  /** @param {number | null} label */
  choose(label) {
    this.only = label;
    this.mark();
    if (this.tests && label !== null && this.tests.labels[this.index] !== label) this.step(1);
    else this.show(this.index);
  }

  /** Show which class is chosen, and which have images. */
  mark() {
    const { tests, only } = this;
    for (const each of this.steps) enable(each, tests !== null);
    this.classes.forEach((each, k) => {
      enable(each, tests !== null && (k === 0 || tests.labels.includes(k - 1)));
      each.setAttribute("aria-pressed", String(only === (k ? k - 1 : null)));
    });
  }

  /**
   * @param {HTMLCanvasElement | null} board
   * @param {boolean} done
   */
  draw(board, done) {
    const pixels = board && prepare(board, this.about.shape, this.about.centred);
    if (!pixels) return this.show(this.index);
    write(this.words, "Your own image");
    this.onchange(pixels, { label: null, index: null, done });
  }

  close() {
    this.board.close();
  }
}
