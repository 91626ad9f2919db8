/** What lies near a code, in the code's own space of D dimensions. */

/** @typedef {{count: number, nearest: number[], distances: number[]}} Neighbours nearest: indices, nearest first */

const NEAREST = 3;

/**
 * How many codes [N, D] lie within a radius of a code [D], the nearest of them all, and how far they are.
 * @param {Float32Array} codes
 * @param {ArrayLike<number>} code
 * @param {number} radius
 * @param {(i: number) => boolean} counts whether a code is counted and picked at all
 * @param {number} most how many of the nearest are picked
 * @returns {Neighbours}
 */
export function neighbours(codes, code, radius, counts = () => true, most = NEAREST) {
  const dim = code.length, n = codes.length / dim, within = radius * radius;
  const nearest = Array(most).fill(-1), distances = Array(most).fill(Infinity);
  let count = 0;
  for (let i = 0; i < n; i++) {
    const limit = Math.max(within, distances[most - 1]);
    const distance = squaredDistance(codes, i * dim, code, limit);
    if (distance > limit || !counts(i)) continue;
    if (distance < within) count++;
    if (distance < distances[most - 1]) insert(nearest, distances, i, distance);
  }
  const found = nearest.filter((i) => i >= 0);
  return { count, nearest: found, distances: distances.slice(0, found.length).map(Math.sqrt) };
}

/**
 * The squared distance; above the limit some number above it: the sum is then left off.
 * @param {Float32Array} codes
 * @param {number} from
 * @param {ArrayLike<number>} code
 * @param {number} limit
 */
function squaredDistance(codes, from, code, limit) {
  let sum = 0;
  for (let d = 0; d < code.length && sum <= limit; d++) {
    const difference = codes[from + d] - code[d];
    sum += difference * difference;
  }
  return sum;
}

/**
 * @param {number[]} nearest
 * @param {number[]} distances
 * @param {number} i
 * @param {number} distance
 */
function insert(nearest, distances, i, distance) {
  const place = distances.findIndex((other) => distance < other);
  nearest.splice(place, 0, i);
  nearest.pop();
  distances.splice(place, 0, distance);
  distances.pop();
}

/**
 * How many of so many codes the prior would put within a radius of a code, from draws [M, D] of it.
 * @param {Float32Array} draws
 * @param {ArrayLike<number>} code
 * @param {number} radius
 * @param {number} n
 */
export function expectedCount(draws, code, radius, n) {
  const m = draws.length / code.length;
  return m ? (neighbours(draws, code, radius).count * n) / m : 0;
}
