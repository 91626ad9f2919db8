/** One moment of a training: the codes of the test images, and pictures that were made when they were there. */

import { inkPixels, offscreen } from "../dom.js";
import { bytesOf, floatsOf } from "../math/tensors.js";
import { fetchTensors, readGrey } from "./fetch.js";

/** @typedef {import("./fetch.js").Grey} Grey */
/** @typedef {import("../dom.js").Ink} Ink */
/** @typedef {import("../math/geometry.js").View} View */
/** @typedef {"manifold" | "strip" | "discriminator"} Name */

/** @type {Record<Name, string>} the tensors' names in a run file */
const TENSORS = { manifold: "sheet", strip: "strip", discriminator: "opinion" };
const PUSH = "push."; // before the name of a loss: arrows of the first codes

export class Frame {
  /**
   * @param {Float32Array} codes [n, D]
   * @param {number[]} shape of an image
   * @param {View | null} view the square of the plane that the pictures show
   * @param {number | null} accuracy of the discriminator
   * @param {Partial<Record<Name, Grey>>} greys
   * @param {Record<string, Float32Array>} pushes by loss: the way down its gradient, of the first codes [m, D]
   */
  constructor(codes, shape, view, accuracy, greys, pushes = {}) {
    this.codes = codes;
    this.shape = shape;
    this.view = view;
    this.accuracy = accuracy;
    this.greys = greys;
    this.pushes = pushes;
    /** @type {Map<string, HTMLCanvasElement>} */
    this.inked = new Map();
  }

  /**
   * A picture in the page's ink, its ground transparent.
   * @param {Name} name
   * @param {Ink} ink
   */
  picture(name, ink) {
    const grey = this.greys[name], key = `${name} ${ink}`, kept = this.inked.get(key);
    if (!grey || kept) return kept ?? null;
    const { canvas, context } = offscreen(grey.width, grey.height);
    inkPixels(context, Float32Array.from(grey.values, (value) => value / 255), [grey.height, grey.width], ink);
    this.inked.set(key, canvas);
    return canvas;
  }

  /**
   * The pixels in [0, 1] of the manifold's image nearest to a place; null where there is no manifold.
   * @param {ArrayLike<number>} place
   */
  near(place) {
    const { manifold } = this.greys;
    if (!manifold || !this.view) return null;
    const { values, width } = manifold, { x, y, half } = this.view;
    const [height, side] = this.shape.slice(-2), n = width / side;
    const cell = (/** @type {number} */ share) => Math.min(Math.max(Math.floor(share * n), 0), n - 1);
    const left = cell((place[0] - x) / half / 2 + 0.5) * side, top = cell(0.5 - (place[1] - y) / half / 2) * height;
    const at = (/** @type {number} */ i) => (top + Math.floor(i / side)) * width + left + (i % side);
    return Float32Array.from({ length: height * side }, (_, i) => values[at(i)] / 255);
  }
}

/**
 * @param {string} address
 * @param {number[]} shape
 */
export async function fetchFrame(address, shape) {
  const tensors = await fetchTensors(address);
  /** @type {Partial<Record<Name, Grey>>} */
  const greys = {};
  for (const [name, stored] of Object.entries(TENSORS)) {
    if (tensors[stored]) greys[/** @type {Name} */ (name)] = await readGrey(bytesOf(tensors, stored));
  }
  const [x, y, half] = tensors.view?.values ?? [], accuracy = tensors.accuracy?.values[0] ?? null;
  const stored = Object.keys(tensors).filter((name) => name.startsWith(PUSH));
  const pushes = Object.fromEntries(stored.map((name) => [name.slice(PUSH.length), floatsOf(tensors, name)]));
  return new Frame(floatsOf(tensors, "codes"), shape, half ? { x, y, half } : null, accuracy, greys, pushes);
}
