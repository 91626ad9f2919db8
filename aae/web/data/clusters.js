/** The clusters of a model in the browser: their heads, and which test images are in them. */

import { countsOf } from "../math/clusters.js";
import { Decoder } from "../math/network.js";
import { bytesOf, floatsOf } from "../math/tensors.js";
import { fetchTensors } from "./fetch.js";
import { codeAt, fetchImages } from "./model.js";

/** @typedef {import("../payload-uses.js").ClustersPayload} ClustersPayload */
/** @typedef {(i: number) => ArrayLike<number>} PixelsOf a test image, in [0, 1] */

const BYTE = 255;

/**
 * Which cluster each test image is in.
 * @typedef {object} Assigned
 * @property {Uint8Array} clusters [N]
 * @property {Float32Array} confidence [N] q(y|x) of that cluster
 * @property {Int32Array} order of the images, the most confident first
 * @property {number[][]} counts of each class in each cluster
 */

/**
 * @typedef {object} Clusters
 * @property {Uint8Array} heads [K, pixels]
 * @property {Uint8Array} labels [N]
 * @property {Assigned | null} assigned where it is known
 */

/**
 * Throws an Error that says what is wrong.
 * @param {string} address
 * @param {number} k clusters
 * @param {number} classes
 * @returns {Promise<Clusters>}
 */
export async function fetchClusters(address, k, classes) {
  const tensors = await fetchTensors(address), labels = bytesOf(tensors, "labels"), order = tensors.order?.values;
  if (!(order instanceof Int32Array)) return { heads: bytesOf(tensors, "heads"), labels, assigned: null };
  const clusters = bytesOf(tensors, "clusters"), counts = countsOf(clusters, labels, k, classes);
  const assigned = { clusters, confidence: floatsOf(tensors, "confidence"), order, counts };
  return { heads: bytesOf(tensors, "heads"), labels, assigned };
}

/**
 * The test images; where the data set is not on the server, their reconstructions, each as its cluster.
 * @param {ClustersPayload} payload
 * @param {Assigned} assigned
 * @returns {Promise<PixelsOf>}
 */
export async function fetchMembers({ images, shape, decoder, decoder_rest, codes }, { clusters }) {
  const size = shape[1] * shape[2];
  if (images) {
    const pixels = await fetchImages(images);
    return (i) => Float32Array.from(pixels.subarray(i * size, (i + 1) * size), (x) => x / BYTE);
  }
  const [weights, rest, places] = await Promise.all([decoder, decoder_rest, codes].map(fetchTensors));
  const network = new Decoder(weights), all = floatsOf(places, "codes"), dim = places.codes.shape[1];
  network.refine(rest);
  return (i) => network.decode(codeAt(all, i, dim), clusters[i]);
}
