/**
 * Codes z [D], places on a plane through them [2], map coordinates [2] and pixels [2].
 * Map coordinates are places, or on a percentile grid the prior's mass to the left of and below them.
 */

import { normalCdf, normalQuantile } from "./normal.js";

/** @typedef {[number, number]} Place */
/** @typedef {{x: number, y: number, half: number}} View a square of map coordinates: its centre, half its side */
/** @typedef {{origin: number[], basis: number[][]}} Plane z = origin + u basis[0] + v basis[1] */
/** @typedef {{toMap: (x: number) => number, fromMap: (x: number) => number}} Axis */

export const ZOOM_IN = 50; // how much smaller than the whole map a view may be
export const ZOOM_OUT = 2; // how much larger
const EDGE = 1e-5; // of the mass: farther out there is no percentile

/** @type {Axis} */
export const LINEAR = { toMap: (x) => x, fromMap: (x) => x };

/**
 * A percentile axis: equal lengths have equal probability under N(0, std²).
 * @param {number} std
 * @returns {Axis}
 */
export function percentileAxis(std) {
  const within = (/** @type {number} */ p) => Math.min(Math.max(p, EDGE), 1 - EDGE);
  return { toMap: (x) => normalCdf(x / std), fromMap: (p) => std * normalQuantile(within(p)) };
}

/**
 * The places [N, 2] of codes [N, D].
 * @param {ArrayLike<number>} codes
 * @param {Plane} plane
 */
export function project(codes, { origin, basis }) {
  const dim = origin.length, n = codes.length / dim, places = new Float32Array(2 * n);
  for (let i = 0; i < n; i++) {
    for (let axis = 0; axis < 2; axis++) {
      let sum = 0;
      for (let d = 0; d < dim; d++) sum += (codes[i * dim + d] - origin[d]) * basis[axis][d];
      places[2 * i + axis] = sum;
    }
  }
  return places;
}

/**
 * The code at a place of the plane.
 * @param {ArrayLike<number>} place
 * @param {Plane} plane
 */
export function lift(place, { origin, basis }) {
  return Float32Array.from(origin, (o, d) => o + place[0] * basis[0][d] + place[1] * basis[1][d]);
}

/**
 * @param {ArrayLike<number>} place
 * @param {View} view
 * @param {number} size pixels along a side of the map
 * @param {Axis} axis
 * @returns {Place}
 */
export function toPixel(place, { x, y, half }, size, axis = LINEAR) {
  return [
    ((axis.toMap(place[0]) - x) / half + 1) * 0.5 * size,
    (1 - (axis.toMap(place[1]) - y) / half) * 0.5 * size,
  ];
}

/**
 * @param {ArrayLike<number>} pixel
 * @param {View} view
 * @param {number} size
 * @param {Axis} axis
 * @returns {Place}
 */
export function fromPixel(pixel, { x, y, half }, size, axis = LINEAR) {
  return [
    axis.fromMap(x + ((2 * pixel[0]) / size - 1) * half),
    axis.fromMap(y + (1 - (2 * pixel[1]) / size) * half),
  ];
}

/**
 * The view after zooming by a factor (below 1: nearer) about a point of the map, which stays where it is.
 * @param {View} view
 * @param {ArrayLike<number>} at in map coordinates
 * @param {number} factor
 * @param {number} whole half the side of the whole map
 * @returns {View}
 */
export function zoomed(view, at, factor, whole) {
  const half = Math.min(Math.max(view.half * factor, whole / ZOOM_IN), whole * ZOOM_OUT), ratio = half / view.half;
  return { x: at[0] + (view.x - at[0]) * ratio, y: at[1] + (view.y - at[1]) * ratio, half };
}

/**
 * The nearest point of a square.
 * @param {ArrayLike<number>} point
 * @param {View} square
 * @returns {Place}
 */
export function clampTo(point, { x, y, half }) {
  const within = (/** @type {number} */ v, /** @type {number} */ c) => Math.min(Math.max(v, c - half), c + half);
  return [within(point[0], x), within(point[1], y)];
}

/**
 * Whether a point lies in a square, its edge included.
 * @param {ArrayLike<number>} point
 * @param {View} square
 */
export function isWithin(point, { x, y, half }) {
  const slack = half * 1e-3; // an address holds four digits
  return Math.abs(point[0] - x) <= half + slack && Math.abs(point[1] - y) <= half + slack;
}

/**
 * Whether a point lies inside a closed loop: a ray to the right crosses it an odd number of times.
 * @param {ArrayLike<number>} point
 * @param {ArrayLike<number>[]} loop
 */
export function isInside(point, loop) {
  const [x, y] = [point[0], point[1]];
  let inside = false;
  for (let i = 0, j = loop.length - 1; i < loop.length; j = i++) {
    const [xi, yi, xj, yj] = [loop[i][0], loop[i][1], loop[j][0], loop[j][1]];
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) inside = !inside;
  }
  return inside;
}

/**
 * The place at a share of a path of straight legs, every leg taking as long.
 * @param {Place[]} stops
 * @param {number} share in [0, 1]
 * @returns {Place}
 */
export function along(stops, share) {
  const legs = stops.length - 1, at = Math.min(Math.max(share, 0), 1) * legs;
  const i = Math.min(Math.floor(at), legs - 1), t = at - i, [a, b] = [stops[i], stops[i + 1]];
  return [(1 - t) * a[0] + t * b[0], (1 - t) * a[1] + t * b[1]];
}
