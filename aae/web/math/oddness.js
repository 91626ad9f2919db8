/** The scores of one image under a model, higher for odder ones, as aae/analysis/anomalies.py has them. */

import { logDensity } from "./prior-density.js";
import { meanSquare, reconstruct } from "./reconstruction.js";

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

/** @type {Record<string, (pixels: Float32Array, scorer: Scorer) => number>} */
const SCORES = {
  reconstruction: (pixels, { encoder, decoder }) => meanSquare(pixels, reconstruct(encoder, decoder, pixels)),
  prior: (pixels, { encoder, prior }) => (prior ? -logDensity(encoder.encode(pixels).mean, prior) : NaN),
  discriminator: (pixels, { encoder, discriminator }) =>
    (discriminator ? unlikeThePrior(encoder.encode(pixels).mean, discriminator) : NaN),
};

/**
 * A score of an image, by its name.
 * @param {string} name
 * @param {Float32Array} pixels
 * @param {Scorer} scorer
 */
export function scoreOf(name, pixels, scorer) {
  return SCORES[name](pixels, scorer);
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
