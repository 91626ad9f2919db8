/** The visitor's own image: a board to draw it on, and what the network is given of it. */

import { button, contextOf, inkPixels, make } from "../dom.js";
import { Board } from "./board.js";
import { savePostcard } from "./postcard.js";

/** @typedef {import("../map/group.js").Group} Group */
/** @typedef {import("../map/latent-map.js").LatentMap} LatentMap */

/**
 * A board for all maps of a group.
 * @param {Group} group
 * @param {string} noun
 */
export function boardOf(group, noun) {
  return new Board(noun, (board, done) => {
    group.change({ drawing: board && { board, done }, ...(board && { image: null, peek: null }) });
  });
}

/** In a fold, with the prepared image. */
export class OwnImagePanel {
  /** @param {LatentMap} map */
  constructor(map) {
    this.map = map;
    this.board = boardOf(map.group, map.payload.noun);
    this.canvas = make("canvas", { className: "prepared", role: "img", "aria-label": "What the network is given" });
    this.figure = make("figure", { hidden: true }, this.canvas, make("figcaption", {}, "input"));
    this.board.beside.append(this.figure);
    this.element = make("details", { className: "own" }, make("summary", {}, "Your own image"), this.board.element);
    /** @type {Float32Array | undefined} */
    this.shown = undefined;
  }

  load() {
    [this.canvas.height, this.canvas.width] = this.map.payload.shape.slice(-2);
    this.shown = undefined;
  }

  redraw() {
    this.shown = undefined;
  }

  show() {
    const { own, ink, payload } = this.map;
    this.figure.hidden = !own;
    if (!own || !ink || own.pixels === this.shown) return;
    this.shown = own.pixels;
    inkPixels(contextOf(this.canvas), own.pixels, payload.shape, ink);
  }

  close() {
    this.board.close();
  }
}

/** Always open, with a picture of all classes in this style to take away. */
export class StyleSketch {
  /** @param {LatentMap} map */
  constructor(map) {
    const { noun, nouns, class_names: names } = map.payload, board = (this.board = boardOf(map.group, noun));
    const what = `Draw a ${noun}: ${names.length} ${nouns} in your hand.`;
    const title = "save the row of classes as a picture";
    board.buttons.append(button("postcard", () => savePostcard(map), { title }));
    board.beside.prepend(make("p", { className: "note" }, what));
    this.element = board.element;
  }

  /** @param {number[][][]} strokes */
  trace(strokes) {
    if (strokes.length) this.board.trace(strokes);
  }

  close() {
    this.board.close();
  }
}
