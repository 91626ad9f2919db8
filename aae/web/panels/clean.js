/** The clean image, and how much others are like it. */

import { contextOf, inkPixels, make } from "../dom.js";
import { psnr, Ssim } from "../math/quality.js";

/** @typedef {import("../dom.js").Ink} Ink */
/** @typedef {import("./restored.js").Figures} Figures */

export class CleanImage {
  /** @param {number[]} shape ..., height, width */
  constructor(shape) {
    const [height, width] = (this.shape = shape.slice(-2)), label = { role: "img", "aria-label": "The clean image" };
    this.element = make("canvas", { width, height, className: "clean", ...label });
    this.element.style.aspectRatio = `${width} / ${height}`;
    /** @type {Float32Array | null} */
    this.pixels = null;
    this.ssim = new Ssim(new Float32Array(height * width), shape);
    this.drawn = ""; // the ink in which the image was drawn
  }

  /** @param {Float32Array} pixels */
  take(pixels) {
    this.pixels = pixels;
    this.ssim = new Ssim(pixels, this.shape);
    this.drawn = "";
  }

  /**
   * @param {ArrayLike<number>} image pixels in [0, 1]
   * @returns {Figures}
   */
  measure(image) {
    return { psnr: psnr(image, this.ssim.reference), ssim: this.ssim.of(image) };
  }

  /** @param {Ink} ink */
  show(ink) {
    if (!this.pixels || this.drawn === String(ink)) return;
    this.drawn = String(ink);
    inkPixels(contextOf(this.element), this.pixels, this.shape, ink);
  }
}
