/** The losses over the epochs, on a logarithmic axis. */

import { contextOf, make } from "../dom.js";
import { spreadOut } from "../math/placement.js";
import { linearScale, linearTicks, logScale, logTicks, shortNumber } from "../math/scales.js";

/** @typedef {import("../data/training.js").Moment} Moment */
/** @typedef {import("../data/training.js").Training} Training */
/** @typedef {import("../map/latent-map.js").LatentMap} LatentMap */
/** @typedef {import("../payload.js").Line} Line */
/** @typedef {import("../payload.js").LivePayload} LivePayload */
/** @typedef {{x: (epoch: number) => number, y: (loss: number) => number}} Scales */
/** @typedef {Line & {points: [number, number][]}} Drawn */

const HEIGHT = 150, LEFT = 56, RIGHT = 132, TOP = 6, BOTTOM = 30; // pixels
const LINE = 13; // between two names
const SHARP = 2; // pixels of the canvas for one of the page: a saved picture has as many
const ORDINATE = "loss (log scale)";

export class Losses {
  /**
   * @param {LatentMap} map
   * @param {Training} training
   * @param {Line[]} lines
   * @param {string} loss of reconstruction, in words
   */
  constructor(map, training, lines, loss) {
    this.map = map;
    this.training = training;
    this.lines = lines;
    this.canvas = make("canvas", { className: "chart", role: "img", "aria-label": "Losses over the epochs" });
    const what = `Losses on minibatches of training images. Reconstruction: ${loss}; others: in nats.`;
    const note = make("p", { className: "note losses" }, what);
    this.element = make("div", { hidden: true }, this.canvas, note);
    /** @type {Moment | null} */
    this.moment = null;
  }

  /** The losses that there are, with their values. @returns {Drawn[]} */
  get drawn() {
    const { history } = this.training;
    const points = (/** @type {string} */ name) => history.filter((record) => record[name] > 0)
      .map((record) => /** @type {[number, number]} */ ([record.epoch, record[name]]));
    return this.lines.map((line) => ({ ...line, points: points(line.name) })).filter((line) => line.points.length);
  }

  /** The title of the horizontal axis. */
  get unit() {
    return /** @type {LivePayload} */ (this.map.payload).unit;
  }

  redraw() {
    this.draw(this.moment);
  }

  /** @param {Moment | null} moment that is shown */
  draw(moment) {
    const { drawn, canvas } = this;
    this.moment = moment;
    this.element.hidden = !drawn.length;
    if (!drawn.length) return;
    const width = canvas.clientWidth || 300;
    const context = contextOf(canvas);
    Object.assign(canvas, { width: width * SHARP, height: HEIGHT * SHARP });
    context.scale(SHARP, SHARP);
    context.font = "11px sans-serif";
    context.strokeStyle = context.fillStyle = `rgb(${this.map.ink ?? [128, 128, 128]})`;
    const scales = this.axes(context, width, drawn.flatMap(({ points }) => points.map(([, loss]) => loss)));
    if (moment) context.fillRect(scales.x(this.training.epochAt(moment)), TOP, 1, HEIGHT - TOP - BOTTOM);
    for (const line of drawn) drawLine(context, line, scales);
    this.names(context, drawn, scales, moment);
  }

  /**
   * Draw the axes; the scales that they have.
   * @param {CanvasRenderingContext2D} context
   * @param {number} width
   * @param {number[]} losses
   * @returns {Scales}
   */
  axes(context, width, losses) {
    const low = Math.min(...losses) / 1.1, high = Math.max(...losses) * 1.1, { epochs } = this.training.progress;
    const x = linearScale([0, epochs], [LEFT, width - RIGHT]), y = logScale([low, high], [HEIGHT - BOTTOM, TOP]);
    Object.assign(context, { globalAlpha: 0.75, textAlign: "right", textBaseline: "middle" });
    for (const { value, text } of logTicks(low, high, 5)) {
      context.fillText(text, LEFT - 6, y(value));
      context.fillRect(LEFT - 4, y(value), 4, 1);
    }
    Object.assign(context, { textAlign: "center", textBaseline: "top" });
    for (const { value, text } of linearTicks(0, epochs, 4)) {
      context.fillText(text, x(value), HEIGHT - BOTTOM + 5);
      context.fillRect(x(value), HEIGHT - BOTTOM, 1, 4);
    }
    context.fillText(this.unit, (LEFT + width - RIGHT) / 2, HEIGHT - 12);
    this.ordinate(context);
    context.fillRect(LEFT, TOP, 1, HEIGHT - TOP - BOTTOM);
    context.fillRect(LEFT, HEIGHT - BOTTOM, width - RIGHT - LEFT, 1);
    context.globalAlpha = 1;
    return { x, y };
  }

  /**
   * The title of the vertical axis, upwards.
   * @param {CanvasRenderingContext2D} context
   */
  ordinate(context) {
    context.save();
    context.translate(3, (TOP + HEIGHT - BOTTOM) / 2);
    context.rotate(-Math.PI / 2);
    context.fillText(ORDINATE, 0, 0);
    context.restore();
  }

  /**
   * The name of each line at its end, with its value at the moment.
   * @param {CanvasRenderingContext2D} context
   * @param {Drawn[]} drawn
   * @param {Scales} scales
   * @param {Moment | null} moment
   */
  names(context, drawn, { x, y }, moment) {
    const ends = drawn.map(({ points }) => points[points.length - 1]);
    const record = moment && this.training.recordAt(moment);
    const places = spreadOut(ends.map(([, loss]) => y(loss)), LINE, TOP + 6, HEIGHT - BOTTOM);
    Object.assign(context, { textAlign: "left", textBaseline: "middle" });
    drawn.forEach(({ name, title, colour }, k) => {
      const value = record?.[name];
      context.fillStyle = colour;
      context.fillText(`${title} ${value === undefined ? "" : shortNumber(value)}`, x(ends[k][0]) + 5, places[k]);
    });
  }

  snapshot() {
    return { losses: this.drawn.map(({ name }) => name), chart: !this.element.hidden, axes: [this.unit, ORDINATE] };
  }
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Drawn} line
 * @param {Scales} scales
 */
function drawLine(context, { colour, points }, { x, y }) {
  Object.assign(context, { strokeStyle: colour, lineWidth: 2 });
  context.beginPath();
  for (const [epoch, loss] of points) context.lineTo(x(epoch), y(loss));
  context.stroke();
}
