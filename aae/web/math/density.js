/** Densities over a square of n x n cells, row by row from the top left: histograms, blurs, levels and contours. */

/**
 * How many points fall into each cell [n * n]; those outside are not counted.
 * @param {number} count of points
 * @param {(i: number) => ArrayLike<number>} at the i-th point, in cells from the top left
 * @param {number} n
 */
export function histogram(count, at, n) {
  const counts = new Float32Array(n * n);
  for (let i = 0; i < count; i++) {
    const [x, y] = [at(i)[0], at(i)[1]];
    if (x >= 0 && y >= 0 && x < n && y < n) counts[Math.floor(y) * n + Math.floor(x)]++;
  }
  return counts;
}

/**
 * The mean of each cell and the cells around it [n * n]; at an edge, of those that there are.
 * @param {Float32Array} values
 * @param {number} n
 */
export function blur(values, n) {
  const out = new Float32Array(n * n);
  for (let y = 0; y < n; y++) {
    for (let x = 0; x < n; x++) out[y * n + x] = meanAround(values, n, x, y);
  }
  return out;
}

/**
 * @param {Float32Array} values
 * @param {number} n
 * @param {number} x
 * @param {number} y
 */
function meanAround(values, n, x, y) {
  let sum = 0, count = 0;
  for (let j = Math.max(0, y - 1); j <= Math.min(n - 1, y + 1); j++) {
    for (let i = Math.max(0, x - 1); i <= Math.min(n - 1, x + 1); i++) {
      sum += values[j * n + i];
      count++;
    }
  }
  return sum / count;
}

/**
 * The level above which the cells hold a share of the whole sum.
 * @param {Float32Array} values none negative
 * @param {number} share in [0, 1]
 */
export function massLevel(values, share) {
  const ordered = Float32Array.from(values).sort().reverse();
  let left = share * ordered.reduce((sum, value) => sum + value, 0);
  for (const value of ordered) if ((left -= value) < 0) return value;
  return 0;
}

/**
 * Pieces [[x, y], [x, y]] of the line on which values, at the cells' centres, cross a level (marching squares).
 * @param {Float32Array} values
 * @param {number} n
 * @param {number} level
 * @returns {[number, number][][]}
 */
export function contour(values, n, level) {
  const pieces = [];
  for (let y = 0; y + 1 < n; y++) {
    for (let x = 0; x + 1 < n; x++) {
      const crossings = cellCrossings(values, n, level, x, y);
      for (let k = 0; k + 1 < crossings.length; k += 2) pieces.push([crossings[k], crossings[k + 1]]);
    }
  }
  return pieces;
}

/**
 * Where the line crosses the sides of the square between four cells' centres.
 * @param {Float32Array} values
 * @param {number} n
 * @param {number} level
 * @param {number} x
 * @param {number} y
 * @returns {[number, number][]}
 */
function cellCrossings(values, n, level, x, y) {
  const corners = [[x, y], [x + 1, y], [x + 1, y + 1], [x, y + 1]];
  /** @type {[number, number][]} */
  const crossings = [];
  corners.forEach(([x0, y0], k) => {
    const [x1, y1] = corners[(k + 1) % 4], a = values[y0 * n + x0] - level, b = values[y1 * n + x1] - level;
    if (a > 0 === b > 0) return;
    const t = a / (a - b);
    crossings.push([x0 + 0.5 + (x1 - x0) * t, y0 + 0.5 + (y1 - y0) * t]);
  });
  return crossings;
}

/**
 * The standard deviation of points [N, 2] about their mean, over both axes.
 * @param {ArrayLike<number>} points
 */
export function deviation(points) {
  const n = points.length / 2, mean = [0, 0];
  let sum = 0;
  for (let i = 0; i < points.length; i++) mean[i % 2] += points[i] / n;
  for (let i = 0; i < points.length; i++) sum += (points[i] - mean[i % 2]) ** 2;
  return Math.sqrt(sum / n);
}
