/** A picture to take away: opaque, twice as large as on the page, with a caption and the address beneath. */

import { groundOf, inkOf, offscreen } from "../dom.js";
import { wrapped } from "../math/words.js";

/**
 * @typedef {object} Framed
 * @property {Element} element whose colours it has
 * @property {number} width of what is drawn, in pixels of the page
 * @property {number} height
 * @property {string[]} lines beneath it
 */

export const SCALE = 2;
const MARGIN = 16, LINE = 18; // pixels of the page
const FONT = `${LINE - 4}px sans-serif`;

/**
 * @param {Framed} framed
 * @param {(context: CanvasRenderingContext2D) => void} draw in pixels of the page
 */
export function framed({ element, width, height, lines }, draw) {
  const measured = offscreen(1).context;
  measured.font = FONT;
  const written = lines.flatMap((line) => wrapped(line, (text) => measured.measureText(text).width <= width));
  const foot = LINE * (written.length + 0.5);
  const { canvas, context } = offscreen(sized(width + 2 * MARGIN), sized(height + foot + 2 * MARGIN));
  context.scale(SCALE, SCALE);
  context.fillStyle = groundOf(element);
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.save();
  context.translate(MARGIN, MARGIN);
  draw(context);
  context.restore();
  context.fillStyle = `rgb(${inkOf(element)})`;
  context.font = FONT;
  written.forEach((line, i) => context.fillText(line, MARGIN, MARGIN + height + LINE * (i + 1.2)));
  return canvas;
}

/** @param {number} length */
function sized(length) {
  return Math.round(SCALE * length);
}
