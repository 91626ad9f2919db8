/** Files from the server: tensors, and grey pictures. */

import { contextOf, make } from "../dom.js";
import { parseTensors } from "../math/tensors.js";

/** @typedef {{values: Uint8Array, width: number, height: number}} Grey */

/**
 * An address of a payload, relative to the page.
 * @param {string} address
 */
export function resolve(address) {
  return new URL(address, document.baseURI).href;
}

const GZIP = [0x1f, 0x8b, 0x08]; // how such files begin: a file of tensors begins with a header's length, which is less

/**
 * What a file holds: a server that knows nothing of packed files sends them as they are.
 * @param {ArrayBuffer} content
 * @returns {Promise<ArrayBuffer>}
 */
export async function unpacked(content) {
  const bytes = new Uint8Array(content, 0, Math.min(content.byteLength, GZIP.length));
  if (GZIP.some((byte, i) => bytes[i] !== byte)) return content;
  return new Response(new Blob([content]).stream().pipeThrough(new DecompressionStream("gzip"))).arrayBuffer();
}

/**
 * The tensors of a file. Throws an Error that says what is wrong.
 * @param {string} address
 */
export async function fetchTensors(address) {
  const response = await fetch(resolve(address));
  if (!response.ok) throw new Error(`The server no longer has this model (${response.status}): reload the page.`);
  return parseTensors(await unpacked(await response.arrayBuffer()));
}

/**
 * The grey values of an encoded picture.
 * @param {Uint8Array} content a WebP file
 * @returns {Promise<Grey>}
 */
export async function readGrey(content) {
  const bytes = /** @type {Uint8Array<ArrayBuffer>} */ (content);
  const picture = await createImageBitmap(new Blob([bytes], { type: "image/webp" })), { width, height } = picture;
  const context = contextOf(make("canvas", { width, height }), { willReadFrequently: true });
  context.drawImage(picture, 0, 0);
  picture.close();
  const { data } = context.getImageData(0, 0, width, height);
  return { values: Uint8Array.from({ length: width * height }, (_, i) => data[4 * i]), width, height };
}
