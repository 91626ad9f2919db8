/** How alike two images are: PSNR and SSIM, as aae/analysis/quality.py has them. */

import { meanSquare } from "./reconstruction.js";

const WINDOW = 11, DEVIATION = 1.5; // pixels: of SSIM's Gaussian window
const STABLE = [0.01 ** 2, 0.03 ** 2]; // for pixels in [0, 1]

/**
 * Peak signal-to-noise ratio in decibels of pixels in [0, 1]; infinite where they are equal.
 * @param {ArrayLike<number>} image
 * @param {ArrayLike<number>} reference
 */
export function psnr(image, reference) {
  return -10 * Math.log10(meanSquare(image, reference));
}

/** Structural similarity to a reference, of which all that the images do not change is computed once. */
export class Ssim {
  /**
   * @param {ArrayLike<number>} reference pixels in [0, 1]
   * @param {number[]} shape ..., height, width
   */
  constructor(reference, shape) {
    const [height, width] = (this.size = shape.slice(-2));
    this.weights = weightsOf(Math.min(WINDOW >> 1, height - 1, width - 1));
    this.between = new Float64Array(height * width); // what one pass leaves to the other
    this.reference = Float64Array.from(reference);
    this.mean = this.local(this.reference);
    this.variance = this.local(this.reference.map((y) => y * y)).map((square, i) => square - this.mean[i] ** 2);
  }

  /**
   * The mean over pixels.
   * @param {ArrayLike<number>} image
   */
  of(image) {
    const { reference, mean, variance } = this, x = Float64Array.from(image);
    const means = this.local(x), squares = this.local(x.map((value) => value * value));
    const products = this.local(x.map((value, i) => value * reference[i])), [c1, c2] = STABLE;
    let sum = 0;
    for (let i = 0; i < x.length; i++) {
      const both = means[i] * mean[i], energy = means[i] ** 2 + mean[i] ** 2;
      const covariance = products[i] - both, spread = squares[i] - means[i] ** 2 + variance[i];
      sum += ((2 * both + c1) * (2 * covariance + c2)) / ((energy + c1) * (spread + c2));
    }
    return sum / x.length;
  }

  /**
   * The mean under the window around each pixel; beyond the border the image is reflected.
   * @param {Float64Array} pixels
   */
  local(pixels) {
    const { size: [height, width], weights, between } = this, out = new Float64Array(pixels.length);
    blur(pixels, between, weights, { lines: height, stride: width, n: width, step: 1 });
    blur(between, out, weights, { lines: width, stride: 1, n: height, step: width });
    return out;
  }
}

/**
 * Gaussian weights from the window's middle outwards; with both sides they sum to 1.
 * @param {number} reach
 */
function weightsOf(reach) {
  const half = Array.from({ length: reach + 1 }, (_, k) => Math.exp(-(k ** 2) / (2 * DEVIATION ** 2)));
  const sum = 2 * half.reduce((total, weight) => total + weight, 0) - half[0];
  return half.map((weight) => weight / sum);
}

/**
 * Blur the lines of an image along one axis.
 * @param {Float64Array} from
 * @param {Float64Array} to
 * @param {number[]} weights
 * @param {{lines: number, stride: number, n: number, step: number}} axis n values a line, "step" apart
 */
function blur(from, to, weights, { lines, stride, n, step }) {
  for (let line = 0; line < lines; line++) {
    const start = line * stride;
    for (let i = 0; i < n; i++) {
      let sum = weights[0] * from[start + i * step];
      for (let k = 1; k < weights.length; k++) {
        const before = Math.abs(i - k), after = i + k < n ? i + k : 2 * (n - 1) - i - k;
        sum += weights[k] * (from[start + before * step] + from[start + after * step]);
      }
      to[start + i * step] = sum;
    }
  }
}
