/** An encoder and a decoder in the browser. */

import { Encoder } from "../math/encoder.js";
import { Decoder } from "../math/network.js";
import { fetchTensors } from "./fetch.js";

/**
 * @typedef {object} Networks
 * @property {string} decoder as much as the first images need
 * @property {string} decoder_rest what makes it exact
 * @property {string} encoder
 * @property {number} latent_dim
 * @property {boolean} gaussian_posterior
 */
/** @typedef {{encoder: Encoder, decoder: Decoder}} Autoencoder */

/**
 * Both networks, exact. Throws an Error that says what is wrong.
 * @param {Networks} networks
 * @returns {Promise<Autoencoder>}
 */
export async function fetchAutoencoder({ encoder, decoder, decoder_rest: rest, latent_dim, gaussian_posterior }) {
  const [first, weights, lower] = await Promise.all([encoder, decoder, rest].map(fetchTensors));
  const made = { encoder: new Encoder(first, latent_dim, gaussian_posterior), decoder: new Decoder(weights) };
  made.decoder.refine(lower);
  return made;
}
