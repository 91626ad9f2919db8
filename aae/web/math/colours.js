/** Colours and short names of any number of classes, and the colours of measured values. */

const LONGEST = 3; // letters of a short name
const READABLE = 3; // the least contrast of large letters (WCAG 2)
const RAMP = [[43, 80, 184], [128, 128, 128], [214, 158, 0]]; // blue, grey, yellow: seen alike by the colour-blind

/**
 * The colour of a class: after the last one the palette begins again, and short names distinguish the classes.
 * @param {string[]} palette
 * @param {number} label
 */
export function classColour(palette, label) {
  return palette[label % palette.length];
}

/**
 * The outline of a name on a map: the ground, or the ink where the name's colour stands out too little from the ground.
 * @param {string} colour like "#3193ff"
 * @param {string} ground
 * @param {string} ink
 */
export function haloOf(colour, ground, ink) {
  return contrast(luminance(colour), luminance(ground)) < READABLE ? ink : ground;
}

/**
 * The contrast of two luminances, from 1 to 21 (WCAG 2).
 * @param {number} a
 * @param {number} b
 */
function contrast(a, b) {
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

/**
 * The relative luminance in [0, 1] of a colour in hexadecimal digits.
 * @param {string} colour
 */
function luminance(colour) {
  const linear = [1, 3, 5].map((i) => parseInt(colour.slice(i, i + 2), 16) / 255)
    .map((x) => (x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4));
  return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
}

/**
 * A short name for each class: the fewest first letters that no other class begins with, three at most; where that
 * cannot be, the classes' numbers.
 * @param {string[]} names
 * @returns {string[]}
 */
export function shortNames(names) {
  const short = names.map((name) => shortest(name.trim(), names));
  const unique = new Set(short).size === names.length && !short.includes("");
  return unique ? short : names.map((_, k) => String(k));
}

/**
 * @param {string} name
 * @param {string[]} names
 */
function shortest(name, names) {
  const letters = [...name], others = names.map((other) => other.trim());
  for (let n = 1; n <= Math.min(LONGEST, letters.length); n++) {
    const text = letters.slice(0, n).join("");
    if (others.filter((other) => other.startsWith(text)).length === 1) return text.trimEnd();
  }
  return letters.length <= LONGEST ? name : "";
}

/**
 * A long text, cut to so many letters.
 * @param {string} text
 * @param {number} most
 */
export function shorten(text, most) {
  const letters = [...text];
  return letters.length > most ? `${letters.slice(0, most - 1).join("")}…` : text;
}

/**
 * The CSS colour of a rank, from 0 (blue) over .5 (grey) to 1 (yellow).
 * @param {number} share
 */
export function rankColour(share) {
  const at = Math.min(Math.max(share, 0), 1) * (RAMP.length - 1), i = Math.min(Math.floor(at), RAMP.length - 2);
  const mixed = RAMP[i].map((value, c) => Math.round(value + (at - i) * (RAMP[i + 1][c] - value)));
  return `rgb(${mixed.join(" ")})`;
}
