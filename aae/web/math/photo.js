/** From a photograph of something drawn to ink: what differs from the ground around it, whichever is the lighter. */

const NEAR = 8; // the ground is the mean of a square of a quarter of the side: side / NEAR to each of its sides
const FAINT = 0.25; // of the strongest difference: less is paper, shadow or noise
const FULL = 0.6; // of it: ink
const EDGE = 0.04; // of the side: what lies there shows whether the ground is light

/**
 * Luminance in [0, 1] of red, green, blue and alpha, on white where it is transparent.
 * @param {ArrayLike<number>} rgba [n, 4] up to 255
 */
export function luminance(rgba) {
  return Float32Array.from({ length: rgba.length / 4 }, (_, i) => {
    const [red, green, blue, alpha] = [0, 1, 2, 3].map((k) => rgba[4 * i + k] / 255);
    return (0.299 * red + 0.587 * green + 0.114 * blue) * alpha + 1 - alpha;
  });
}

/**
 * Ink [side, side] up to 255, of a photograph's luminance.
 * @param {Float32Array} grey [side, side] in [0, 1]
 * @param {number} side
 */
export function inkOfPhoto(grey, side) {
  const sign = isLightAtEdge(grey, side) ? -1 : 1, ground = blurred(grey, side, Math.max(1, Math.round(side / NEAR)));
  const difference = grey.map((value, i) => Math.max(0, sign * (value - ground[i])));
  const strongest = quantile(difference, 0.995);
  if (strongest < 0.02) return new Uint8ClampedArray(grey.length); // one even surface
  return Uint8ClampedArray.from(difference, (value) => (255 * (value / strongest - FAINT)) / (FULL - FAINT));
}

/**
 * @param {Float32Array} grey
 * @param {number} side
 */
function isLightAtEdge(grey, side) {
  const edge = Math.max(1, Math.round(EDGE * side));
  const isEdge = (/** @type {number} */ i) => Math.min(i % side, Math.floor(i / side)) < edge
    || Math.max(i % side, Math.floor(i / side)) >= side - edge;
  return quantile(grey.filter((_, i) => isEdge(i)), 0.5) > (quantile(grey, 0.01) + quantile(grey, 0.99)) / 2;
}

/**
 * The mean of the square around each pixel, as far as it lies inside the image.
 * @param {Float32Array} grey
 * @param {number} side
 * @param {number} radius
 */
export function blurred(grey, side, radius) {
  const sums = integral(grey, side), row = side + 1;
  return grey.map((_, i) => {
    const x = i % side, y = Math.floor(i / side), left = Math.max(0, x - radius), top = Math.max(0, y - radius) * row;
    const right = Math.min(side, x + radius + 1), bottom = Math.min(side, y + radius + 1) * row;
    const sum = sums[bottom + right] - sums[top + right] - sums[bottom + left] + sums[top + left];
    return (sum * row) / ((right - left) * (bottom - top));
  });
}

/**
 * The sums of all that lies above and to the left [side + 1, side + 1].
 * @param {Float32Array} grey
 * @param {number} side
 */
function integral(grey, side) {
  const row = side + 1, sums = new Float64Array(row * row);
  for (let y = 0; y < side; y++) {
    for (let x = 0, line = 0; x < side; x++) {
      line += grey[y * side + x];
      sums[(y + 1) * row + x + 1] = sums[y * row + x + 1] + line;
    }
  }
  return sums;
}

/**
 * @param {Float32Array} values
 * @param {number} share
 */
function quantile(values, share) {
  return values.slice().sort()[Math.min(values.length - 1, Math.floor(share * values.length))];
}
