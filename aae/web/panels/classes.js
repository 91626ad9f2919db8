/** The key of the classes: a button for each isolates it. */

import { button, make } from "../dom.js";
import { classColour, shortNames } from "../math/colours.js";
import { isolate } from "../map/actions.js";

/** @typedef {import("../map/latent-map.js").LatentMap} LatentMap */

export class Classes {
  /** @param {() => LatentMap | undefined} map that has them */
  constructor(map) {
    this.map = map;
    this.element = make("div", { className: "classes", role: "group", "aria-label": "Classes: press to isolate" });
    this.key = "";
    /** @type {HTMLButtonElement[]} */
    this.buttons = [];
  }

  load() {
    const { class_names: names = [], colours = [] } = this.map()?.payload ?? {};
    const key = JSON.stringify([names, colours]);
    if (key === this.key) return;
    this.key = key;
    const short = shortNames(names);
    this.buttons = names.map((name, k) => {
      const made = button(name, () => this.choose(k), { title: `${k < 10 ? `${k}: ` : ""}show ${name} alone` });
      const sign = make("span", { "aria-hidden": "true" }, short[k] === name ? "●" : `${short[k]} ●`);
      sign.style.color = classColour(colours, k);
      made.prepend(sign, " ");
      return made;
    });
    this.element.replaceChildren(...this.buttons);
    this.changed();
  }

  /** @param {number} label */
  choose(label) {
    const map = this.map();
    if (map) isolate(map, label);
  }

  changed() {
    const only = this.map()?.state.only;
    this.buttons.forEach((each, k) => each.setAttribute("aria-pressed", String(only === k)));
  }
}
