/** What a map looks at: a place, the code there, the image of that code, and what is near. */

import { codeAt } from "../data/model.js";
import { lift, project } from "../math/geometry.js";
import { expectedCount, neighbours } from "../math/neighbours.js";
import { shownWords } from "./words.js";

/** @typedef {import("../math/geometry.js").Place} Place */
/** @typedef {import("./latent-map.js").LatentMap} LatentMap */
/** @typedef {import("./words.js").Around} Around */

/**
 * @typedef {object} Look
 * @property {Place} place on the map as it is laid out
 * @property {Place} own on the model's own plane
 * @property {Float32Array} code
 * @property {number | null} image a test image, where one is looked at
 * @property {ArrayLike<number> | null} pixels in [0, 1]
 * @property {Around} around
 */

/**
 * @param {LatentMap} map
 * @returns {Look}
 */
export function lookAt(map) {
  const { model, image, payload } = map, { place, own, code, condition } = subjectOf(map);
  const as = payload.kind === "style" ? null : condition; // there, what is enlarged decides
  const pixels = map.frame?.near(own) ?? model?.decoder?.decode(code, as).slice() ?? null;
  return { place, own, code, image, pixels, around: aroundOf(map, code, image !== null) };
}

/**
 * What is looked at: a test image, the visitor's, or a place.
 * @param {LatentMap} map
 * @returns {{place: Place, own: Place, code: Float32Array, condition: number | Float32Array | null}}
 */
function subjectOf(map) {
  const { codes, plane, image, ownShown, decodedAs: condition } = map, { cursor, peek } = map.state;
  if (image === null && !ownShown) {
    const place = peek ?? cursor;
    return { place, own: place, code: lift(place, plane), condition };
  }
  const code = ownShown?.code ?? codeAt(codes, image ?? 0, plane.origin.length), own = placeOf(project(code, plane), 0);
  if (ownShown) return { place: own, own, code, condition: ownShown.condition };
  return { place: placeOf(map.points, image ?? 0), own, code, condition };
}

/**
 * @param {Float32Array} places [N, 2]
 * @param {number} i
 * @returns {Place}
 */
export function placeOf(places, i) {
  return [places[2 * i], places[2 * i + 1]];
}

/**
 * @param {LatentMap} map
 * @param {Float32Array} code
 * @param {boolean} other whether it is that of a test image, which is then left out
 * @returns {Around}
 */
function aroundOf(map, code, other) {
  const { radius, has_prior } = map.payload, prior = map.model?.prior;
  const found = neighbours(map.codes, code, radius, map.hides ? (i) => map.shows(i) : undefined);
  const expected = has_prior && prior && !map.hides ? expectedCount(prior, code, radius, map.n) : null;
  return {
    count: found.count - Number(other), expected, distance: found.distances[Number(other)] ?? Infinity,
    nearest: found.nearest, radius, dim: code.length, other, of: map.hides ? ofWords(map, other) : null,
  };
}

/**
 * @param {LatentMap} map
 * @param {boolean} other
 */
function ofWords(map, other) {
  const { only } = map.state, name = only === null ? null : map.payload.class_names[only] ?? String(only);
  return shownWords({ n: map.nShown, other, marked: map.marked !== null, name, sort: map.sort });
}

/**
 * The shown test image whose point is nearest to a place on the map; null where none is shown.
 * @param {LatentMap} map
 * @param {Place} place
 */
export function nearestImage(map, place) {
  const found = neighbours(map.points, place, 0, map.hides ? (i) => map.shows(i) : undefined);
  return found.nearest[0] ?? null;
}

/**
 * The shown test image that is nearest to another one in a direction, give or take 45 degrees; null: there is none.
 * @param {LatentMap} map
 * @param {number} from
 * @param {Place} direction
 */
export function nextImage(map, from, direction) {
  const [x, y] = placeOf(map.points, from), length = Math.hypot(...direction);
  let best = null, nearest = Infinity;
  for (let i = 0; i < map.n; i++) {
    const [u, v] = placeOf(map.points, i), distance = Math.hypot(u - x, v - y);
    if (!distance || distance >= nearest || !map.shows(i)) continue;
    if (((u - x) * direction[0] + (v - y) * direction[1]) / distance / length < Math.SQRT1_2) continue;
    best = i;
    nearest = distance;
  }
  return best;
}
