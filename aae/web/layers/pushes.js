/** Where the losses of the last phases push codes: an arrow from each of some, down the gradient. */

import { arrowsOf } from "../math/arrows.js";

/** @typedef {import("../map/latent-map.js").LatentMap} LatentMap */
/** @typedef {import("../payload.js").LivePayload} LivePayload */
/** @typedef {[number, number]} Pixel */

const HALO = "white";
const HEAD = 4; // pixels of the page
const SHORTEST = 2; // pixels of the page: a shorter arrow has no direction that can be seen

export class Pushes {
  /** @param {LatentMap} map */
  constructor(map) {
    this.map = map;
    /** @type {Map<string, Float32Array>} by loss, of the frame [m, 2] */
    this.arrows = new Map();
  }

  redraw() {
    const { frame, payload, camera } = this.map;
    const side = 2 * (frame?.view?.half ?? camera.square.half);
    this.arrows = new Map(Object.entries(frame?.pushes ?? {}).map(([name, pushes]) =>
      [name, arrowsOf(pushes, payload.basis, side)]));
  }

  /** @param {string} name of a loss */
  line(name) {
    const { losses } = /** @type {LivePayload} */ (this.map.payload);
    return losses.find((line) => line.name === name) ?? { name, title: name, colour: "" };
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {number} size
   */
  paint(context, size) {
    const { map } = this, unit = size / (map.canvas.clientWidth || size);
    context.globalAlpha = Math.min(1, 2 * map.state.fade);
    for (const [name, arrows] of this.arrows) {
      const path = this.path(arrows, size, unit);
      Object.assign(context, { strokeStyle: HALO, lineWidth: 3 * unit, lineCap: "round" });
      context.stroke(path);
      Object.assign(context, { strokeStyle: this.line(name).colour, lineWidth: 1.5 * unit });
      context.stroke(path);
    }
    context.globalAlpha = 1;
  }

  /**
   * @param {Float32Array} arrows
   * @param {number} size
   * @param {number} unit
   */
  path(arrows, size, unit) {
    const { points, camera } = this.map, path = new Path2D();
    for (let i = 0; 2 * i < arrows.length; i++) {
      if (!this.map.shows(i)) continue;
      const [x, y] = [points[2 * i], points[2 * i + 1]], end = [x + arrows[2 * i], y + arrows[2 * i + 1]];
      arrow(path, camera.toPixel([x, y], size), camera.toPixel(end, size), unit);
    }
    return path;
  }

  legend() {
    return [...this.arrows.keys()].map((name) => {
      const { title, colour } = this.line(name);
      return { sign: "→", colour, text: `where the ${title} loss pushes a code; longer: more strongly` };
    });
  }

  snapshot() {
    return { arrows: Object.fromEntries([...this.arrows].map(([name, { length }]) => [name, length / 2])) };
  }
}

/**
 * @param {Path2D} path
 * @param {Pixel} from
 * @param {Pixel} to
 * @param {number} unit
 */
function arrow(path, [x, y], [right, down], unit) {
  const length = Math.hypot(right - x, down - y), angle = Math.atan2(down - y, right - x);
  if (length < SHORTEST * unit) return;
  const head = Math.min(HEAD * unit, length);
  path.moveTo(x, y);
  path.lineTo(right, down);
  for (const turn of [-0.5, 0.5]) {
    path.moveTo(right, down);
    path.lineTo(right - head * Math.cos(angle + turn), down - head * Math.sin(angle + turn));
  }
}
