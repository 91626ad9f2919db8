/** The prior as a picture: choose one, or paint one. A painted one is reported when the brush is lifted. */

import { dress } from "../css.js";
import { fetchTensors } from "../data/fetch.js";
import { button, contextOf, make } from "../dom.js";
import { isEmpty } from "../math/drawing.js";
import { Paper } from "../panels/paper.js";
import { letters, SHAPES } from "../panels/shapes.js";

/** @typedef {import("../payload.js").Host} Host */
/** @typedef {import("../payload.js").PainterPayload} PainterPayload */

const DRAWN = "drawn"; // the name of what is painted
const THUMBNAIL = 120; // pixels
/** @type {Record<string, string>} where a name is not the title */
const TITLES = { drawn: "✎ paint", gaussian: "Gaussian" };

class Painter {
  /**
   * @param {Element | ShadowRoot} root
   * @param {PainterPayload} payload
   * @param {Host} host
   */
  constructor(root, payload, host) {
    this.payload = payload;
    this.host = host;
    /** @type {import("../math/tensors.js").Tensors} */
    this.draws = {};
    /** @type {Set<string>} what was painted here: it comes back, perhaps after more was painted */
    this.painted = new Set();
    this.paper = new Paper(payload.side, () => this.report());
    this.choices = make("div", { className: "choices", role: "radiogroup", "aria-label": "Prior" });
    this.tools = this.makeTools();
    this.element = make("div", { className: "painter" }, this.choices, this.paper.element, this.tools);
    this.element.ontransitionend = () => this.draw(); // another theme
    root.append(this.element);
    dress(this.element);
    Object.assign(this.paper.canvas, { painter: this });
    this.buttons = new Map([...payload.priors, DRAWN].map((name) => [name, this.makeChoice(name)]));
    this.choices.append(...[...this.buttons.values()].map(({ element }) => element));
    this.update(payload);
    this.staged = {
      sight: () => ({ isPainted: this.payload.chosen === DRAWN && !isEmpty(this.paper.digits) }),
      perform: (/** @type {import("../payload-tour.js").Deed} */ { paints }) => { if (paints) this.choose(DRAWN); },
    };
    host.stage?.add(this.staged);
    fetchTensors(payload.draws).then((draws) => (Object.assign(this.draws, draws), this.draw()), () => {}); // else bare
  }

  /** @param {PainterPayload} payload */
  update(payload) {
    this.payload = payload;
    if (payload.image && !this.painted.has(payload.image)) this.paper.digits = payload.image; // of the address
    this.paper.element.hidden = this.tools.hidden = payload.chosen !== DRAWN;
    for (const [name, { element }] of this.buttons) {
      element.setAttribute("aria-checked", String(name === payload.chosen));
    }
    this.draw();
  }

  /** @param {string} name */
  makeChoice(name) {
    const canvas = make("canvas", { width: THUMBNAIL, height: THUMBNAIL });
    const element = button("", () => this.choose(name), { role: "radio" });
    element.append(canvas, TITLES[name] ?? name.replaceAll("_", " "));
    return { element, canvas };
  }

  /** The priors as clouds of their draws; the last one is what was painted. */
  draw() {
    for (const [name, { canvas }] of this.buttons) {
      const context = contextOf(canvas), points = this.draws[name]?.values;
      context.clearRect(0, 0, THUMBNAIL, THUMBNAIL);
      if (points) this.dot(context, points);
      else if (name === DRAWN) context.drawImage(this.paper.inked(), 0, 0, THUMBNAIL, THUMBNAIL);
    }
    this.paper.show();
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {import("../math/tensors.js").Values} points x, y, x, y, ...
   */
  dot(context, points) {
    const at = (/** @type {number} */ x) => ((x / this.payload.half + 1) * THUMBNAIL) / 2;
    context.fillStyle = getComputedStyle(this.element).color;
    context.globalAlpha = 0.5;
    for (let i = 0; i < points.length; i += 2) context.fillRect(at(points[i]), at(-points[i + 1]), 2, 2);
    context.globalAlpha = 1;
  }

  /** @param {string} name */
  choose(name) {
    if (name === DRAWN && isEmpty(this.paper.digits)) this.paper.redraw(SHAPES.heart);
    else if (name === DRAWN) this.report();
    else this.host.report("chosen", { prior: name, image: "" });
  }

  /** Report an empty canvas as well: it can be no prior. */
  report() {
    this.draw();
    this.painted.add(this.paper.digits);
    this.host.report("chosen", { prior: DRAWN, image: this.paper.digits });
  }

  makeTools() {
    const brush = button("brush", () => this.take(false)), eraser = button("eraser", () => this.take(true));
    const width = make("input", { type: "range", min: 1, max: 16, value: 6, "aria-label": "Width of the brush" });
    const text = make("input", { type: "text", maxLength: 2, placeholder: "A", "aria-label": "Letters to paint" });
    width.oninput = () => (this.paper.width = Number(width.value));
    text.onchange = () => text.value.trim() && this.paper.redraw((context) => letters(context, text.value.trim()));
    this.brushes = [brush, eraser];
    const shapes = Object.entries(SHAPES).map(([name, draw]) => button(name, () => this.paper.redraw(draw)));
    const clear = button("clear", () => this.paper.redraw());
    const tools = [brush, eraser, make("label", {}, "width", width), ...shapes, text, clear];
    this.take(false);
    return make("div", { className: "tools" }, ...tools);
  }

  /** @param {boolean} erasing */
  take(erasing) {
    this.paper.erasing = erasing;
    this.brushes?.forEach((each, k) => each.setAttribute("aria-pressed", String((k === 1) === erasing)));
  }

  /** What is chosen and painted, for tests. */
  snapshot() {
    return { chosen: this.payload.chosen, image: this.paper.digits };
  }

  close() {
    this.host.stage?.delete(this.staged);
    this.element.remove();
  }
}

/**
 * @param {Element | ShadowRoot} root
 * @param {PainterPayload} payload
 * @param {Host} host
 */
export function openPainter(root, payload, host) {
  const painter = new Painter(root, payload, host);
  return { update: (/** @type {PainterPayload} */ next) => painter.update(next), close: () => painter.close() };
}
