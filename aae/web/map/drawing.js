/** Elements of the page as pictures: any of them as an image, and drawings (SVG) as files of their own. */

import { drawn, groundOf, make } from "../dom.js";

/** @typedef {{text: string, colour: string}} Line of text */

const CONTROLS = [
  ".save", ".buttons", ".source", ".pen", ".pen-help", ".timeline", ".spoken", "details", "input", "select",
  "button:not(td > button, :has(img))",
].join();
const ROOT = ".pad, .clusters"; // which the style sheet begins with
const PASSED = { ink: "text-color", ground: "background-color", line: "border-color", strong: "primary-color" };
const DRAWN = ["fill", "stroke", "stroke-width", "stroke-opacity", "stroke-dasharray", "font", "text-anchor"];
const LINE = 18; // of text in a file, in the drawing's units

/**
 * An element as an image at whose top left it is, and its size there; its controls are left out. The image is at least
 * as large as the window: what the style sheet says depends on that.
 * @param {HTMLElement} element
 */
export async function imageOf(element) {
  const copy = copyOf(element), page = make("div", { xmlns: "http://www.w3.org/1999/xhtml" }, inContext(element, copy));
  style(page, element);
  const box = boxIn(page, copy, element), width = Math.max(innerWidth, box.width);
  const height = Math.max(innerHeight, box.height), inside = drawn("foreignObject", { width, height });
  page.prepend(make("style", {}, rulesOf(element)));
  inside.append(page);
  const text = new XMLSerializer().serializeToString(drawn("svg", { width, height }, inside));
  const image = make("img", { width, height, src: `data:image/svg+xml,${encodeURIComponent(text)}` });
  await image.decode();
  return { image, width: box.width, height: box.height };
}

/**
 * The size that a copy has: an image has no fonts of the page, and its text may need more room.
 * @param {HTMLElement} page
 * @param {HTMLElement} copy
 * @param {HTMLElement} element
 */
function boxIn(page, copy, element) {
  (element.closest(ROOT) ?? element).after(page);
  const { width, height } = copy.getBoundingClientRect();
  page.remove();
  return { width, height };
}

/**
 * The rules that apply where an element is.
 * @param {HTMLElement} element
 */
function rulesOf(element) {
  const { adoptedStyleSheets } = /** @type {Document | ShadowRoot} */ (element.getRootNode());
  return adoptedStyleSheets.flatMap((sheet) => [...sheet.cssRules].map((rule) => rule.cssText)).join("\n");
}

/**
 * A copy without controls, its canvases as images, and nothing of it scrolled away.
 * @param {HTMLElement} element
 */
function copyOf(element) {
  const copy = /** @type {HTMLElement} */ (element.cloneNode(true));
  const originals = [element, ...element.querySelectorAll("*")];
  [copy, ...copy.querySelectorAll("*")].forEach((each, i) => {
    const original = originals[i];
    if (original instanceof HTMLCanvasElement) each.replaceWith(stillOf(original));
    else if (each instanceof HTMLElement && getComputedStyle(original).overflowY === "auto") {
      Object.assign(each.style, { overflow: "visible", maxHeight: "none" });
    }
  });
  for (const each of copy.querySelectorAll(CONTROLS)) each.remove();
  const { width } = element.getBoundingClientRect();
  Object.assign(copy.style, { boxSizing: "border-box", width: `${width}px`, maxWidth: "none", margin: 0 });
  if (getComputedStyle(element).display === "block") copy.style.display = "flow-root"; // margins stay inside
  return copy;
}

/**
 * A canvas as an image, as large and with the same border.
 * @param {HTMLCanvasElement} canvas
 */
function stillOf(canvas) {
  const { border, borderRadius, imageRendering } = getComputedStyle(canvas);
  const { width, height } = canvas.getBoundingClientRect(), still = make("img", { className: canvas.className });
  if (!width) return make("span");
  still.src = canvas.toDataURL();
  Object.assign(still.style, { border, borderRadius, imageRendering, boxSizing: "border-box", display: "block" });
  Object.assign(still.style, { width: `${width}px`, height: `${height}px`, maxWidth: "none" });
  return still;
}

/**
 * A copy within elements of the classes that the original is in.
 * @param {HTMLElement} element
 * @param {HTMLElement} copy
 */
function inContext(element, copy) {
  const root = element.closest(ROOT);
  if (element === root || !root) return copy;
  let inner = copy;
  for (let above = element.parentElement; above; above = above === root ? null : above.parentElement) {
    const outer = make("div", { className: above.className }, inner);
    outer.style.display = "contents";
    inner = outer;
  }
  return inner;
}

/**
 * What the copy inherits of the page.
 * @param {HTMLElement} page
 * @param {HTMLElement} element
 */
function style(page, element) {
  const given = getComputedStyle(element), { fontSize, color } = given;
  const lineHeight = String(parseFloat(given.lineHeight) / parseFloat(fontSize) || "normal");
  Object.assign(page.style, { fontSize, lineHeight, color, position: "fixed", left: "0", top: "0" });
  for (const [name, outer] of Object.entries(PASSED)) {
    page.style.setProperty(`--st-${outer}`, given.getPropertyValue(`--${name}`));
  }
  page.style.setProperty("--st-font", "sans-serif");
}

/**
 * A drawing as the text of a file, with its styles in it, on the page's ground, above some lines of text.
 * @param {SVGSVGElement} svg
 * @param {Line[]} lines
 */
export function fileOf(svg, lines) {
  const copy = /** @type {SVGSVGElement} */ (svg.cloneNode(true)), originals = svg.querySelectorAll("*");
  const { x, y, width, height } = svg.viewBox.baseVal, whole = height + LINE * (lines.length + 0.5);
  copy.querySelectorAll("*").forEach((each, i) => inline(originals[i], /** @type {SVGElement} */ (each)));
  for (const [name, value] of Object.entries({ width, height: whole, viewBox: `${x} ${y} ${width} ${whole}` })) {
    copy.setAttribute(name, String(value));
  }
  copy.prepend(drawn("rect", { x, y, width, height: whole, fill: groundOf(svg) }));
  copy.append(...lines.map(({ text, colour }, i) =>
    drawn("text", { x: x + 6, y: y + height + LINE * (i + 1), fill: colour, style: "font: 12px sans-serif" }, text)));
  return new XMLSerializer().serializeToString(copy);
}

/**
 * @param {Element} original
 * @param {SVGElement} copy
 */
function inline(original, copy) {
  const given = getComputedStyle(original);
  for (const name of DRAWN) copy.style.setProperty(name, given.getPropertyValue(name));
}
