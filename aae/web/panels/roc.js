/** The ROC and the precision-recall curve, each with the point of a threshold. */

import { contextOf, inkOf, make } from "../dom.js";

/** @typedef {import("../math/separation.js").Curve} Curve */
/** @typedef {{x: number[], y: number[], point: [number, number] | null, chance: [number, number][]}} Line */

const SIDE = 220, LEFT = 34, TOP = 8, BOTTOM = 34; // pixels
const DOT = 5;
const SHARP = 2; // pixels of the canvas for one of the page: a saved picture has as many
const COLOUR = "rgb(240,130,20)";

export class CurvePlot {
  /**
   * @param {string} name of the curve
   * @param {string} abscissa
   * @param {string} ordinate
   */
  constructor(name, abscissa, ordinate) {
    this.titles = [abscissa, ordinate];
    this.canvas = make("canvas", { className: "curve", role: "img", "aria-label": name });
    this.caption = make("figcaption");
    this.element = make("figure", {}, this.caption, this.canvas);
    this.name = name;
  }

  /**
   * @param {Line} line
   * @param {string} text of the caption
   */
  show(line, text) {
    const { canvas } = this, context = contextOf(canvas);
    this.caption.textContent = text;
    Object.assign(canvas, { width: SIDE * SHARP, height: SIDE * SHARP });
    context.scale(SHARP, SHARP);
    const x = (/** @type {number} */ share) => LEFT + share * (SIDE - LEFT - TOP);
    const y = (/** @type {number} */ share) => SIDE - BOTTOM - share * (SIDE - BOTTOM - TOP);
    this.axes(context, x, y);
    context.setLineDash([3, 3]);
    path(context, line.chance.map(([a, b]) => [x(a), y(b)]), `rgba(${inkOf(canvas)},0.5)`);
    context.setLineDash([]);
    path(context, line.x.map((share, i) => [x(share), y(line.y[i])]), COLOUR);
    if (!line.point) return;
    context.fillStyle = `rgb(${inkOf(canvas)})`;
    context.beginPath();
    context.arc(x(line.point[0]), y(line.point[1]), DOT, 0, 2 * Math.PI);
    context.fill();
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {(share: number) => number} x
   * @param {(share: number) => number} y
   */
  axes(context, x, y) {
    const [abscissa, ordinate] = this.titles;
    context.fillStyle = `rgb(${inkOf(this.canvas)})`;
    Object.assign(context, { font: "11px sans-serif", textAlign: "center", textBaseline: "top" });
    context.fillRect(x(0), y(0), x(1) - x(0), 1);
    context.fillRect(x(0), y(1), 1, y(0) - y(1));
    for (const share of [0, 0.5, 1]) {
      context.fillText(String(share), Math.min(x(share), SIDE - 10), y(0) + 4);
      context.fillText(String(share), LEFT - 14, y(share) - 5);
    }
    context.fillText(abscissa, x(0.5), SIDE - 14);
    context.save();
    context.translate(1, y(0.5));
    context.rotate(-Math.PI / 2);
    context.fillText(ordinate, 0, 0);
    context.restore();
  }
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {number[][]} points
 * @param {string} colour
 */
function path(context, points, colour) {
  context.strokeStyle = colour;
  context.lineWidth = 2;
  context.beginPath();
  points.forEach(([x, y], i) => (i ? context.lineTo(x, y) : context.moveTo(x, y)));
  context.stroke();
}
