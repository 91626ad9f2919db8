/** The prior's density in bands, from a histogram of its draws: every prior, and every plane, alike. */

import { offscreen } from "../dom.js";
import { blur, contour, histogram, massLevel } from "../math/density.js";

/** @typedef {import("../map/latent-map.js").LatentMap} LatentMap */

const CELLS = 72;
const DARKEST = 70; // of 255
const OUTLINED = 0.9; // of the prior's mass lies inside its outline

export class Prior {
  /**
   * @param {LatentMap} map
   * @param {boolean} outlined whether a line is drawn around most of its mass
   */
  constructor(map, outlined = false) {
    this.map = map;
    this.outlined = outlined;
    /** @type {HTMLCanvasElement | null} */
    this.bands = null;
    /** @type {[number, number][][]} */
    this.outline = [];
  }

  get isShown() {
    return this.map.payload.has_prior && this.map.state.layers.includes("prior") && !this.map.isElsewhere;
  }

  redraw() {
    const { model, camera, ink } = this.map;
    if (!model || !ink || !this.map.payload.has_prior) return;
    const places = model.priorPlaces, at = (/** @type {number} */ i) =>
      camera.toPixel([places[2 * i], places[2 * i + 1]], CELLS);
    const smooth = blur(blur(histogram(places.length / 2, at, CELLS), CELLS), CELLS);
    this.bands = this.draw(smooth, ink);
    if (!this.outlined) return;
    const smoother = blur(blur(smooth, CELLS), CELLS);
    this.outline = contour(smoother, CELLS, massLevel(smoother, OUTLINED));
  }

  /**
   * @param {Float32Array} density
   * @param {import("../dom.js").Ink} ink
   */
  draw(density, ink) {
    const { canvas, context } = offscreen(CELLS), image = context.createImageData(CELLS, CELLS);
    const top = density.reduce((a, b) => Math.max(a, b), 0) || 1;
    density.forEach((value, i) => {
      const band = Math.max(0, Math.ceil(4 * Math.sqrt(value / top) - 0.25) / 4);
      image.data.set([...ink, DARKEST * band], 4 * i);
    });
    context.putImageData(image, 0, 0);
    return canvas;
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {number} size
   */
  paint(context, size) {
    if (!this.isShown || !this.bands || !this.map.ink) return;
    context.drawImage(this.bands, 0, 0, size, size);
    if (!this.outline.length) return;
    const scale = size / CELLS;
    context.beginPath();
    for (const [[x0, y0], [x1, y1]] of this.outline) {
      context.moveTo(x0 * scale, y0 * scale);
      context.lineTo(x1 * scale, y1 * scale);
    }
    context.strokeStyle = `rgb(${this.map.ink.join()})`;
    context.lineWidth = size / 400;
    context.lineCap = "round";
    context.stroke();
  }

  legend() {
    if (!this.isShown) return [];
    const line = this.outlined ? "; the line holds 90 % of it" : "";
    return [{ sign: "▒", colour: "", text: `density of the ${this.map.payload.prior} prior${line}` }];
  }
}
