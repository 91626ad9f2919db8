/** Test images as they are reconstructed, and decoded draws of the prior, at one moment of a training. */

import { contextOf, make } from "../dom.js";
import { drawTiles } from "../layers/tiles.js";

/** @typedef {import("../map/latent-map.js").LatentMap} LatentMap */

const SHARP = 40; // pixels of the canvas for an image, at least

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
    const { shape } = this.map.payload, scale = Math.ceil(SHARP / shape[shape.length - 1]);
    const width = scale * picture.width, height = scale * picture.height, context = contextOf(this.canvas);
    Object.assign(this.canvas, { width, height });
    context.imageSmoothingEnabled = false;
    drawTiles(context, picture, shape, { left: 0, top: 0, width, height }, 1);
  }
}
