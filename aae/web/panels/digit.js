/** The decoded image, large. */

import { contextOf, inkPixels, make } from "../dom.js";

/** @typedef {import("../map/latent-map.js").LatentMap} LatentMap */
/** @typedef {import("../map/look.js").Look} Look */

export class Digit {
  /** @param {LatentMap} map */
  constructor(map) {
    this.map = map;
    this.element = make("canvas", { className: "digit", role: "img", "aria-label": "The decoded image at the cursor" });
  }

  load() {
    [this.element.height, this.element.width] = this.map.payload.shape.slice(-2);
  }

  /** @param {Look} look */
  show({ pixels }) {
    this.element.hidden = !pixels;
    if (pixels && this.map.ink) inkPixels(contextOf(this.element), pixels, this.map.payload.shape, this.map.ink);
  }
}
