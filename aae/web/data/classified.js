/** Which class a model gives each test image, in the browser. */

import { countsOf } from "../math/clusters.js";
import { bytesOf, floatsOf } from "../math/tensors.js";
import { fetchTensors } from "./fetch.js";

/**
 * @typedef {object} Classified
 * @property {Uint8Array} labels [N]
 * @property {Uint8Array} predicted [N] the class with the largest q(y|x)
 * @property {Float32Array} confidence [N] q(y|x) of that class
 * @property {Float32Array | null} truth [N] q(y|x) of the label; null: not known
 * @property {Int32Array} order of the images: the lowest q(y|x) of the label first; where that is not known, those
 * first that are given another class with the largest q(y|x)
 * @property {number[][]} counts of predicted classes for each label [K][K]
 */

/**
 * Throws an Error that says what is wrong.
 * @param {string} address
 * @param {number} k classes
 * @returns {Promise<Classified>}
 */
export async function fetchClassified(address, k) {
  const tensors = await fetchTensors(address), order = tensors.order?.values;
  if (!(order instanceof Int32Array)) throw new Error("order: 32-bit numbers were expected");
  const labels = bytesOf(tensors, "labels"), predicted = bytesOf(tensors, "predicted");
  return {
    labels, predicted, order, confidence: floatsOf(tensors, "confidence"),
    truth: tensors.truth ? floatsOf(tensors, "truth") : null, counts: countsOf(labels, predicted, k, k),
  };
}
