/** The losses over the epochs, on a logarithmic axis. */

import { contextOf, groundOf, make, write } from "../dom.js";
import { spreadOut } from "../math/placement.js";
import { linearScale, linearTicks, logScale, logTicks, shortNumber } from "../math/scales.js";

/** @typedef {import("../data/training.js").Moment} Moment */
/** @typedef {import("../data/training.js").Training} Training */
/** @typedef {import("../map/latent-map.js").LatentMap} LatentMap */
/** @typedef {import("../payload.js").Line} Line */
/** @typedef {import("../payload.js").LivePayload} LivePayload */
/** @typedef {{x: (epoch: number) => number, y: (loss: number) => number}} Scales */
/** @typedef {Line & {points: [number, number][]}} Drawn */

const HEIGHT = 150, LEFT = 56, RIGHT = 132, TOP = 6, BOTTOM = 30, RIGHT_NARROW = 14; // pixels
const LINE = 13; // between two names
const NARROW = 260; // pixels: on a narrower chart the names stand above the lines, not beside them
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
    this.about = `Losses on minibatches of training images. Reconstruction: ${loss}; others: in nats.`;
    this.note = make("p", { className: "note losses" });
    this.element = make("div", { className: "history" }, this.canvas, this.note);
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

  get width() {
    return this.canvas.clientWidth || 300;
  }

  get isNarrow() {
    return this.width < NARROW;
  }

  /** Where the lines begin: below their names where these stand above them. */
  get top() {
    return TOP + (this.isNarrow ? LINE * this.drawn.length : 0);
  }

  redraw() {
    this.draw(this.moment);
  }

  /** @param {Moment | null} moment that is shown */
  draw(moment) {
    const { drawn, canvas } = this;
    this.moment = moment;
    write(this.note, drawn.length ? this.about : `The losses appear after the first ${this.unit}.`);
    const { width, top } = this, context = contextOf(canvas);
    Object.assign(canvas, { width: width * SHARP, height: HEIGHT * SHARP });
    if (!drawn.length) return; // the place stays: what is below does not jump
    context.scale(SHARP, SHARP);
    context.font = "11px sans-serif";
    context.strokeStyle = context.fillStyle = `rgb(${this.map.ink ?? [128, 128, 128]})`;
    const scales = this.axes(context, width, drawn.flatMap(({ points }) => points.map(([, loss]) => loss)));
    if (moment) context.fillRect(scales.x(this.training.epochAt(moment)), top, 1, HEIGHT - top - BOTTOM);
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
    const right = width - (this.isNarrow ? RIGHT_NARROW : RIGHT), x = linearScale([0, epochs], [LEFT, right]);
    const y = logScale([low, high], [HEIGHT - BOTTOM, this.top]);
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
    context.fillText(this.unit, (LEFT + right) / 2, HEIGHT - 12);
    this.ordinate(context);
    context.fillRect(LEFT, this.top, 1, HEIGHT - this.top - BOTTOM);
    context.fillRect(LEFT, HEIGHT - BOTTOM, right - LEFT, 1);
    context.globalAlpha = 1;
    return { x, y };
  }

  /**
   * The title of the vertical axis, upwards.
   * @param {CanvasRenderingContext2D} context
   */
  ordinate(context) {
    context.save();
    context.translate(3, HEIGHT / 2);
    context.rotate(-Math.PI / 2);
    context.fillText(ORDINATE, 0, 0);
    context.restore();
  }

  /**
   * The name of each line at its end, or above all of them, with its value at the moment.
   * @param {CanvasRenderingContext2D} context
   * @param {Drawn[]} drawn
   * @param {Scales} scales
   * @param {Moment | null} moment
   */
  names(context, drawn, { x, y }, moment) {
    const ends = drawn.map(({ points }) => points[points.length - 1]), { isNarrow } = this;
    const record = moment && this.training.recordAt(moment);
    const places = isNarrow ? drawn.map((_, k) => (k + 0.5) * LINE)
      : spreadOut(ends.map(([, loss]) => y(loss)), LINE, TOP + 6, HEIGHT - BOTTOM);
    Object.assign(context, { textAlign: "left", textBaseline: "middle", lineWidth: 3 });
    context.strokeStyle = groundOf(this.map.element);
    drawn.forEach(({ name, title, colour }, k) => {
      const value = record?.[name], text = `${title} ${value === undefined ? "" : shortNumber(value)}`.trim();
      const left = isNarrow ? LEFT : x(ends[k][0]) + 5;
      context.fillStyle = colour;
      context.strokeText(text, left, places[k]);
      context.fillText(text, left, places[k]);
    });
  }

  snapshot() {
    const { drawn, top } = this, axes = [this.unit, ORDINATE];
    return { losses: drawn.map(({ name }) => name), chart: drawn.length > 0, axes, top };
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
