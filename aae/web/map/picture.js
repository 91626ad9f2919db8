/** The map as a picture to take away: opaque, at twice its size, with the decoded image and a caption. */

import { groundOf, savePng, offscreen } from "../dom.js";

/** @typedef {import("./latent-map.js").LatentMap} LatentMap */

const SCALE = 2;
const MARGIN = 16, LINE = 18; // pixels of the page
const DIGIT = 0.3; // of the map's side

/**
 * @param {LatentMap} map
 * @param {string} caption
 */
export function picture(map, caption) {
  const side = map.canvas.clientWidth, digit = Math.round(DIGIT * side);
  const width = 3 * MARGIN + side + digit, height = 2 * MARGIN + side + LINE * (caption.split("\n").length + 0.5);
  const { canvas, context } = offscreen(Math.round(SCALE * width), Math.round(SCALE * height));
  context.scale(SCALE, SCALE);
  context.fillStyle = groundOf(map.element);
  context.fillRect(0, 0, width, height);
  drawMap(map, context, side);
  drawDigit(map, context, 2 * MARGIN + side, digit);
  context.fillStyle = `rgb(${map.ink})`;
  context.font = `${LINE - 4}px sans-serif`;
  caption.split("\n").forEach((line, i) => context.fillText(line, MARGIN, 2 * MARGIN + side + LINE * (i + 0.6)));
  return canvas;
}

/**
 * Draw the map as sharp as the picture, whatever the screen is.
 * @param {LatentMap} map
 * @param {CanvasRenderingContext2D} context
 * @param {number} side
 */
function drawMap(map, context, side) {
  map.scale = SCALE;
  map.redraw();
  map.paint();
  context.drawImage(map.canvas, MARGIN, MARGIN, side, side);
  map.scale = undefined;
  map.redraw();
  map.paint();
}

/**
 * @param {LatentMap} map
 * @param {CanvasRenderingContext2D} context
 * @param {number} left
 * @param {number} width
 */
function drawDigit(map, context, left, width) {
  const image = map.side.querySelector("canvas.digit");
  if (!(image instanceof HTMLCanvasElement) || !image.width) return;
  const height = (width * image.height) / image.width;
  context.imageSmoothingEnabled = false;
  context.drawImage(image, left, MARGIN, width, height);
  context.strokeStyle = `rgb(${map.ink})`;
  context.strokeRect(left, MARGIN, width, height);
}

/**
 * @param {LatentMap} map
 * @param {string} caption
 */
export function savePicture(map, caption) {
  const { run, data_title: data, has_prior, prior } = map.payload, fitted = has_prior ? `prior: ${prior}` : "no prior";
  const title = `${run}: ${data}, ${fitted}`;
  savePng(picture(map, `${title}\n${caption}`), `${run}.png`);
}
