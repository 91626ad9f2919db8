/** A loss as a sum of terms, with their values. */

import { make, write } from "../dom.js";
import { total } from "../math/objective.js";

/** @typedef {import("../math/objective.js").Term} Term */

export class Equation {
  constructor() {
    this.element = make("div", { className: "equation", role: "group", "aria-label": "The loss of this image" });
    this.shown = "";
    /** @type {HTMLElement[]} */
    this.outputs = [];
    /** @type {HTMLElement[]} */
    this.abouts = [];
  }

  /**
   * @param {Term[]} terms
   * @param {boolean} isCode whether z is the code of the image
   */
  show(terms, isCode) {
    const names = JSON.stringify([terms.map(({ name }) => name), isCode]);
    if (names !== this.shown) this.compose(terms, isCode);
    this.shown = names;
    const values = [total(terms), ...terms.map(({ value }) => value)];
    values.forEach((value, i) => write(this.outputs[i], value.toFixed(2)));
    terms.forEach(({ about }, i) => write(this.abouts[i], about));
  }

  /**
   * @param {Term[]} terms
   * @param {boolean} isCode
   */
  compose(terms, isCode) {
    this.outputs = [make("output"), ...terms.map(() => make("output"))];
    this.abouts = terms.map(() => make("small"));
    const what = isCode ? "loss of this image" : "error of this place as its code";
    const parts = terms.map(({ name, weight }, i) => {
      const value = make("b", {}, weight === 1 ? "" : `${weight} × `, this.outputs[i + 1]);
      return make("div", {}, value, make("span", {}, name), this.abouts[i]);
    });
    const signs = parts.flatMap((part, i) => [make("b", { className: "sign" }, i ? "+" : "="), part]);
    this.element.replaceChildren(make("div", {}, make("b", {}, this.outputs[0]), make("span", {}, what)), ...signs);
  }
}
