/** Elements and canvases in a line each. */

/**
 * An element with its properties; names with a dash, and "role", are attributes.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, any>} properties
 * @param {(Node | string)[]} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.includes("-") || name === "role") element.setAttribute(name, value);
    else Object.assign(element, { [name]: value });
  }
  element.append(...children);
  return element;
}

/**
 * A button; it does nothing while it is not enabled.
 * @param {string} text
 * @param {() => void} onclick
 * @param {Record<string, any>} properties
 */
export function button(text, onclick, properties = {}) {
  const made = make("button", { type: "button", textContent: text, ...properties });
  made.onclick = () => { if (made.getAttribute("aria-disabled") !== "true") onclick(); };
  return made;
}

/**
 * Say whether a button can be pressed; one that cannot keeps the focus, as one that is disabled does not.
 * @param {HTMLButtonElement} element
 * @param {boolean} on
 */
export function enable(element, on) {
  const text = String(!on);
  if (element.getAttribute("aria-disabled") !== text) element.setAttribute("aria-disabled", text);
}

/**
 * An element of a drawing (SVG) with its attributes.
 * @param {string} tag
 * @param {Record<string, string | number>} attributes
 * @param {(Node | string)[]} children
 */
export function drawn(tag, attributes = {}, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...children);
  return element;
}

/**
 * Set an element's text where it is another: what has not changed need not be laid out again.
 * @param {HTMLElement} element
 * @param {string} text
 */
export function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {CanvasRenderingContext2DSettings} [settings]
 */
export function contextOf(canvas, settings) {
  const context = canvas.getContext("2d", settings);
  if (!context) throw new Error("this browser cannot draw");
  return context;
}

/**
 * A canvas that is not on the page, and its context.
 * @param {number} width
 * @param {number} height
 */
export function offscreen(width, height = width) {
  const canvas = make("canvas", { width, height });
  return { canvas, context: contextOf(canvas) };
}

/** @typedef {[number, number, number]} Ink red, green, blue */

/**
 * The colour of an element's text.
 * @param {Element} element
 * @returns {Ink}
 */
export function inkOf(element) {
  const [r = 0, g = 0, b = 0] = (getComputedStyle(element).color.match(/[\d.]+/g) ?? []).map(Number);
  return [r, g, b];
}

/**
 * The colour of the page under an element.
 * @param {Element} element
 */
export function groundOf(element) {
  return getComputedStyle(element).getPropertyValue("--ground").trim() || "white";
}

/**
 * Draw pixels in [0, 1] as ink on a transparent ground.
 * @param {CanvasRenderingContext2D} context
 * @param {ArrayLike<number>} pixels
 * @param {number[]} shape ..., height, width
 * @param {Ink} ink
 * @param {{x: number, y: number}} at
 */
export function inkPixels(context, pixels, shape, [r, g, b], at = { x: 0, y: 0 }) {
  const [height, width] = shape.slice(-2), image = context.createImageData(width, height), { data } = image;
  for (let i = 0; i < pixels.length; i++) {
    data[4 * i] = r;
    data[4 * i + 1] = g;
    data[4 * i + 2] = b;
    data[4 * i + 3] = pixels[i] * 255;
  }
  context.putImageData(image, at.x, at.y);
}

/**
 * The same as a picture: each canvas would be a layer of the page, which the browser composes in every frame.
 * @param {ArrayLike<number>} pixels
 * @param {number[]} shape ..., height, width
 * @param {Ink} ink
 */
export function pictureOf(pixels, shape, ink) {
  const [height, width] = shape.slice(-2), { canvas, context } = offscreen(width, height);
  inkPixels(context, pixels, shape, ink);
  return make("img", { src: canvas.toDataURL(), alt: "", width, height });
}

/**
 * Offer a canvas as a PNG file.
 * @param {HTMLCanvasElement} canvas
 * @param {string} name
 */
export function savePng(canvas, name) {
  make("a", { download: name, href: canvas.toDataURL("image/png") }).click();
}
