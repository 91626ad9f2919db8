/** The words of the readout: where one looks, what is near, and what the prior expects there. */

/**
 * What is near a code, in its own space.
 * @typedef {object} Around
 * @property {number} count codes within the radius
 * @property {number | null} expected by the prior; null without one, or where not all images are shown
 * @property {number} distance of the nearest code
 * @property {number[]} nearest images, nearest first
 * @property {number} radius
 * @property {number} dim of the code
 * @property {boolean} other whether an image's own code is left out
 * @property {string | null} of which codes alone are counted; null: all
 */

const FEW = 3; // expected codes: fewer, and their absence says little
const FAR = 2; // radii to the nearest code: farther, and the decoder extrapolates
const EXTRAPOLATES = "the decoder extrapolates here";

/**
 * @param {ArrayLike<number>} place
 * @param {number} dim
 */
export function placeWords(place, dim) {
  const numbers = Array.from(place, (x) => (Math.abs(x) < 0.005 ? 0 : x).toFixed(2)).join(", ");
  return dim > 2 ? `place (${numbers}) on the plane` : `z = (${numbers})`;
}

/** @param {number | null} expected */
function expectedWords(expected) {
  return expected === null ? "" : ` (the prior expects ${expected < 1 ? "fewer than 1" : Math.round(expected)})`;
}

/** @param {Around} around */
export function nearWords({ count, expected, distance, radius, dim, other, of }) {
  const within = `within ${radius} of z${dim > 2 ? ` in all ${dim} dimensions` : ""}${expectedWords(expected)}`;
  if (of) return `${count || "None"} of the ${of} ${within}.`;
  const code = `${other ? "other " : ""}test code`;
  if (count) return `${count} ${code}${count > 1 ? "s" : ""} ${within}.`;
  if (expected === null) return `No ${code} ${within}: ${EXTRAPOLATES}.`;
  if (expected >= FEW) return `No ${code} ${within}, a hole: ${EXTRAPOLATES}.`;
  const far = distance > FAR * radius ? `: ${EXTRAPOLATES}` : "";
  return `No ${code} ${within}; the nearest is ${distance.toPrecision(2)} away${far}.`;
}

/**
 * Which codes alone are shown and counted.
 * @param {{n: number, other: boolean, marked: boolean, name: string | null, sort?: string}} shown name: of what
 */
export function shownWords({ n, other, marked, name, sort = "class" }) {
  const codes = `${other ? "other " : ""}${marked ? "marked " : ""}test codes`;
  return `${n - Number(other)} ${codes}${name === null ? "" : ` of ${sort} ${name}`}`;
}

/**
 * @param {number} image
 * @param {string} name of its class, or cluster
 * @param {"class" | "cluster"} [sort]
 */
export function imageWords(image, name, sort) {
  return `Test image ${image}, ${sort === "cluster" ? "in cluster" : "labelled"} ${name}: `;
}

/** @param {number} n */
export function markedWords(n) {
  return `${n.toLocaleString("en")} images are marked; Esc unmarks them.`;
}

/**
 * @param {"classes" | "clusters"} conditional
 * @param {number} label
 * @param {string[]} names of the classes
 */
export function decodedWords(conditional, label, names) {
  return conditional === "clusters" ? `cluster ${label}` : `class ${names[label] ?? label}`;
}

/**
 * How a network takes an image that is none of the data set's.
 * @param {{mse: number, y: Float32Array | null, near: number[], condition: any}} own near: classes of the nearest codes
 * @param {any} payload
 */
export function ownWords({ mse, y, near, condition }, payload) {
  const { class_names: names, categories, nouns, conditional } = payload;
  const error = `Reconstruction MSE ${mse.toFixed(4)} per pixel (test images: ${payload.mse.toFixed(4)}).`;
  const nameOf = (/** @type {number} */ k) => (categories === "clusters" ? `cluster ${k}` : names[k]);
  if (y) return `${error} ${sharesWords(Array.from(y), nameOf)}`;
  if (conditional === "classes") return `${error} Of the ${nouns}, ${names[condition]} reconstructs it best.`;
  return `${error} ${countWords(near, names)}`;
}

/**
 * @param {number[]} shares
 * @param {(k: number) => string} nameOf
 */
function sharesWords(shares, nameOf) {
  const order = shares.map((_, k) => k).sort((a, b) => shares[b] - shares[a]).slice(0, 3);
  const shown = order.filter((k, i) => i === 0 || shares[k] >= 0.01);
  return `q(y|x): ${shown.map((k) => `${nameOf(k)} ${(100 * shares[k]).toFixed(0)} %`).join(", ")}.`;
}

/**
 * @param {number[]} near
 * @param {string[]} names
 */
function countWords(near, names) {
  const counts = names.map((_, k) => near.filter((label) => label === k).length);
  const order = names.map((_, k) => k).filter((k) => counts[k]).sort((a, b) => counts[b] - counts[a]).slice(0, 3);
  return `Of the ${near.length} nearest test codes ${order.map((k) => `${counts[k]} are ${names[k]}`).join(", ")}.`;
}

export const UNSEEN = "It lies outside the part of the map that is seen.";
