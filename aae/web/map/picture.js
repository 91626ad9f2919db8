/** The map as a picture to take away, with the decoded image, what is read of it, and the address. */

import { savePng } from "../dom.js";
import { framed, SCALE } from "./framed.js";

/** @typedef {import("./latent-map.js").LatentMap} LatentMap */

const GAP = 16; // pixels of the page, between the map and its image
const DIGIT = 0.3; // of the map's side

/**
 * @param {LatentMap} map
 * @param {string} caption
 */
export function picture(map, caption) {
  const side = map.canvas.clientWidth, digit = Math.round(DIGIT * side), lines = caption.split("\n");
  return framed({ element: map.element, width: side + GAP + digit, height: side, lines }, (context) => {
    drawMap(map, context, side);
    drawDigit(map, context, side + GAP, digit);
  });
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
  context.drawImage(map.canvas, 0, 0, side, side);
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
  context.drawImage(image, left, 0, width, height);
  context.strokeStyle = `rgb(${map.ink})`;
  context.strokeRect(left, 0, width, height);
}

/**
 * @param {LatentMap} map
 * @param {string} caption
 */
export function savePicture(map, caption) {
  const { run, data_title: data, has_prior, prior } = map.payload, fitted = has_prior ? `prior: ${prior}` : "no prior";
  const title = `${run}: ${data}, ${fitted}`;
  savePng(picture(map, `${title}\n${caption}\n${map.host.link.share()}`), `${run}.png`);
}
