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
 * @param {{n: number, other: boolean, marked: boolean, name: string | null}} shown name: of the isolated class
 */
export function shownWords({ n, other, marked, name }) {
  const codes = `${other ? "other " : ""}${marked ? "marked " : ""}test codes`;
  return `${n - Number(other)} ${codes}${name === null ? "" : ` of class ${name}`}`;
}

/**
 * @param {number} image
 * @param {string} name of its class
 */
export function imageWords(image, name) {
  return `Test image ${image}, labelled ${name}: `;
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

export const UNSEEN = "It lies outside the part of the map that is seen.";
