/** The state that the maps of a group share. Each field is a message: a change is sent to all of them. */

/** @typedef {import("../math/geometry.js").Place} Place */
/** @typedef {import("../math/geometry.js").View} View */

/**
 * An image that is encoded here: of a board, or pixels as the data set has them.
 * @typedef {object} Drawing
 * @property {HTMLCanvasElement} [board]
 * @property {Float32Array} [pixels]
 * @property {number | null} [label] its class, where that is known
 * @property {string} [title] what it is; else the visitor's own
 * @property {boolean} done whether the pen is up
 */

/**
 * @typedef {object} Shared
 * @property {Place} cursor
 * @property {Place | null} peek
 * @property {Place[]} pins
 * @property {{dataset: string, index: number, held: boolean} | null} image
 * @property {Drawing | null} drawing
 * @property {number | null} only
 * @property {{dataset: string, images: Set<number>} | null} marked
 * @property {View | null} view
 * @property {boolean} stretch
 * @property {string[]} layers
 * @property {number} fade
 * @property {boolean} lassoing
 * @property {number | null} epoch
 * @property {string | null} layout
 * @property {number | null} moment
 */

/** @typedef {"paint" | "redraw"} Effect what follows: another frame, or every layer drawn anew */
/** @typedef {{about: string, effect: Effect, start: any}} Message */

/** @type {{[K in keyof Shared]: Message}} */
export const MESSAGES = {
  cursor: { about: "the place that is looked at", effect: "paint", start: [0, 0] },
  peek: { about: "the place under a pointer that is not pressed", effect: "paint", start: null },
  pins: { about: "places that are kept, and the path through them", effect: "paint", start: [] },
  image: { about: "the test image of a data set that is looked at; is it held?", effect: "paint", start: null },
  drawing: { about: "an image that is encoded here, such as one's own; is the pen up?", effect: "paint", start: null },
  only: { about: "the class that is isolated", effect: "redraw", start: null },
  marked: { about: "the test images, of a data set, that a lasso marked", effect: "redraw", start: null },
  view: { about: "the square that is seen, in map coordinates; null: the whole map", effect: "redraw", start: null },
  stretch: { about: "whether the axes are percentiles of the prior", effect: "redraw", start: false },
  layers: { about: "the layers that are shown over the map", effect: "paint", start: ["prior", "radius"] },
  fade: { about: "from the manifold (0) to the codes (1)", effect: "paint", start: 0.6 },
  lassoing: { about: "whether the next drag is a lasso", effect: "paint", start: false },
  epoch: { about: "the epoch that is shown; null: the finished model", effect: "paint", start: null },
  layout: { about: "the model whose places the points take; null: each its own", effect: "paint", start: null },
  moment: { about: "the share of the training that is shown", effect: "paint", start: null },
};

/** @returns {Shared} */
export function startState() {
  return /** @type {any} */ (Object.fromEntries(Object.entries(MESSAGES).map(([name, { start }]) => [name, start])));
}

/**
 * The larger effect of some messages.
 * @param {Iterable<keyof Shared>} names
 * @returns {Effect}
 */
export function effectOf(names) {
  return [...names].some((name) => MESSAGES[name].effect === "redraw") ? "redraw" : "paint";
}
