/** A panel with a button that saves it as a picture, with a caption and the address; its drawings also as SVG. */

import { button, inkOf, make, savePng, write } from "../dom.js";
import { fileOf, imageOf } from "../map/drawing.js";
import { framed } from "../map/framed.js";

/** @typedef {import("../payload.js").Host} Host */
/**
 * @typedef {object} Saved
 * @property {string} name of the panel
 * @property {() => string} of which model it is
 * @property {Host} host
 */

/**
 * @param {HTMLElement} panel
 * @param {Saved} saved
 */
export function savable(panel, saved) {
  return make("div", { className: "savable" }, saveButtons(panel, saved), panel);
}

/**
 * @param {HTMLElement} panel
 * @param {Saved} saved
 */
export function saveButtons(panel, saved) {
  const failed = () => write(png, "this browser cannot");
  const png = button("PNG", () => savePanel(panel, saved).catch(failed), hint(saved, "PNG"));
  const svg = button("SVG", () => saveDrawings(panel, saved), hint(saved, "SVG"));
  return make("div", { className: "save" }, png, ...(panel.querySelector("svg") ? [svg] : []));
}

/**
 * @param {Saved} saved
 * @param {string} format
 */
function hint({ name }, format) {
  const text = `save ${format}: ${name}`;
  return { title: text, "aria-label": text };
}

/**
 * The caption, and the address.
 * @param {Saved} saved
 */
function linesOf({ name, of, host }) {
  return [`${name}: ${of()}`, host.link.share()];
}

/**
 * @param {HTMLElement} panel
 * @param {Saved} saved
 */
async function savePanel(panel, saved) {
  const { image, width, height } = await imageOf(panel);
  const canvas = framed({ element: panel, width, height, lines: linesOf(saved) }, (context) => {
    context.beginPath();
    context.rect(0, 0, width, height);
    context.clip();
    context.drawImage(image, 0, 0);
  });
  savePng(canvas, `${saved.name}.png`);
}

/**
 * @param {HTMLElement} panel
 * @param {Saved} saved
 */
function saveDrawings(panel, saved) {
  const ink = `rgb(${inkOf(panel)})`, beneath = linesOf(saved).map((text) => ({ text, colour: ink }));
  const legend = [...panel.querySelectorAll(".legend li")].map((item) => {
    const colour = item.firstElementChild ? getComputedStyle(item.firstElementChild).color : ink;
    return { text: item.textContent ?? "", colour };
  });
  for (const svg of panel.querySelectorAll("svg")) {
    const href = URL.createObjectURL(new Blob([fileOf(svg, [...legend, ...beneath])], { type: "image/svg+xml" }));
    make("a", { download: `${svg.getAttribute("aria-label") ?? saved.name}.svg`, href }).click();
    URL.revokeObjectURL(href);
  }
}
