/** The pinned styles: a row for each, a column for each class; the way through them as an animation. */

import { resolve } from "../data/fetch.js";
import { button, contextOf, enable, inkPixels, make } from "../dom.js";
import { format } from "../link/link.js";
import { lift } from "../math/geometry.js";

/** @typedef {import("../map/latent-map.js").LatentMap} LatentMap */
/** @typedef {import("../payload.js").Walk} Walk */

const A_LINE = 20; // classes, at most: of more, a row has several lines

export class Rows {
  /** @param {LatentMap} map */
  constructor(map) {
    this.map = map;
    this.canvas = make("canvas", { className: "rows", role: "img" });
    const title = "from the first pin to the last and back";
    this.walk = button("Save the walk as a GIF", () => this.request(), { title });
    this.walk.hidden = map.host.alone === true;
    this.note = make("p", { className: "note" });
    this.element = make("div", { className: "pinned" }, this.canvas, this.note, this.walk);
    this.canvas.onpointermove = (event) => this.peek(event);
    this.canvas.onpointerleave = () => map.group.change({ peek: null });
    this.asked = "";
    this.key = "";
  }

  /** Take the answer to the request. @param {any} payload */
  load({ walk }) {
    if (!walk || walk.asked !== this.asked) return;
    this.asked = "";
    make("a", { href: resolve(walk.address), download: `${this.map.payload.run}-walk.gif` }).click();
    this.map.say("");
  }

  /** Report the pins to the page: it makes the animation. */
  request() {
    this.asked = `${format({ pins: this.map.state.pins }).pins} ${Date.now()}`;
    this.map.say("The animation is being made…");
    this.map.host.report("walk", { asked: this.asked, pins: this.map.state.pins });
  }

  redraw() {
    this.key = "";
  }

  show() {
    const { pins } = this.map.state, key = JSON.stringify(pins);
    if (key === this.key) return;
    this.key = key;
    this.canvas.hidden = !pins.length;
    enable(this.walk, pins.length > 1);
    const walk = this.walk.hidden ? "" : "; two make a walk";
    this.note.textContent = pins.length > 1 ? "" : `Click the map to pin styles: each is a row${walk}.`;
    if (pins.length) this.draw();
  }

  draw() {
    const { payload, model, plane, ink, state } = this.map, [height, width] = payload.shape.slice(-2);
    const n = payload.class_names.length, lines = Math.ceil(n / A_LINE), columns = Math.ceil(n / lines);
    const { canvas } = this;
    Object.assign(canvas, { width: columns * width, height: state.pins.length * lines * height });
    canvas.setAttribute("aria-label", `${state.pins.length} pinned styles in ${n} ${payload.nouns}`);
    state.pins.forEach((pin, row) => {
      for (let k = 0; k < n; k++) {
        const at = { x: (k % columns) * width, y: (row * lines + Math.floor(k / columns)) * height };
        const pixels = model?.decoder?.decode(lift(pin, plane), k);
        if (pixels && ink) inkPixels(contextOf(canvas), pixels, payload.shape, ink, at);
      }
    });
  }

  /** @param {PointerEvent} event */
  peek(event) {
    const { pins } = this.map.state, box = this.canvas.getBoundingClientRect();
    const pin = pins[Math.floor(((event.clientY - box.top) / box.height) * pins.length)];
    if (pin) this.map.group.change({ peek: pin });
  }
}
