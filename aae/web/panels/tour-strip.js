/** What a step of a guided tour asks for, whether it is done, and where to go from it. */

import { button, make, write } from "../dom.js";

/** @typedef {import("../payload-tour.js").TourPayload} TourPayload */
/**
 * @typedef {object} Actions
 * @property {(address: string) => void} go
 * @property {() => void} show
 * @property {() => void} leave
 */

export class TourStrip {
  /** @param {Actions} actions */
  constructor(actions) {
    /** @type {TourPayload | null} */
    this.payload = null;
    this.number = make("b", { className: "number" });
    this.mark = make("span", { className: "mark", "aria-hidden": "true" });
    this.text = make("p", { role: "status" });
    const go = (/** @type {"back" | "next"} */ way) => { const to = this.payload?.[way]; if (to) actions.go(to); };
    this.back = button("‹ Back", () => go("back"));
    this.show = button("Show me", () => actions.show(), { title: "it is done for you" });
    this.next = button("Next ›", () => go("next"), { className: "next" });
    this.leave = button("Leave", () => actions.leave(), { title: "end the tour" });
    const ways = make("div", { className: "ways" }, this.back, this.show, this.next, this.leave);
    this.element = make("section", { className: "tour", "aria-label": "Try this" },
      this.number, this.mark, this.text, ways);
  }

  /** @param {TourPayload} payload */
  tell(payload) {
    const { number, of, ask, back, next } = payload;
    this.payload = payload;
    write(this.number, `${number} of ${of}`);
    write(this.mark, "○");
    write(this.text, ask);
    this.element.classList.remove("done");
    this.back.setAttribute("aria-disabled", String(!back));
    this.next.setAttribute("aria-disabled", String(!next));
  }

  done() {
    const isLast = !this.payload?.next;
    write(this.mark, "✓");
    write(this.text, `Done. ${this.payload?.answer}${isLast ? " This was the last step." : ""}`);
    this.element.classList.add("done");
  }

  /**
   * Over a map that fills the screen, a line of it alone.
   * @param {boolean} isFull
   */
  fill(isFull) {
    const { element } = this;
    if (isFull === element.classList.contains("line")) return;
    element.classList.toggle("line", isFull);
    element.popover = isFull ? "manual" : null; // above everything else
    if (isFull) element.showPopover();
  }
}
