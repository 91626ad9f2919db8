/** The images nearest to a threshold of a score, on both sides, and those with the highest scores. */

import { pictureAt } from "../data/anomalies.js";
import { make } from "../dom.js";
import { shortNumber } from "../math/scales.js";
import { NORMAL, ODD } from "./histogram.js";
import { Pictures } from "./pictures.js";

/** @typedef {import("../data/anomalies.js").Scored} Scored */
/** @typedef {import("../payload-uses.js").AnomaliesPayload} AnomaliesPayload */

const SHOWN = 12; // images of each kind

export class Examples {
  constructor() {
    this.rows = [
      "Nearest at or above the threshold, counted as odd:",
      "Nearest below it, counted as normal:",
      "The highest scores:",
    ].map((title) => new Pictures(make("p", { className: "note" }, title)));
    this.element = make("div", { className: "examples" }, ...this.rows.map(({ element }) => element));
    /** @type {{normal: Uint8Array | null, odd: Uint8Array | null}} */
    this.pictures = { normal: null, odd: null };
  }

  /**
   * @param {Scored[]} all by their scores
   * @param {number} threshold
   * @param {AnomaliesPayload} payload
   */
  show(all, threshold, payload) {
    const at = all.findIndex(({ score }) => score >= threshold), n = at < 0 ? all.length : at;
    const near = all.slice(Math.max(0, n - SHOWN), n).reverse();
    const parts = [all.slice(n, n + SHOWN), near, all.slice(-SHOWN).reverse()];
    parts.forEach((part, k) => this.rows[k].show(part.flatMap((each) => this.picture(each, payload)), payload.shape));
  }

  /**
   * The picture of an image, where there is one.
   * @param {Scored} scored
   * @param {AnomaliesPayload} payload
   */
  picture({ score, isOdd, row }, { shape, normal, odd }) {
    const file = isOdd ? this.pictures.odd : this.pictures.normal;
    if (!file) return [];
    const pixels = pictureAt(file, row, shape.reduce((product, n) => product * n, 1));
    const figure = shortNumber(score), about = `one of the ${isOdd ? odd : normal}, score ${figure}`;
    return [{ pixels, colour: isOdd ? ODD : NORMAL, figure, about }];
  }
}
