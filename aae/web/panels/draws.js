/** What the decoder makes of the numbered places of a map; a pointer over an image shows its place on all maps. */

import { lift } from "../math/geometry.js";
import { Grid } from "./grid.js";

/** @typedef {import("../map/latent-map.js").LatentMap} LatentMap */

export class Draws {
  /** @param {LatentMap} map */
  constructor(map) {
    const { title, prior } = map.payload;
    this.map = map;
    this.grid = new Grid(`${this.places.length} draws of the ${prior} prior, decoded by ${title}`);
    this.element = this.grid.element;
    this.element.onpointermove = (event) => this.peek(event.composedPath()[0]);
    this.element.onpointerleave = () => map.group.change({ peek: null });
    this.key = "";
  }

  get places() {
    const { payload } = this.map;
    return "marks" in payload ? /** @type {import("../math/geometry.js").Place[]} */ (payload.marks) : [];
  }

  /** @param {EventTarget} target */
  peek(target) {
    const i = this.grid.cells.findIndex((cell) => cell === target);
    if (i >= 0) this.map.group.change({ peek: this.places[i] });
  }

  redraw() {
    const { model, ink, canvas, plane, payload } = this.map, key = [canvas.dataset.exact, ink].join();
    if (!model?.decoder || !ink || key === this.key) return;
    this.key = key;
    const { decoder } = model, images = this.places.map((place) => decoder.decode(lift(place, plane)).slice());
    this.grid.show(images, payload.shape, ink);
  }

  snapshot() {
    return { draws: this.grid.cells.length };
  }
}
