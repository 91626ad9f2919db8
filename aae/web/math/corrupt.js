/** Images corrupted at random, as aae/data/augment.py does it. */

/** @typedef {import("./geometry.js").Place} Place */
/** @typedef {{uniform: () => number, normal: () => number}} Draws random numbers, from [0, 1) or of variance 1 */
/** @typedef {{height: number, width: number}} Size */
/**
 * @typedef {object} Given
 * @property {Float32Array} pixels in [0, 1]
 * @property {Size} size
 * @property {number} strength from 0 to 1
 * @property {Draws} draws
 * @property {Place | null} [at] where the middle of a hole is, in shares of the width and height; null: it is drawn
 */

export const STROKES = 12; // of scribbles, at full strength

/**
 * The same random numbers for the same seed (mulberry32; Box and Muller 1958).
 * @param {number} seed
 * @returns {Draws}
 */
export function drawsOf(seed) {
  let state = seed >>> 0;
  const uniform = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
  const normal = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  return { uniform, normal };
}

/** @type {Record<string, (given: Given) => Float32Array>} by name; each gives other pixels, not clipped */
export const CORRUPTIONS = {
  gaussian: ({ pixels, strength, draws }) => pixels.map((x) => x + strength * draws.normal()),
  salt_pepper: ({ pixels, strength, draws }) => pixels.map((x) => salted(x, strength, draws.uniform())),
  masking: ({ pixels, strength, draws }) => pixels.map((x) => (draws.uniform() >= strength ? x : 0)),
  hole: holed,
  scribbles: scribbled,
};

/**
 * @param {number} x
 * @param {number} share
 * @param {number} drawn
 */
function salted(x, share, drawn) {
  return drawn >= share ? x : Number(drawn < share / 2);
}

/**
 * A black square; its side is a share of the image's shorter side.
 * @param {Given} given
 */
function holed(given) {
  const { pixels, size: { width } } = given, { left, top, n } = holeOf(given);
  return pixels.map((value, i) => {
    const x = i % width, y = Math.floor(i / width);
    return x >= left && x < left + n && y >= top && y < top + n ? 0 : value;
  });
}

/**
 * Where a hole is, in pixels.
 * @param {Omit<Given, "pixels">} given
 */
export function holeOf({ size: { height, width }, strength, draws, at = null }) {
  const n = Math.floor(strength * Math.min(height, width) + 0.5);
  const [left, top] = [width, height].map((size, axis) => {
    const drawn = Math.floor(draws.uniform() * (size - n + 1));
    return at ? Math.min(Math.max(Math.round(at[axis] * size - n / 2), 0), size - n) : drawn;
  });
  return { left, top, n };
}

/**
 * White straight strokes.
 * @param {Given} given
 */
function scribbled({ pixels, size, strength, draws }) {
  const { height, width } = size, made = pixels.slice();
  for (let k = Math.floor(strength * STROKES + 0.5); k > 0; k--) {
    const [x0, y0, x1, y1] = [width, height, width, height].map((side) => side * draws.uniform());
    stroke(made, size, [x0, y0], [x1, y1], 1);
  }
  return made;
}

/**
 * Give the pixels whose centres a pen covers a value; the pen is 2 of MNIST's 28 pixels wide.
 * @param {Float32Array} pixels
 * @param {Size} size
 * @param {Place} from
 * @param {Place} to
 * @param {number} value
 */
export function stroke(pixels, { height, width }, [x0, y0], [x1, y1], value) {
  const radius = Math.max(0.5, Math.min(height, width) / 28), dx = x1 - x0, dy = y1 - y0;
  const square = Math.max(dx * dx + dy * dy, 1e-9);
  for (let i = 0; i < height * width; i++) {
    const x = (i % width) + 0.5, y = Math.floor(i / width) + 0.5;
    const along = Math.min(Math.max(((x - x0) * dx + (y - y0) * dy) / square, 0), 1);
    if (Math.hypot(x - x0 - along * dx, y - y0 - along * dy) <= radius) pixels[i] = value;
  }
}
