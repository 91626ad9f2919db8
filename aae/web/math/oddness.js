/** The scores of one image under a model, higher for odder ones, as aae/analysis/anomalies.py has them. */

import { logDensity } from "./prior-density.js";

/** @typedef {import("./encoder.js").Encoded} Encoded */
/** @typedef {import("./encoder.js").Encoder} Encoder */
/** @typedef {import("./network.js").Decoder} Decoder */
/** @typedef {import("./prior-density.js").Prior} Prior */

/**
 * @typedef {object} Scorer
 * @property {Encoder} encoder
 * @property {Decoder} decoder
 * @property {Decoder | null} discriminator of z; one that is conditioned on a class has a first bias for each
 * @property {Prior | null} prior
 */

/** @type {Record<string, (pixels: Float32Array, encoded: Encoded, scorer: Scorer) => number>} */
const SCORES = {
  reconstruction: (pixels, encoded, { decoder }) => reconstructed(pixels, encoded, decoder).mse,
  prior: (_, { mean }, { prior }) => (prior ? -logDensity(mean, prior) : NaN),
  discriminator: (_, { mean }, { discriminator }) => (discriminator ? unlikeThePrior(mean, discriminator) : NaN),
};

/**
 * A score of an image, by its name.
 * @param {string} name
 * @param {Float32Array} pixels
 * @param {Scorer} scorer
 */
export function scoreOf(name, pixels, scorer) {
  return SCORES[name](pixels, scorer.encoder.encode(pixels), scorer);
}

/**
 * The reconstruction of an image and its mean squared error per pixel, under q(y|x) where the encoder gives it; of
 * another decoder that is conditioned on a class, under the class that fits best.
 * @param {Float32Array} pixels
 * @param {Encoded} encoded
 * @param {Decoder} decoder
 */
export function reconstructed(pixels, { code, y }, decoder) {
  const classes = decoder.conditional.map((_, k) => k);
  const conditions = classes.length ? (y ? [y] : classes) : [null];
  const made = conditions.map((condition) => decoder.decode(code, condition).slice());
  const errors = made.map((image) => meanSquare(pixels, image)), mse = Math.min(...errors);
  return { mse, image: made[errors.indexOf(mse)] };
}

/**
 * @param {Float32Array} pixels
 * @param {ArrayLike<number>} others
 */
function meanSquare(pixels, others) {
  return pixels.reduce((sum, x, i) => sum + (x - others[i]) ** 2, 0) / pixels.length;
}

/**
 * -log D(z), of a conditional discriminator under the class that fits best.
 * @param {Float32Array} z
 * @param {Decoder} discriminator
 */
function unlikeThePrior(z, discriminator) {
  const biases = discriminator.conditional.length ? discriminator.conditional : [discriminator.bias];
  const logit = Math.max(...biases.map((bias) => discriminator.forward(z, bias)[0]));
  return Math.max(0, -logit) + Math.log1p(Math.exp(-Math.abs(logit)));
}
