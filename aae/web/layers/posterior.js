/** The ellipse of two standard deviations of a Gaussian posterior, of a test image or the visitor's, along the axes. */

import { RING } from "./marks.js";

/** @typedef {import("../map/latent-map.js").LatentMap} LatentMap */

export class Posterior {
  /** @param {LatentMap} map */
  constructor(map) {
    this.map = map;
  }

  /** The standard deviations of the image that is looked at, where the points lie as in this model. */
  get deviations() {
    const { image, model, frame, isElsewhere, ownShown, plane } = this.map;
    if (ownShown?.std && plane.origin.length === 2 && !isElsewhere) return ownShown.std;
    if (image === null || frame || isElsewhere || !model?.posteriorStd) return null;
    return model.posteriorStd.subarray(2 * image, 2 * image + 2);
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {number} size
   */
  paint(context, size) {
    const { deviations } = this, { looked, camera, canvas } = this.map, unit = size / (canvas.clientWidth || size);
    if (!deviations || !looked) return;
    const [u, v] = looked.place, [x, y] = camera.toPixel([u, v], size);
    const [s, t] = deviations, [right, top] = camera.toPixel([u + 2 * s, v + 2 * t], size);
    for (const [colour, width] of /** @type {[string, number][]} */ ([["white", 4], [RING, 2]])) {
      context.strokeStyle = colour;
      context.lineWidth = width * unit;
      context.beginPath();
      context.ellipse(x, y, Math.abs(right - x), Math.abs(y - top), 0, 0, 2 * Math.PI);
      context.stroke();
    }
  }

  legend() {
    const text = "posterior of the image: two standard deviations";
    return this.deviations ? [{ sign: "⬭", colour: RING, text }] : [];
  }

  snapshot() {
    return { posterior: this.deviations ? [...this.deviations] : null };
  }
}
