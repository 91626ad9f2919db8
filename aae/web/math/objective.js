/** The training loss of one image, term by term, as aae/models/losses.py has them. */

import { meanSquare } from "./reconstruction.js";

const SMALLEST = 1e-30; // of a probability whose logarithm is taken

/** @typedef {import("../payload.js").Objective} Objective */

/**
 * @typedef {object} Term
 * @property {string} name
 * @property {number} value
 * @property {number} weight
 * @property {string} about
 */

/**
 * Σ (x̂ - x)² over the pixels.
 * @param {ArrayLike<number>} pixels
 * @param {ArrayLike<number>} decoded
 */
export function squaredError(pixels, decoded) {
  return meanSquare(pixels, decoded) * pixels.length;
}

/**
 * -Σ x log x̂ + (1 - x) log(1 - x̂) over the pixels, in nats.
 * @param {ArrayLike<number>} pixels
 * @param {ArrayLike<number>} decoded
 */
export function crossEntropy(pixels, decoded) {
  const log = (/** @type {number} */ p) => Math.log(Math.max(p, SMALLEST));
  let sum = 0;
  for (let i = 0; i < pixels.length; i++) sum -= pixels[i] * log(decoded[i]) + (1 - pixels[i]) * log(1 - decoded[i]);
  return sum;
}

/**
 * KL(N(mean, std²) || N(0, prior²)), summed over the dimensions, in nats.
 * @param {ArrayLike<number>} mean
 * @param {ArrayLike<number>} std
 * @param {number} prior
 */
export function klToGaussian(mean, std, prior) {
  let sum = 0;
  for (let d = 0; d < mean.length; d++) {
    sum += (mean[d] ** 2 + std[d] ** 2) / prior ** 2 - 1 - 2 * Math.log(std[d] / prior);
  }
  return sum / 2;
}

/**
 * The terms of an image's loss; the regularizer's is left out where there is no posterior, or no score.
 * @param {Objective} objective
 * @param {ArrayLike<number>} pixels
 * @param {ArrayLike<number>} decoded
 * @param {{mean: ArrayLike<number>, std: ArrayLike<number> | null} | null} posterior of the image
 * @param {number | null} score D(z)
 * @returns {Term[]}
 */
export function termsOf({ likelihood, regularizer, weight, prior_std }, pixels, decoded, posterior, score) {
  const over = `over ${pixels.length} pixels`;
  const terms = [likelihood === "bernoulli"
    ? term("cross-entropy of the reconstruction", crossEntropy(pixels, decoded), 1, `nats, summed ${over}`)
    : term("squared error of the reconstruction", squaredError(pixels, decoded), 1, `Σ (x̂ − x)² ${over}`)];
  if (regularizer === "kl" && posterior?.std) {
    const kl = klToGaussian(posterior.mean, posterior.std, prior_std);
    terms.push(term("KL(q(z|x) ‖ p(z))", kl, weight, "nats: how far the posterior is from the prior"));
  }
  if (regularizer === "adversarial" && score !== null) {
    const about = `D(z) = ${score.toFixed(2)} is the probability that z is a draw of the prior; undecided: 0.50`;
    terms.push(term("−log D(z)", -Math.log(Math.max(score, SMALLEST)), weight, about));
  }
  return terms;
}

/** @param {Term[]} terms */
export function total(terms) {
  return terms.reduce((sum, { value, weight }) => sum + weight * value, 0);
}

/**
 * @param {string} name
 * @param {number} value
 * @param {number} weight
 * @param {string} about
 * @returns {Term}
 */
function term(name, value, weight, about) {
  return { name, value, weight, about };
}
