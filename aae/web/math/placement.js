/** Where labels stand so that none hides another. */

const SPARSE = 0.25; // of the fullest cell: where fewer points are, a label would mislead

/** @typedef {{x: number, y: number, width: number, height: number}} Box x and y: of its middle */
/** @typedef {{label: number, x: number, y: number, width: number, height: number}} Placed */

/**
 * The cells of a grid that hold points, fullest first: the mean of the points in each, and how many there are.
 * @param {ArrayLike<number>[]} points
 * @param {number} cell its side
 */
export function fullestCells(points, cell) {
  /** @type {Map<string, {x: number, y: number, count: number}>} */
  const cells = new Map();
  for (const point of points) {
    const key = `${Math.floor(point[0] / cell)},${Math.floor(point[1] / cell)}`;
    const sums = cells.get(key) ?? { x: 0, y: 0, count: 0 };
    cells.set(key, { x: sums.x + point[0], y: sums.y + point[1], count: sums.count + 1 });
  }
  const means = [...cells.values()].map(({ x, y, count }) => ({ x: x / count, y: y / count, count }));
  return means.sort((a, b) => b.count - a.count);
}

/**
 * @param {Box} a
 * @param {Box} b
 */
export function overlap(a, b) {
  return Math.abs(a.x - b.x) * 2 < a.width + b.width && Math.abs(a.y - b.y) * 2 < a.height + b.height;
}

/**
 * A place for each class's label: in the fullest of its cells where it hides no other label and fits the map. A class
 * whose full cells are all taken has none. Classes with the fewest points choose first: they have the fewest cells.
 * @param {Map<number, ArrayLike<number>[]>} pointsByLabel in pixels
 * @param {(label: number) => {width: number, height: number}} measure
 * @param {{cell: number, size: number}} map the side of a cell, and of the map
 * @returns {Placed[]}
 */
export function placeLabels(pointsByLabel, measure, { cell, size }) {
  /** @type {Placed[]} */
  const placed = [];
  const ordered = [...pointsByLabel].filter(([, points]) => points.length).sort((a, b) => a[1].length - b[1].length);
  for (const [label, points] of ordered) {
    const box = measure(label);
    const cells = fullestCells(points, cell), full = cells.filter(({ count }) => count >= SPARSE * cells[0].count);
    const boxes = full.map(({ x, y }) => ({ label, ...onMap(x, y, box, size) }));
    const free = boxes.find((each) => !placed.some((other) => overlap(each, other)));
    if (free) placed.push(free);
  }
  return placed;
}

/**
 * A box about a point, moved so that it lies on the map.
 * @param {number} x
 * @param {number} y
 * @param {{width: number, height: number}} box
 * @param {number} size
 */
function onMap(x, y, { width, height }, size) {
  const within = (/** @type {number} */ at, /** @type {number} */ half) => Math.min(Math.max(at, half), size - half);
  return { x: within(x, width / 2), y: within(y, height / 2), width, height };
}

/**
 * Positions on a line, moved as little as order allows, so that neighbours are a gap apart and all lie within limits.
 * @param {number[]} wanted
 * @param {number} gap
 * @param {number} low
 * @param {number} high
 * @returns {number[]} in the order given
 */
export function spreadOut(wanted, gap, low, high) {
  const order = wanted.map((_, i) => i).sort((a, b) => wanted[a] - wanted[b]);
  const step = Math.min(gap, (high - low) / Math.max(1, order.length - 1)), places = wanted.slice();
  let floor = low;
  for (const i of order) floor = (places[i] = Math.max(wanted[i], floor)) + step;
  let ceiling = high;
  for (const i of order.reverse()) ceiling = (places[i] = Math.min(places[i], ceiling)) - step;
  return places;
}
