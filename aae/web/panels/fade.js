/** The crossfade from decoded images to test codes. */

import { make } from "../dom.js";

/** @typedef {import("../map/group.js").Group} Group */

export class Fade {
  /** @param {Group} group */
  constructor(group) {
    this.group = group;
    this.input = make("input", {
      type: "range", min: 0, max: 1, step: "any", "aria-label": "Fade from decoded images to test codes",
      oninput: () => group.change({ fade: Number(this.input.value) }),
    });
    this.element = make("label", { className: "fade" }, "decoded images ", this.input, " test codes");
    this.changed();
  }

  changed() {
    const fade = String(this.group.state.fade);
    if (this.input.value !== fade) this.input.value = fade;
  }

  snapshot() {
    const { fade, layers, stretch, view, only, marked, moment } = this.group.state;
    return { fade, layers, stretch, only, moment, marked: marked && [...marked.images], zoom: view };
  }
}
