/** An encoder: from pixels to a code, its posterior, and q(y|x). */

import { Network } from "./network.js";
import { floatsOf } from "./tensors.js";

/** @typedef {import("./tensors.js").Tensors} Tensors */

/**
 * What an encoder gives for an image.
 * @typedef {object} Encoded
 * @property {Float32Array} mean [D] of q(z|x)
 * @property {Float32Array | null} std [D] of a Gaussian posterior
 * @property {Float32Array | null} y [K] q(y|x)
 * @property {Float32Array} code [D] where the map shows the image: the mean, or W_C y + mean with cluster heads
 */

export class Encoder extends Network {
  /**
   * @param {Tensors} tensors of the network, and "heads" [K, D] where there are cluster heads
   * @param {number} dim D
   * @param {boolean} isGaussian whether the outputs are [mean, log variance, logits of y], or [mean, logits of y]
   */
  constructor(tensors, dim, isGaussian) {
    super(tensors);
    this.dim = dim;
    this.isGaussian = isGaussian;
    this.heads = tensors.heads ? floatsOf(tensors, "heads") : null;
  }

  /**
   * @param {ArrayLike<number>} pixels in [0, 1]
   * @returns {Encoded}
   */
  encode(pixels) {
    const { dim, isGaussian, heads } = this, out = this.forward(pixels), logits = out.slice(isGaussian ? 2 * dim : dim);
    const mean = out.slice(0, dim), y = logits.length ? softmax(logits) : null;
    const std = isGaussian ? out.slice(dim, 2 * dim).map((logvar) => Math.exp(logvar / 2)) : null;
    return { mean, std, y, code: heads && y ? mean.map((z, d) => headOf(y, heads, dim, d) + z) : mean };
  }
}

/**
 * A coordinate of W_C y.
 * @param {Float32Array} y
 * @param {Float32Array} heads [K, dim]
 * @param {number} dim
 * @param {number} d
 */
function headOf(y, heads, dim, d) {
  return y.reduce((sum, share, k) => sum + share * heads[k * dim + d], 0);
}

/**
 * @param {Float32Array} logits
 * @returns {Float32Array} shares that sum to 1
 */
export function softmax(logits) {
  const most = Math.max(...logits), powers = logits.map((x) => Math.exp(x - most));
  const sum = powers.reduce((total, x) => total + x, 0);
  return powers.map((x) => x / sum);
}
