/** Names on a canvas, with an outline where their colour is too near to the ground. */

import { groundOf, inkOf } from "../dom.js";
import { haloOf } from "../math/colours.js";

/** @typedef {import("../math/geometry.js").Place} Place */

/**
 * What writes a text in a colour at a place, readable on the ground of an element.
 * @param {CanvasRenderingContext2D} context
 * @param {Element} element
 * @param {number} lineWidth
 */
export function outlined(context, element, lineWidth) {
  Object.assign(context, { lineWidth, lineJoin: "round", fillStyle: groundOf(element) });
  const ground = String(context.fillStyle), ink = `rgb(${inkOf(element).join()})`; // the ground in hexadecimal digits
  return (/** @type {string} */ text, /** @type {string} */ colour, /** @type {Place} */ [x, y]) => {
    Object.assign(context, { fillStyle: colour, strokeStyle: haloOf(colour, ground, ink) });
    context.strokeText(text, x, y);
    context.fillText(text, x, y);
  };
}
