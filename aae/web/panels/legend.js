/** What the marks on the map mean, an entry for each layer that is shown. */

import { make } from "../dom.js";

/** @typedef {import("../map/latent-map.js").LatentMap} LatentMap */

export class Legend {
  /** @param {LatentMap} map */
  constructor(map) {
    this.map = map;
    this.element = make("ul", { className: "legend", "aria-label": "What the map shows" });
    this.shown = "";
  }

  show() {
    const signs = this.map.parts.flatMap((part) => part.legend?.() ?? []), key = JSON.stringify(signs);
    if (key === this.shown) return;
    this.shown = key;
    this.element.replaceChildren(...signs.map(({ sign, colour, text, ramp = "" }) => {
      const mark = make("span", { "aria-hidden": "true", className: ramp && "ramp" }, sign);
      Object.assign(mark.style, { color: colour, background: ramp });
      return make("li", {}, mark, ` ${text}`);
    }));
  }

  snapshot() {
    return { legend: [...this.element.children].map((item) => item.textContent?.trim()) };
  }
}
