/** Test images as they are reconstructed, and decoded draws of the prior, at one moment of a training. */

import { contextOf, make } from "../dom.js";

/** @typedef {import("../map/latent-map.js").LatentMap} LatentMap */

export class Strip {
  /** @param {LatentMap} map */
  constructor(map) {
    this.map = map;
    const what = "top: reconstructions of test images; bottom: samples from the prior";
    this.canvas = make("canvas", { className: "strip", role: "img", "aria-label": what });
    /** @type {HTMLCanvasElement | null} */
    this.shown = null;
    this.element = make("div", { hidden: true }, this.canvas, make("p", { className: "note" }, what));
  }

  redraw() {
    const { frame, ink } = this.map, picture = frame && ink && frame.picture("strip", ink);
    this.element.hidden = !picture; // older files have none
    if (!picture || picture === this.shown) return;
    this.shown = picture;
    Object.assign(this.canvas, { width: picture.width, height: picture.height });
    contextOf(this.canvas).drawImage(picture, 0, 0);
  }
}
