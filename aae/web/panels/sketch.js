/** A canvas to draw on: what is drawn is encoded, and shown in every class. */

import { fetchTensors } from "../data/fetch.js";
import { button, contextOf, make, offscreen } from "../dom.js";
import { project } from "../math/geometry.js";
import { Network } from "../math/network.js";
import { bounds, centreOfMass, placement } from "../math/sketch.js";
import { AllClasses } from "./all-classes.js";
import { savePostcard } from "./postcard.js";

/** @typedef {import("../map/latent-map.js").LatentMap} LatentMap */
/** @typedef {import("../math/geometry.js").Place} Place */
/** @typedef {import("../math/sketch.js").Box} Box */

const PAPER = 196; // pixels of the canvas
const PEN = 15;

export class Sketch {
  /** @param {LatentMap} map */
  constructor(map) {
    this.map = map;
    this.paper = make("canvas", { width: PAPER, height: PAPER, className: "sketch", "aria-label": "Draw here" });
    this.context = contextOf(this.paper, { willReadFrequently: true });
    Object.assign(this.context, { lineWidth: PEN, lineCap: "round", lineJoin: "round" });
    const { noun, nouns, class_names: names } = map.payload;
    const note = make("p", { className: "note" }, `Draw a ${noun}: ${names.length} ${nouns} in your hand.`);
    const postcard = button("postcard", () => savePostcard(map), { title: "save the row of classes as a picture" });
    const buttons = make("div", { className: "buttons" }, button("clear", () => this.clear()), postcard);
    this.element = make("div", { className: "drawing" }, this.paper, note, buttons);
    /** @type {Promise<Network> | undefined} */
    this.encoder = undefined;
    /** @type {Place | null} where the pen was last */
    this.last = null;
    this.paper.onpointerdown = (event) => this.press(event);
    this.paper.onpointermove = (event) => this.last && this.draw(event);
    this.paper.onpointerup = this.paper.onpointercancel = () => this.lift();
  }

  /**
   * @param {PointerEvent} event
   * @returns {Place}
   */
  point(event) {
    const box = this.paper.getBoundingClientRect();
    return [((event.clientX - box.left) / box.width) * PAPER, ((event.clientY - box.top) / box.height) * PAPER];
  }

  /** @param {PointerEvent} event */
  press(event) {
    event.preventDefault();
    this.paper.setPointerCapture(event.pointerId);
    this.last = this.point(event);
    this.draw(event);
  }

  /** @param {PointerEvent} event */
  draw(event) {
    const here = this.point(event), { context } = this;
    context.strokeStyle = getComputedStyle(this.paper).color;
    context.beginPath();
    context.moveTo(...(this.last ?? here));
    context.lineTo(...here);
    context.stroke();
    this.last = here;
    this.encode();
  }

  lift() {
    this.last = null;
    this.encode();
  }

  clear() {
    this.context.clearRect(0, 0, PAPER, PAPER);
    this.map.drawn = null;
    this.map.redraw();
  }

  /** Ink in [0, 1] as the data set has its images; null: nothing is drawn. */
  pixels() {
    const [height, width] = this.map.payload.shape.slice(-2), box = bounds(this.ink(this.paper), PAPER);
    if (!box) return null;
    const { scale, x, y, byMass } = placement(box, width, height), first = this.render(box, scale, x, y);
    if (!byMass) return first;
    const centre = centreOfMass(first, width);
    return this.render(box, scale, x + (width - 1) / 2 - centre.x, y + (height - 1) / 2 - centre.y);
  }

  /** @param {HTMLCanvasElement} canvas */
  ink(canvas) {
    const { data } = contextOf(canvas).getImageData(0, 0, canvas.width, canvas.height);
    return data.filter((_, i) => i % 4 === 3);
  }

  /**
   * @param {Box} box of the drawing
   * @param {number} scale
   * @param {number} x
   * @param {number} y
   */
  render({ left, top, width, height }, scale, x, y) {
    const { canvas, context } = offscreen(this.map.payload.shape.at(-1) ?? 0, this.map.payload.shape.at(-2) ?? 0);
    context.imageSmoothingQuality = "high";
    context.drawImage(this.paper, left, top, width, height, x, y, width * scale, height * scale);
    return Float32Array.from(this.ink(canvas), (value) => value / 255);
  }

  /** Show the code of what is drawn, and enlarge the class whose image is nearest to it. */
  async encode() {
    const { map } = this, address = "encoder" in map.payload ? map.payload.encoder : "";
    this.encoder ??= fetchTensors(address).then((tensors) => new Network(tensors));
    const encoder = await this.encoder, pixels = this.pixels();
    if (!pixels || map.closed) return;
    const code = encoder.forward(pixels).slice(0, map.plane.origin.length), [u, v] = project(code, map.plane);
    map.group.change({ cursor: map.camera.clamp([u, v]), image: null, peek: null });
    map.drawn = code;
    if (!this.last) map.part(AllClasses)?.choose(likest(map, code, pixels));
    map.show();
  }

  snapshot() {
    const { drawn } = this.map;
    return { sketch: drawn && { code: [...drawn], pixels: [...(this.pixels() ?? [])] } };
  }
}

/**
 * The class whose image of a code is nearest to an image.
 * @param {LatentMap} map
 * @param {Float32Array} code
 * @param {Float32Array} pixels
 */
function likest(map, code, pixels) {
  const errors = map.payload.class_names.map((_, k) => {
    const decoded = map.model?.decoder?.decode(code, k) ?? [];
    return pixels.reduce((sum, x, i) => sum + (x - decoded[i]) ** 2, 0);
  });
  return errors.indexOf(Math.min(...errors));
}
