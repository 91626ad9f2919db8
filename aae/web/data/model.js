/** A finished model in the browser: its decoder, and where it puts the test images. */

import { project } from "../math/geometry.js";
import { Decoder } from "../math/network.js";
import { bytesOf, floatsOf } from "../math/tensors.js";
import { fetchTensors } from "./fetch.js";

/** @typedef {import("../math/geometry.js").Plane} Plane */
/** @typedef {import("../math/tensors.js").Tensors} Tensors */

/**
 * @typedef {object} Model
 * @property {Decoder | null} decoder
 * @property {Plane} plane
 * @property {number} n
 * @property {Float32Array} codes [n, D] of the test images
 * @property {Float32Array} places [n, 2] of the codes
 * @property {Uint8Array} labels [n]
 * @property {Float32Array} prior draws of it [m, D]
 * @property {Float32Array} priorPlaces [m, 2]
 * @property {{values: Uint8Array, n: number} | null} scores of the discriminator over the model's own square [n, n]
 * @property {Float32Array | null} posteriorStd [n, 2]
 * @property {Uint8Array | null} images [n, pixels]
 */

/**
 * The model of a payload, without its images. Throws an Error that says what is wrong.
 * @param {{decoder: string, codes: string, origin: number[], basis: number[][]}} payload
 * @returns {Promise<Model>}
 */
export async function fetchModel({ decoder, codes, origin, basis }) {
  const [weights, tensors] = await Promise.all([fetchTensors(decoder), fetchTensors(codes)]);
  const plane = { origin, basis }, scores = tensors.discriminator;
  return {
    ...sceneOf(tensors, plane),
    ...codesOf(floatsOf(tensors, "codes"), plane),
    decoder: new Decoder(weights),
    scores: scores ? { values: bytesOf(tensors, "discriminator"), n: scores.shape[0] } : null,
    posteriorStd: tensors.posterior_std ? floatsOf(tensors, "posterior_std") : null,
  };
}

/**
 * Make the decoder exact, which began with the upper bits of its weights.
 * @param {Model} model
 * @param {string} address
 */
export async function refine(model, address) {
  model.decoder?.refine(await fetchTensors(address));
}

/**
 * What is the same in all frames of a training: classes and prior.
 * @param {Tensors} tensors
 * @param {Plane} plane
 * @returns {Model}
 */
export function sceneOf(tensors, plane) {
  const labels = bytesOf(tensors, "labels"), prior = floatsOf(tensors, "prior"), none = new Float32Array(0);
  return {
    decoder: null, plane, n: labels.length, labels, codes: none, places: none, prior,
    priorPlaces: project(prior, plane), scores: null, posteriorStd: null, images: null,
  };
}

/**
 * @param {Float32Array} codes
 * @param {Plane} plane
 */
export function codesOf(codes, plane) {
  return { codes, places: project(codes, plane) };
}

/**
 * The test images [n, pixels].
 * @param {string} address
 */
export async function fetchImages(address) {
  return bytesOf(await fetchTensors(address), "images");
}

/**
 * The code of a test image [D], of codes [n, D].
 * @param {Float32Array} codes
 * @param {number} i
 * @param {number} dim
 */
export function codeAt(codes, i, dim) {
  return codes.subarray(i * dim, (i + 1) * dim);
}
