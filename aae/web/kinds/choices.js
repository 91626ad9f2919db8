/** What is chosen on Denoise & repair, from the address and back. */

import { format, parse } from "../link/link.js";

/** @typedef {import("../math/geometry.js").Place} Place */
/** @typedef {import("../payload-uses.js").DenoisePayload} DenoisePayload */
/** @typedef {import("../payload.js").Link} Link */
/**
 * @typedef {object} Choices
 * @property {string} corruption
 * @property {number} strength
 * @property {number} draw the number of the random draw
 * @property {Place | null} hole where it was dragged to
 * @property {boolean} again whether reconstructions are encoded once more
 */

const STRENGTH = 0.5; // of the noise that the denoising runs were trained with
const OWN = ["corruption", "strength", "draw", "hole", "again", "image"];

/**
 * What the address holds, and a line on what is not understood.
 * @param {DenoisePayload} payload
 * @param {Link} link
 * @returns {{choices: Choices, image: number, complaint: string}}
 */
export function readChoices({ n, class_names: names, corruptions }, link) {
  const known = corruptions.map(({ name }) => name);
  const { state, misread } = parse(link.read(), { images: n, classes: names.length, corruptions: known });
  const { corruption, strength, draw, hole, again, image } = state;
  const choices = { corruption: corruption ?? known[0], strength: strength ?? STRENGTH, draw, hole, again };
  const wrong = misread.filter(({ name, text }) => OWN.includes(name) && !link.wrote(name, text));
  const words = wrong.map(({ name, text, rule }) => `${name}=${text} (${rule})`).join("; ");
  const complaint = words && `Not understood in the address: ${words}. The default is shown.`;
  return { choices, image: image ?? 0, complaint };
}

/**
 * @param {DenoisePayload} payload
 * @param {Link} link
 * @param {Choices} choices
 * @param {number | null} image
 */
export function writeChoices({ corruptions }, link, { corruption, strength, ...others }, image) {
  link.write(format({
    ...others, image: image || null,
    corruption: corruption === corruptions[0].name ? null : corruption,
    strength: strength === STRENGTH ? null : strength,
  }));
}
