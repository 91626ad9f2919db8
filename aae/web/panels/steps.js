/** Buttons to go through scenes: back, one for each, next. They stay, so that the one that has the focus keeps it. */

import { button, make } from "../dom.js";

export class Steps {
  /**
   * @param {string[]} titles of the scenes
   * @param {(index: number) => void} show
   */
  constructor(titles, show) {
    this.index = 0;
    const step = (/** @type {number} */ by) => { if (titles[this.index + by] !== undefined) show(this.index + by); };
    this.back = button("‹ Back", () => step(-1), { title: "Left arrow, Page Up" });
    this.next = button("Next ›", () => step(1), { title: "Right arrow, Page Down", className: "next" });
    this.dots = titles.map((title, i) =>
      button("", () => show(i), { className: "dot", title, "aria-label": `Scene ${i + 1}: ${title}` }));
    const dots = make("div", { className: "dots" }, ...this.dots);
    this.element = make("nav", { "aria-label": "Scenes" }, this.back, dots, this.next);
  }

  /** @param {number} index of the scene that is shown */
  mark(index) {
    this.index = index;
    this.back.setAttribute("aria-disabled", String(index === 0));
    this.next.setAttribute("aria-disabled", String(index === this.dots.length - 1));
    this.dots.forEach((dot, i) => dot.setAttribute("aria-current", i === index ? "step" : "false"));
  }
}
