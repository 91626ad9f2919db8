/** How an image is reconstructed, and how well. */

/** @typedef {import("./encoder.js").Encoded} Encoded */
/** @typedef {import("./encoder.js").Encoder} Encoder */
/** @typedef {import("./network.js").Decoder} Decoder */

/**
 * The condition under which a conditional decoder reconstructs an image: q(y|x), or the class that fits it best.
 * @param {Decoder} decoder
 * @param {Pick<Encoded, "code" | "y">} encoded
 * @param {ArrayLike<number>} pixels
 * @returns {number | Float32Array}
 */
export function fitting(decoder, { code, y }, pixels) {
  if (y) return y;
  const errors = decoder.conditional.map((_, k) => meanSquare(pixels, decoder.decode(code, k)));
  return errors.indexOf(Math.min(...errors));
}

/**
 * What an autoencoder makes of an image; the array is used again by the next call.
 * @param {Encoder} encoder
 * @param {Decoder} decoder
 * @param {ArrayLike<number>} pixels in [0, 1]
 */
export function reconstruct(encoder, decoder, pixels) {
  const encoded = encoder.encode(pixels);
  return decoder.decode(encoded.code, decoder.conditional.length ? fitting(decoder, encoded, pixels) : null);
}

/**
 * The mean squared error per pixel.
 * @param {ArrayLike<number>} pixels
 * @param {ArrayLike<number>} others
 */
export function meanSquare(pixels, others) {
  let sum = 0;
  for (let i = 0; i < pixels.length; i++) sum += (pixels[i] - others[i]) ** 2;
  return sum / pixels.length;
}
