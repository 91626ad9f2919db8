/** What is fetched to score images: scores of normal and odd ones, their pictures, and the networks. */

import { Decoder } from "../math/network.js";
import { curveOf, ordered } from "../math/separation.js";
import { floatsOf } from "../math/tensors.js";
import { fetchAutoencoder } from "./autoencoder.js";
import { fetchTensors } from "./fetch.js";
import { fetchImages } from "./model.js";

/** @typedef {import("../math/oddness.js").Scorer} Scorer */
/** @typedef {import("../math/separation.js").Curve} Curve */
/** @typedef {import("../math/tensors.js").Tensors} Tensors */
/** @typedef {import("../payload-uses.js").AnomaliesPayload} AnomaliesPayload */
/** @typedef {{score: number, isOdd: boolean, row: number}} Scored an image, and its place in its file */

/**
 * The images of a page by one score.
 * @typedef {object} Sample
 * @property {Float32Array} normal scores, ascending
 * @property {Float32Array} odd likewise
 * @property {Scored[]} all images by their scores, ascending
 * @property {Curve} curve
 */

/**
 * @param {Tensors} tensors
 * @param {string} score its name
 * @returns {Sample}
 */
export function sampleOf(tensors, score) {
  const [normal, odd] = ["normal", "odd"].map((kind) => floatsOf(tensors, `${kind}_${score}`));
  const all = [...scored(tensors, score, "normal"), ...scored(tensors, score, "odd")];
  all.sort((a, b) => a.score - b.score || 0); // Infinity - Infinity is no number
  const both = { normal: ordered(normal), odd: ordered(odd) };
  return { ...both, all, curve: curveOf(both.normal, both.odd) };
}

/**
 * @param {Tensors} tensors
 * @param {string} score
 * @param {string} kind
 * @returns {Scored[]}
 */
function scored(tensors, score, kind) {
  const { values } = tensors[`${kind}_rows`], isOdd = kind === "odd";
  return Array.from(floatsOf(tensors, `${kind}_${score}`), (x, i) => ({ score: x, isOdd, row: values[i] }));
}

/**
 * The pictures of normal and of odd images [n, pixels], where there are any.
 * @param {AnomaliesPayload} payload
 */
export async function fetchPictures({ images, odd_images: odd }) {
  const [first, second] = await Promise.all([images, odd].map((address) => address && fetchImages(address)));
  return { normal: first || null, odd: second || null };
}

/**
 * The networks, exact. Throws an Error that says what is wrong.
 * @param {AnomaliesPayload} payload
 * @returns {Promise<Scorer>}
 */
export async function fetchScorer(payload) {
  const { discriminator, prior } = payload;
  return {
    ...(await fetchAutoencoder(payload)),
    discriminator: discriminator ? new Decoder(await fetchTensors(discriminator)) : null,
    prior: prior && { ...prior, cells: prior.cells ? floatsOf(await fetchTensors(prior.cells), "cells") : null },
  };
}

/**
 * One picture of a file in [0, 1].
 * @param {Uint8Array} pictures [n, pixels]
 * @param {number} row
 * @param {number} pixels of a picture
 */
export function pictureAt(pictures, row, pixels) {
  return Float32Array.from(pictures.subarray(row * pixels, (row + 1) * pixels), (byte) => byte / 255);
}

