/** A ring of the classes: inside it, the nearer a class the larger its share in a mixture. */

import { contextOf, make, write } from "../dom.js";
import { classColour, shortNames } from "../math/colours.js";
import { RING } from "../layers/marks.js";
import { outlined } from "../layers/outlined.js";
import { AllClasses } from "./all-classes.js";

/** @typedef {import("../map/latent-map.js").LatentMap} LatentMap */
/** @typedef {import("../math/geometry.js").Place} Place */

const SIZE = 360; // pixels of the canvas
const RIM = 0.82; // of its half side: where the classes are
const MAX = 12; // classes that a ring has room for
const LEAST = 28, MOST = 46; // pixels: the names of classes
const STEP = 0.05; // for a press of an arrow
/** @type {Record<string, Place>} */
const ARROWS = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] };

/**
 * The share of each of n classes at a place in the ring, of half side 1: by nearness, and they sum to 1.
 * @param {Place} place
 * @param {number} n
 */
export function sharesAt([x, y], n) {
  const sharpness = 1.6 / n, corners = Array.from({ length: n }, (_, k) => corner(k, n));
  const near = corners.map(([u, v]) => -((x - u) ** 2 + (y - v) ** 2) / sharpness), top = Math.max(...near);
  const weights = near.map((value) => Math.exp(value - top)), sum = weights.reduce((a, b) => a + b);
  return weights.map((weight) => weight / sum);
}

/**
 * @param {number} k
 * @param {number} n
 * @returns {Place}
 */
function corner(k, n) {
  const angle = (2 * Math.PI * k) / n - Math.PI / 2;
  return [RIM * Math.cos(angle), RIM * Math.sin(angle)];
}

/**
 * The pixel of a place in the ring.
 * @param {Place} place
 * @returns {Place}
 */
function at([x, y]) {
  return [((x + 1) * SIZE) / 2, ((y + 1) * SIZE) / 2];
}

export class Ring {
  /** @param {LatentMap} map */
  constructor(map) {
    this.map = map;
    this.canvas = make("canvas", {
      width: SIZE, height: SIZE, className: "ring", tabIndex: 0, role: "application",
      "aria-label": "Ring of classes: drag inside, or press arrows, to mix them",
    });
    this.note = make("p", { className: "note" });
    this.element = make("div", { className: "mixing" }, this.canvas, this.note);
    /** @type {Place | null} */
    this.place = null;
    this.canvas.onpointerdown = (event) => {
      this.canvas.setPointerCapture(event.pointerId);
      this.mixUnder(event);
    };
    this.canvas.onpointermove = (event) => event.buttons && this.mixUnder(event);
    this.canvas.onkeydown = (event) => this.press(event);
  }

  get names() {
    return this.map.payload.class_names;
  }

  /** @param {PointerEvent} event */
  mixUnder(event) {
    const box = this.canvas.getBoundingClientRect();
    this.mixAt([((event.clientX - box.left) / box.width) * 2 - 1, ((event.clientY - box.top) / box.height) * 2 - 1]);
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    const by = ARROWS[event.key], [x, y] = this.place ?? [0, 0];
    if (!by) return;
    event.preventDefault();
    this.mixAt([x + by[0], y + by[1]]);
  }

  /** @param {Place} place */
  mixAt([x, y]) {
    this.place = [Math.min(1, Math.max(-1, x)), Math.min(1, Math.max(-1, y))];
    this.map.part(AllClasses)?.mix(sharesAt(this.place, this.names.length));
  }

  conditioned() {
    if (!this.map.part(AllClasses)?.mixture) this.place = null;
    this.draw();
  }

  redraw() {
    this.draw();
  }

  draw() {
    const context = contextOf(this.canvas), n = this.names.length, short = shortNames(this.names);
    this.canvas.hidden = n > MAX;
    if (n > MAX) return write(this.note, `${n} classes: too many for a ring that mixes them.`);
    context.clearRect(0, 0, SIZE, SIZE);
    Object.assign(context, { textAlign: "center", textBaseline: "middle" });
    const writeName = outlined(context, this.canvas, 6);
    for (let k = 0; k < n; k++) {
      context.font = `bold ${LEAST + (MOST - LEAST) * this.strength(k)}px sans-serif`;
      writeName(short[k], classColour(this.map.payload.colours, k), at(corner(k, n)));
    }
    write(this.note, mixtureWords(this.map.part(AllClasses)?.mixture ?? null, this.names));
    if (!this.place) return;
    Object.assign(context, { fillStyle: RING, strokeStyle: "white", lineWidth: 4 });
    context.beginPath();
    context.arc(...at(this.place), SIZE / 40, 0, 2 * Math.PI);
    context.stroke();
    context.fill();
  }

  /**
   * How large a class is written, from 0 to 1: by its share.
   * @param {number} k
   */
  strength(k) {
    const all = this.map.part(AllClasses);
    if (all?.mixture) return Math.min(1, 2 * all.mixture[k]);
    return all?.isEnlarged(k) ? 1 : 0;
  }
}

/**
 * @param {number[] | null} mixture
 * @param {string[]} names
 */
function mixtureWords(mixture, names) {
  if (!mixture) return "Drag inside the ring to mix classes.";
  const largest = mixture.map((share, k) => ({ share, k })).sort((a, b) => b.share - a.share).slice(0, 2);
  const words = largest.map(({ share, k }) => `${names[k]}: ${Math.round(100 * share)} %`).join(", ");
  return `${words}. A mixture of classes: the decoder was never trained on one.`;
}
