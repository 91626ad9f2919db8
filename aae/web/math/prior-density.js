/** Log densities of priors at a code, in nats, as aae/models/priors.py has them. */

const RADIUS = 1.4, ALONG = 0.5, ACROSS = 0.1; // of the mixture
const HALF = 3; // of the square of a drawn prior, in scales

/**
 * @typedef {object} Prior
 * @property {string} name
 * @property {number} std standard deviation, or scale
 * @property {number} components of a mixture
 * @property {Float32Array | null} cells probabilities of the cells of a drawn one, row by row from the top left
 */

/** @type {Record<string, (z: ArrayLike<number>, prior: Prior) => number>} */
const DENSITIES = { gaussian, uniform, mixture, drawn };

/**
 * log p(z).
 * @param {ArrayLike<number>} z [D]
 * @param {Prior} prior
 */
export function logDensity(z, prior) {
  return DENSITIES[prior.name](z, prior);
}

/** @type {(z: ArrayLike<number>, prior: Prior) => number} */
function gaussian(z, { std }) {
  const squares = Array.from(z).reduce((sum, x) => sum + (x / std) ** 2, 0);
  return -squares / 2 - z.length * Math.log(std * Math.sqrt(2 * Math.PI));
}

/** @type {(z: ArrayLike<number>, prior: Prior) => number} */
function uniform(z, { std }) {
  const half = Math.sqrt(3) * std;
  return Array.from(z).every((x) => Math.abs(x) <= half) ? -z.length * Math.log(2 * half) : -Infinity;
}

/** @type {(z: ArrayLike<number>, prior: Prior) => number} */
function mixture(z, { std, components }) {
  const logs = Array.from({ length: components }, (_, i) => {
    const angle = (2 * Math.PI * i) / components, [x, y] = [z[0] / std, z[1] / std];
    const along = (Math.cos(angle) * x + Math.sin(angle) * y - RADIUS) / ALONG;
    const across = (Math.cos(angle) * y - Math.sin(angle) * x) / ACROSS;
    return -(along ** 2 + across ** 2) / 2;
  });
  const most = Math.max(...logs), sum = logs.reduce((total, x) => total + Math.exp(x - most), 0);
  return most + Math.log(sum / components) - Math.log(2 * Math.PI * std ** 2 * ALONG * ACROSS);
}

/** @type {(z: ArrayLike<number>, prior: Prior) => number} */
function drawn(z, { std, cells }) {
  const half = HALF * std, side = Math.sqrt(cells?.length ?? 0);
  if (!cells || Math.abs(z[0]) >= half || Math.abs(z[1]) >= half) return -Infinity;
  const [column, row] = [z[0], -z[1]].map((x) => Math.floor(((x / half + 1) / 2) * side));
  return Math.log(cells[row * side + column] / ((2 * half) / side) ** 2);
}
