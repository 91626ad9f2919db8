/** One style in every class, as a picture to take away. */

import { groundOf, inkPixels, savePng, offscreen } from "../dom.js";

/** @typedef {import("../map/latent-map.js").LatentMap} LatentMap */

const SCALE = 6; // pixels of the picture for one of an image
const GAP = 4, FOOT = 8; // around the images, and for the words
const IN_A_ROW = 10;

/** @param {LatentMap} map */
export function savePostcard(map) {
  const { model, payload, looked, ink } = map, [height, width] = payload.shape.slice(-2);
  const n = payload.class_names.length;
  if (!model?.decoder || !looked || !ink) return;
  const columns = Math.min(n, IN_A_ROW), rows = Math.ceil(n / columns);
  const small = offscreen(columns * width, rows * height);
  payload.class_names.forEach((_, k) => {
    const pixels = model.decoder?.decode(looked.code, k) ?? [], row = Math.floor(k / columns);
    inkPixels(small.context, pixels, payload.shape, ink, { x: (k % columns) * width, y: row * height });
  });
  const { width: inner, height: rise } = small.canvas;
  const { canvas, context } = offscreen((inner + 2 * GAP) * SCALE, (rise + GAP + FOOT) * SCALE);
  context.fillStyle = groundOf(map.element);
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.imageSmoothingEnabled = false;
  context.drawImage(small.canvas, GAP * SCALE, GAP * SCALE, small.canvas.width * SCALE, small.canvas.height * SCALE);
  context.fillStyle = `rgb(${ink})`;
  context.font = `${4 * SCALE}px sans-serif`;
  context.fillText(`${n} ${payload.nouns} in one style, by ${payload.title}`, GAP * SCALE, canvas.height - 2 * SCALE);
  savePng(canvas, "postcard.png");
}
