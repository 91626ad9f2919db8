/** The image of every class at one style; one of them is enlarged. */

import { button, contextOf, inkPixels, make } from "../dom.js";

/** @typedef {import("../link/link.js").LinkState} LinkState */
/** @typedef {import("../map/latent-map.js").LatentMap} LatentMap */
/** @typedef {import("../map/look.js").Look} Look */

const BUDGET = 12; // ms of a frame: classes that find no time follow in the next one

export class AllClasses {
  /** @param {LatentMap} map */
  constructor(map) {
    this.map = map;
    this.element = make("div", { className: "ten", role: "group", "aria-label": "Every class in this style" });
    /** @type {{canvas: HTMLCanvasElement, element: HTMLButtonElement}[]} */
    this.cells = [];
    this.chosen = this.usual = 0;
    /** @type {number[] | null} the share of each class, where they are mixed */
    this.mixture = null;
    this.waiting = 0; // classes that are not drawn yet
    this.next = 0;
    this.key = ""; // of the code that is shown
  }

  load() {
    const { class_names: names, shape } = this.map.payload, [height, width] = shape.slice(-2);
    if (this.cells.length === names.length) return;
    this.chosen = this.usual = this.map.payload.label ?? 0;
    this.cells = names.map((name, k) => {
      const canvas = make("canvas", { width, height }), title = `${k < 10 ? `${k}: ` : ""}enlarge ${name}`;
      const element = button("", () => this.choose(k), { title, "aria-label": title });
      element.append(canvas, name);
      return { canvas, element };
    });
    this.element.replaceChildren(...this.cells.map(({ element }) => element));
  }

  /**
   * Enlarge a class.
   * @param {number} k
   */
  choose(k) {
    if (k >= this.cells.length) return;
    this.chosen = k;
    this.mixture = null;
    this.condition();
  }

  /**
   * Enlarge a mixture of classes.
   * @param {number[]} shares
   */
  mix(shares) {
    this.mixture = shares;
    this.condition();
  }

  /** Condition the map's decoder on what is enlarged. */
  condition() {
    const decoder = this.map.model?.decoder;
    if (this.mixture) decoder?.mix(this.mixture);
    else decoder?.condition(this.chosen);
    this.cells.forEach(({ element }, k) => element.setAttribute("aria-pressed", String(this.isEnlarged(k))));
    for (const part of this.map.parts) part.conditioned?.();
    for (const part of this.map.parts) part.later?.();
    this.map.redraw();
  }

  /** @param {number} k */
  isEnlarged(k) {
    return !this.mixture && k === this.chosen;
  }

  /** @param {Look} look */
  show({ code }) {
    const key = code.join();
    if (key !== this.key) this.waiting = this.cells.length;
    this.key = key;
    const until = performance.now() + BUDGET;
    while (this.waiting > 0 && performance.now() < until) this.draw(code);
    if (this.waiting > 0) this.map.show();
  }

  redraw() {
    this.key = "";
  }

  /**
   * Draw the next class.
   * @param {Float32Array} code
   */
  draw(code) {
    const k = this.next % this.cells.length, { model, payload, ink } = this.map;
    const pixels = model?.decoder?.decode(code, k);
    if (pixels && ink) inkPixels(contextOf(this.cells[k].canvas), pixels, payload.shape, ink);
    this.next = k + 1;
    this.waiting--;
  }

  /** What is enlarged. */
  get says() {
    const { noun, class_names: names } = this.map.payload;
    const what = this.mixture ? "the mixture of classes" : `${noun} ${names[this.chosen]}`;
    return `${this.map.ownShown ? "The style of your drawing. " : ""}Enlarged, and on the map: ${what}.`;
  }

  /** @param {LinkState} link */
  restore({ digit }) {
    if (digit !== null) this.chosen = digit;
  }

  link() {
    return { digit: this.chosen === this.usual ? null : this.chosen };
  }

  snapshot() {
    return { chosen: this.chosen, mixture: this.mixture, drawn: this.waiting === 0 };
  }
}
