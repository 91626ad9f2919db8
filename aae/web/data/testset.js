/** The test images of a run, one at a time; where the data set is not on the server, decoded from their codes. */

import { Decoder } from "../math/network.js";
import { bytesOf, floatsOf } from "../math/tensors.js";
import { fetchTensors } from "./fetch.js";
import { codeAt, fetchImages } from "./model.js";

/**
 * What is needed of a payload; a map's has it all.
 * @typedef {object} Described
 * @property {string} codes
 * @property {string | null} images
 * @property {string} decoder
 * @property {string} decoder_rest
 * @property {"classes" | "clusters" | null} conditional
 * @property {number | null} label the cluster that a decoder conditioned on clusters is given
 */

/**
 * @typedef {object} TestSet
 * @property {Uint8Array} labels [n]
 * @property {string | null} decoded what each is decoded from; null: the images are the data set's own
 * @property {(i: number) => Float32Array} pixels of an image in [0, 1]
 */

/**
 * Throws an Error that says what is wrong.
 * @param {Described} payload
 * @returns {Promise<TestSet>}
 */
export async function fetchTestSet(payload) {
  const tensors = await fetchTensors(payload.codes), labels = bytesOf(tensors, "labels");
  if (!payload.images) return { labels, decoded: origin(payload), pixels: await decodedBy(payload, tensors, labels) };
  const images = await fetchImages(payload.images), size = images.length / labels.length;
  const bytes = (/** @type {number} */ i) => images.subarray(i * size, (i + 1) * size);
  return { labels, decoded: null, pixels: (i) => Float32Array.from(bytes(i), (x) => x / 255) };
}

/** @param {Described} payload */
function origin({ conditional, label }) {
  if (!conditional) return "code";
  return conditional === "classes" ? "code and label" : `code, as cluster ${label}`;
}

/**
 * A function from the number of a test image to what the decoder makes of its code.
 * @param {Described} payload
 * @param {import("../math/tensors.js").Tensors} tensors
 * @param {Uint8Array} labels
 */
async function decodedBy({ decoder: address, decoder_rest: rest, conditional, label }, tensors, labels) {
  const [weights, lower] = await Promise.all([fetchTensors(address), fetchTensors(rest)]);
  const codes = floatsOf(tensors, "codes"), decoder = new Decoder(weights), dim = codes.length / labels.length;
  decoder.refine(lower);
  return (/** @type {number} */ i) =>
    decoder.decode(codeAt(codes, i, dim), conditional === "classes" ? labels[i] : label).slice();
}
