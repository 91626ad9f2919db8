/** Labels that a visitor gives to some images, one by one: as an address holds them, and which comes next. */

/** @typedef {(number | null)[]} Labels of each image; null: none yet */

const CLASS = /^\d{1,2}$/;

/**
 * The labels of n images as an address holds them, such as "3..7"; null where they cannot be those.
 * @param {string} text
 * @param {number} n
 * @param {number} classes how many there are
 * @returns {Labels | null}
 */
export function readLabels(text, n, classes) {
  const parts = text.split(".");
  if (parts.length !== n || !parts.every((part) => part === "" || (CLASS.test(part) && Number(part) < classes))) {
    return null;
  }
  return parts.map((part) => (part === "" ? null : Number(part)));
}

/** @param {Labels} labels */
export function writeLabels(labels) {
  return labels.map((label) => label ?? "").join(".");
}

/**
 * The next image without a label, from here on and then from the first; this one where all have one.
 * @param {Labels} labels
 * @param {number} here
 */
export function nextUnlabelled(labels, here) {
  const order = labels.map((_, i) => (here + i) % labels.length);
  return order.find((i) => labels[i] === null) ?? here;
}

/** @param {Labels} labels */
export function countLabelled(labels) {
  return labels.filter((label) => label !== null).length;
}
