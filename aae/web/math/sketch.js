/** From a large drawing to an image of a data set: scaled into a box, and where the data set is, centred by mass. */

/** @typedef {{left: number, top: number, width: number, height: number}} Box */

const BOX = 20 / 28; // of the side: what MNIST's digits are scaled into
const SMALL = 20; // pixels: images below have no room for a margin
const DRAWN = 32; // of 255: what counts as ink

/**
 * The bounding box of what is drawn on a canvas [side, side] of values up to 255; null: nothing.
 * @param {ArrayLike<number>} ink
 * @param {number} side
 * @returns {Box | null}
 */
export function bounds(ink, side) {
  let left = side, right = -1, top = side, bottom = -1;
  for (let i = 0; i < ink.length; i++) {
    if (ink[i] < DRAWN) continue;
    const x = i % side, y = Math.floor(i / side);
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  }
  return right < 0 ? null : { left, top, width: right - left + 1, height: bottom - top + 1 };
}

/**
 * The mean place of the mass of an image [height, width].
 * @param {ArrayLike<number>} pixels
 * @param {number} width
 */
export function centreOfMass(pixels, width) {
  let mass = 0, x = 0, y = 0;
  for (let i = 0; i < pixels.length; i++) {
    mass += pixels[i];
    x += pixels[i] * (i % width);
    y += pixels[i] * Math.floor(i / width);
  }
  return { x: x / mass, y: y / mass };
}

/**
 * Where a drawing goes in an image: its scale, and its top left corner when its box is centred.
 * @param {Box} box
 * @param {number} width of the image
 * @param {number} height
 * @param {boolean} centred whether the data set's images are centred by mass, in a margin
 */
export function placement(box, width, height, centred) {
  const side = Math.min(width, height), byMass = centred && side >= SMALL;
  const scale = (byMass ? BOX * side : side) / Math.max(box.width, box.height);
  return { scale, x: (width - box.width * scale) / 2, y: (height - box.height * scale) / 2, byMass };
}
