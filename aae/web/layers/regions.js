/** The class that the classifier gives to the image decoded at each place, paler: a smaller q(y|x). */

import { fetchTensors } from "../data/fetch.js";
import { offscreen } from "../dom.js";
import { certainty, largest } from "../math/certainty.js";
import { classColour } from "../math/colours.js";
import { Encoder } from "../math/encoder.js";
import { lift } from "../math/geometry.js";
import { inSlices } from "./slices.js";

/** @typedef {import("../map/latent-map.js").LatentMap} LatentMap */
/** @typedef {import("../math/geometry.js").View} View */
/**
 * @typedef {object} Picture
 * @property {HTMLCanvasElement} canvas
 * @property {CanvasRenderingContext2D} context
 * @property {string} key of what it shows
 * @property {View} view
 * @property {boolean} stretched
 * @property {Int16Array} classes [CELLS * CELLS] -1: not yet known
 * @property {Float32Array} q the largest, likewise
 * @property {boolean} done
 */

const CELLS = 48; // along a side
const STRONGEST = 0.65; // opacity where one class has all probability
const NAME = "regions";

export class Regions {
  /** @param {LatentMap} map */
  constructor(map) {
    this.map = map;
    /** @type {Picture | null} the one that is whole */
    this.shown = null;
    /** @type {Picture | null} the one that is being made */
    this.made = null;
    this.address = "";
    /** @type {Encoder | null} */
    this.encoder = null;
  }

  get isThere() {
    const { payload, model, frame, plane } = this.map;
    const hasClasses = "categories" in payload && payload.categories === "classes";
    return hasClasses && plane.origin.length === 2 && model?.decoder != null && !frame;
  }

  get isShown() {
    return this.isThere && this.map.state.layers.includes(NAME) && !this.map.isElsewhere;
  }

  get key() {
    const { camera, payload, model } = this.map, { x, y, half } = camera.view;
    const networks = "decoder" in payload ? [payload.decoder, payload.encoder] : [];
    return [...networks, model?.decoder?.version, x, y, half, camera.stretched].join();
  }

  /** Another model: what was made is none of it. @param {any} payload */
  load({ encoder }) {
    if (encoder === this.address) return;
    this.address = encoder;
    this.encoder = this.shown = this.made = null;
  }

  /** @param {Set<string>} names */
  changed(names) {
    if (names.has("layers")) this.redraw();
  }

  /** Begin anew where another square, or another condition, is shown; with exact networks alone. */
  async redraw() {
    const { map, key } = this;
    if (!this.isShown || map.canvas.dataset.exact !== "true" || key === this.made?.key) return;
    const { canvas, context } = offscreen(CELLS), { view, stretched } = map.camera, n = CELLS * CELLS;
    const classes = new Int16Array(n).fill(-1), q = new Float32Array(n);
    const picture = (this.made = { canvas, context, key, view, stretched, classes, q, done: false });
    this.encoder ??= await this.fetch();
    if (this.encoder) this.work(picture, this.encoder);
    else if (picture === this.made) this.made = null; // to be fetched again
  }

  async fetch() {
    const { address, map: { payload, plane } } = this;
    const isGaussian = "gaussian_posterior" in payload && payload.gaussian_posterior;
    const tensors = await fetchTensors(address).catch(() => null);
    return tensors && address === this.address ? new Encoder(tensors, plane.origin.length, isGaussian) : null;
  }

  /**
   * Classify all places, bit by bit.
   * @param {Picture} picture
   * @param {Encoder} encoder
   */
  work(picture, encoder) {
    inSlices(this.map, CELLS * CELLS, {
      isWanted: () => picture === this.made,
      step: (cell) => this.classify(picture, encoder, cell),
      end: () => this.end(picture),
    });
  }

  /** @param {Picture} picture */
  end(picture) {
    picture.done = true;
    this.shown = picture;
    this.map.show();
  }

  /**
   * @param {Picture} picture
   * @param {Encoder} encoder
   * @param {number} cell
   */
  classify({ context, classes, q }, encoder, cell) {
    const { camera, plane, model, payload: { colours } } = this.map;
    const column = cell % CELLS, row = Math.floor(cell / CELLS);
    const code = lift(camera.fromPixel([column + 0.5, row + 0.5], CELLS), plane);
    const pixels = model?.decoder?.decode(code), given = pixels && encoder.encode(pixels).y;
    if (!given) return;
    classes[cell] = largest(given);
    q[cell] = given[classes[cell]];
    context.globalAlpha = STRONGEST * certainty(given);
    context.fillStyle = classColour(colours, classes[cell]);
    context.fillRect(column, row, 1, 1);
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {number} size
   */
  paint(context, size) {
    const { map: { camera } } = this, all = [this.shown, this.made];
    const picture = this.isShown ? all.find((each) => each?.stretched === camera.stretched) : null;
    if (!picture) return;
    const { left, top, side } = camera.box(picture.view, size);
    context.imageSmoothingEnabled = false;
    context.drawImage(picture.canvas, left, top, side, side);
    context.imageSmoothingEnabled = true;
  }

  legend() {
    if (!this.isShown) return [];
    const waiting = this.made?.done ? "" : " (being worked out)";
    const what = "colour of an area: the class with the largest q(y|x) of the image decoded there";
    return [{ sign: "▦", colour: "", text: `${what}; paler: a smaller q${waiting}` }];
  }

  snapshot() {
    const { shown, made, isShown } = this;
    const known = shown && { view: shown.view, classes: Array.from(shown.classes), q: Array.from(shown.q) };
    return { regions: isShown ? { done: made?.done ?? false, cells: CELLS, ...known } : null };
  }
}
