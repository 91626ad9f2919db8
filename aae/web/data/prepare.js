/** From a drawing board to an image as a data set has them. */

import { contextOf, offscreen } from "../dom.js";
import { bounds, centreOfMass, placement } from "../math/sketch.js";

/** @typedef {import("../math/sketch.js").Box} Box */

/**
 * Ink in [0, 1] [height, width] of what is on a board; null: nothing is.
 * @param {HTMLCanvasElement} board a square
 * @param {number[]} shape ..., height, width
 * @param {boolean} centred whether the data set's images are centred by mass
 */
export function prepare(board, shape, centred) {
  const [height, width] = shape.slice(-2), box = bounds(inkOn(board), board.width);
  if (!box) return null;
  const { scale, x, y, byMass } = placement(box, width, height, centred);
  const first = render(board, box, shape, scale, x, y);
  if (!byMass) return first;
  const centre = centreOfMass(first, width);
  return render(board, box, shape, scale, x + (width - 1) / 2 - centre.x, y + (height - 1) / 2 - centre.y);
}

/** @param {HTMLCanvasElement} canvas */
function inkOn(canvas) {
  const { data } = contextOf(canvas, { willReadFrequently: true }).getImageData(0, 0, canvas.width, canvas.height);
  return data.filter((_, i) => i % 4 === 3);
}

/**
 * @param {HTMLCanvasElement} board
 * @param {Box} box of what is on it
 * @param {number[]} shape
 * @param {number} scale
 * @param {number} x
 * @param {number} y
 */
function render(board, { left, top, width, height }, shape, scale, x, y) {
  const { canvas, context } = offscreen(shape.at(-1) ?? 0, shape.at(-2) ?? 0);
  context.imageSmoothingQuality = "high";
  context.drawImage(board, left, top, width, height, x, y, width * scale, height * scale);
  return Float32Array.from(inkOn(canvas), (value) => value / 255);
}
