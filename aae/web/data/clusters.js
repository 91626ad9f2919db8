/** The clusters of a model in the browser: their heads, and which test images are in them. */

import { countsOf } from "../math/clusters.js";
import { bytesOf, floatsOf } from "../math/tensors.js";
import { fetchTensors } from "./fetch.js";

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
