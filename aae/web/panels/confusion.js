/** A confusion matrix of any number of classes: rows are labels, columns predicted classes; a press opens a cell. */

import { button, make, write } from "../dom.js";
import { shortNames } from "../math/colours.js";
import { mistakesIn, shades } from "../math/confusion.js";
import { percent } from "../math/words.js";

/** @typedef {import("../math/confusion.js").Cell} Cell */

export class Confusion {
  /** @param {(cell: Cell) => void} onpress */
  constructor(onpress) {
    this.onpress = onpress;
    this.words = make("p", { className: "note" });
    this.table = make("table");
    this.element = make("div", { hidden: true }, this.words, make("div", { className: "confusion" }, this.table));
    /** @type {{cell: Cell, element: HTMLButtonElement}[]} */
    this.cells = [];
  }

  /**
   * @param {number[][]} counts [K][K]
   * @param {string[]} names of the classes
   * @param {string} dataset
   */
  show(counts, names, dataset) {
    const dark = shades(counts), short = shortNames(names), wrong = mistakesIn(counts);
    const n = counts.flat().reduce((sum, count) => sum + count, 0);
    this.cells = [];
    const head = (/** @type {number} */ k, /** @type {string} */ scope) =>
      make("th", { scope, title: names[k] }, short[k]);
    const corner = make("td", { title: "rows: labels; columns: predicted classes" }, "↓ →");
    const first = make("tr", {}, corner, ...names.map((_, k) => head(k, "col")));
    const rows = counts.map((row, k) => make("tr", {}, head(k, "row"), ...row.map((count, j) =>
      this.cell([k, j], count, dark[k][j], names))));
    this.table.replaceChildren(make("thead", {}, first), make("tbody", {}, ...rows));
    this.element.hidden = false;
    const what = "Rows: labels; columns: the class with the largest q(y|x)";
    write(this.words, `${n.toLocaleString("en")} test images of ${dataset}. ${what}. ` +
      `Off the diagonal: ${wrong.toLocaleString("en")} images, ${percent(wrong / n, 2)}. ` +
      "Press a cell: its images below and on the map.");
  }

  /**
   * @param {Cell} cell
   * @param {number} count
   * @param {number} shade
   * @param {string[]} names
   */
  cell([label, guess], count, shade, names) {
    const element = make("td", { className: label === guess ? "right" : "" });
    if (!count) return element;
    const title = `labelled ${names[label]}, predicted ${names[guess]}: ${count} ${count === 1 ? "image" : "images"}`;
    const made = button(String(count), () => this.onpress([label, guess]), { title, "aria-label": title });
    made.style.setProperty("--shade", `${Math.round(100 * Math.sqrt(shade) * 0.45)}%`);
    element.append(made);
    this.cells.push({ cell: [label, guess], element: made });
    return element;
  }

  /** @param {Cell | null} open */
  mark(open) {
    for (const { cell: [label, guess], element } of this.cells) {
      element.setAttribute("aria-pressed", String(open !== null && open[0] === label && open[1] === guess));
    }
  }
}
