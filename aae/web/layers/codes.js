/** The test codes: points in the colours of their classes, or letters where there are few; names of the classes. */

import { offscreen } from "../dom.js";
import { classColour, shorten, shortNames } from "../math/colours.js";
import { placeLabels } from "../math/placement.js";
import { outlined } from "./outlined.js";

/** @typedef {import("../map/latent-map.js").LatentMap} LatentMap */
/** @typedef {(label: number, i: number) => string} Colour */
/** @typedef {{x: number, y: number, label: number, i: number}} Dot */

const LETTERS_BELOW = 700; // points that are seen: fewer are drawn as letters
const LONGEST = 12; // letters of a name
const CELL = 40; // pixels of 600: of the grid on which the densest place is sought
const OPACITY = 0.75;

export class Codes {
  /** @param {LatentMap} map */
  constructor(map) {
    this.map = map;
    /** @type {HTMLCanvasElement | null} */
    this.layer = null;
    /** @type {Colour | null} another colour than that of the class */
    this.colouring = null;
    /** @type {number[]} the classes whose names are seen */
    this.named = [];
  }

  load() {
    this.letters = shortNames(this.map.payload.class_names);
  }

  /** @type {Colour} */
  colour(label, i) {
    return this.colouring?.(label, i) ?? classColour(this.map.payload.colours, label);
  }

  redraw() {
    const { width: size } = this.map.canvas, { canvas, context } = offscreen(size), dots = this.dots(size);
    const unit = size / 600, asLetters = dots.length < LETTERS_BELOW;
    if (asLetters) this.drawLetters(context, dots, unit);
    else this.drawDots(context, dots, unit);
    this.named = [];
    const isPlain = asLetters && this.map.payload.class_names.every((name, k) => name === this.letters?.[k]);
    if (!isPlain && !this.colouring) this.drawNames(context, dots, unit, size);
    this.layer = canvas;
  }

  /**
   * The codes that are seen.
   * @param {number} size
   */
  dots(size) {
    const { map } = this, { points, camera, n } = map, labels = map.model?.labels ?? [], all = !map.hides;
    /** @type {Dot[]} */
    const dots = [];
    for (let i = 0; i < n; i++) {
      if (!all && !map.shows(i)) continue;
      const [x, y] = camera.toPixel([points[2 * i], points[2 * i + 1]], size);
      if (x >= 0 && y >= 0 && x <= size && y <= size) dots.push({ x, y, label: labels[i], i });
    }
    return dots;
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Dot[]} dots
   * @param {number} unit
   */
  drawDots(context, dots, unit) {
    context.globalAlpha = OPACITY;
    for (const { x, y, label, i } of dots) {
      context.fillStyle = this.colour(label, i);
      context.fillRect(x - unit, y - unit, 2 * unit, 2 * unit);
    }
    context.globalAlpha = 1;
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Dot[]} dots
   * @param {number} unit
   */
  drawLetters(context, dots, unit) {
    Object.assign(context, { font: `${11 * unit}px sans-serif`, textAlign: "center", textBaseline: "middle" });
    for (const { x, y, label, i } of dots) {
      context.fillStyle = this.colour(label, i);
      context.fillText(this.letters?.[label] ?? String(label), x, y);
    }
  }

  /**
   * The name of each class where it is densest, none over another.
   * @param {CanvasRenderingContext2D} context
   * @param {Dot[]} dots
   * @param {number} unit
   * @param {number} size
   */
  drawNames(context, dots, unit, size) {
    const names = this.map.payload.class_names, height = (names.length > 20 ? 15 : 24) * unit;
    const name = (/** @type {number} */ label) => shorten(names[label] ?? String(label), LONGEST);
    Object.assign(context, { font: `bold ${height}px sans-serif`, textAlign: "center", textBaseline: "middle" });
    const width = (/** @type {number} */ label) => context.measureText(name(label)).width + 6 * unit;
    const measure = (/** @type {number} */ label) => ({ width: width(label), height });
    const placed = placeLabels(byLabel(dots), measure, { cell: CELL * unit, size });
    const write = outlined(context, this.map.element, 4 * unit), { colours } = this.map.payload;
    for (const { label, x, y } of placed) write(name(label), classColour(colours, label), [x, y]);
    this.named = placed.map(({ label }) => label);
  }

  /** @param {CanvasRenderingContext2D} context */
  paint(context) {
    context.globalAlpha = this.map.isElsewhere ? 1 : Math.min(1, 2 * this.map.state.fade);
    if (this.layer) context.drawImage(this.layer, 0, 0);
    context.globalAlpha = 1;
  }

  legend() {
    const what = this.colouring ? "in the colour of what is measured" : `in the colour of its ${this.map.sort}`;
    return [{ sign: "•", colour: "", text: `code of a test image, ${what}` }];
  }

  snapshot() {
    const first = this.map.model?.labels[0] ?? 0;
    return { named: this.named, coloured: this.colouring !== null, firstColour: this.colour(first, 0) };
  }
}

/** @param {Dot[]} dots */
function byLabel(dots) {
  /** @type {Map<number, [number, number][]>} */
  const groups = new Map();
  for (const { x, y, label } of dots) {
    const group = groups.get(label);
    if (group) group.push([x, y]);
    else groups.set(label, [[x, y]]);
  }
  return groups;
}
