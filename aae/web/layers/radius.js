/** The circle around the code within which others are near: where the ball of that radius meets the plane. */

import { lift } from "../math/geometry.js";

/** @typedef {import("../map/latent-map.js").LatentMap} LatentMap */
/** @typedef {import("../math/geometry.js").Place} Place */

const CORNERS = 72; // of the outline, which is no circle where the axes are stretched

export class Radius {
  /** @param {LatentMap} map */
  constructor(map) {
    this.map = map;
  }

  /** A map that says nothing of what is near has none. */
  get isThere() {
    return !(this.map.payload.kind === "live" && this.map.payload.small);
  }

  get isShown() {
    const { state, isElsewhere } = this.map;
    return this.isThere && state.layers.includes("radius") && !isElsewhere;
  }

  /** The outline on the plane; empty where the ball does not meet it. @returns {Place[]} */
  get outline() {
    const { looked, plane, payload } = this.map;
    if (!looked) return [];
    const onPlane = lift(looked.own, plane);
    const off = looked.code.reduce((sum, x, d) => sum + (x - onPlane[d]) ** 2, 0), square = payload.radius ** 2 - off;
    if (square <= 0) return [];
    return Array.from({ length: CORNERS + 1 }, (_, i) => {
      const angle = (2 * Math.PI * i) / CORNERS, radius = Math.sqrt(square);
      return [looked.own[0] + radius * Math.cos(angle), looked.own[1] + radius * Math.sin(angle)];
    });
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {number} size
   */
  paint(context, size) {
    if (!this.isShown || !this.map.ink) return;
    context.strokeStyle = `rgb(${this.map.ink.join()})`;
    context.lineWidth = size / (this.map.canvas.clientWidth || size);
    context.beginPath();
    for (const place of this.outline) context.lineTo(...this.map.camera.toPixel(place, size));
    context.stroke();
  }

  legend() {
    const text = `radius ${this.map.payload.radius}: codes within it are near`;
    return this.isShown ? [{ sign: "◯", colour: "", text }] : [];
  }

  snapshot() {
    const places = this.isShown ? this.outline : [];
    const of = (/** @type {number} */ axis) => places.map((place) => place[axis]);
    if (!places.length) return { outline: null };
    return { outline: [Math.min(...of(0)), Math.max(...of(0)), Math.min(...of(1)), Math.max(...of(1))] };
  }
}
