/** Where the points lie: as in the finished model, after an earlier epoch, or as in another model; they fly there. */

import { fetchFrame } from "../data/frame.js";
import { project } from "../math/geometry.js";
import { nearestImage } from "./look.js";

/** @typedef {import("../data/frame.js").Frame} Frame */
/** @typedef {import("./latent-map.js").LatentMap} LatentMap */
/** @typedef {import("./messages.js").Shared} Shared */

const FLIGHT = 900; // ms from one layout to another
export const STEP = 300; // from one epoch to the next

export class Arrangement {
  /** @param {LatentMap} map */
  constructor(map) {
    this.map = map;
    /** @type {Map<number, Promise<Frame | null>>} by epoch */
    this.frames = new Map();
    this.flying = 0;
  }

  ready() {
    this.map.points = this.target();
    if (this.map.state.epoch !== null) this.showEpoch();
    if (this.map.state.layout !== null) this.showLayout();
  }

  /** @param {Set<keyof Shared>} names */
  changed(names) {
    if (!this.map.model) return;
    if (names.has("epoch")) this.showEpoch();
    const isLate = !names.size && this.map.state.layout !== null && this.target() !== this.map.points;
    if (names.has("layout") || isLate) this.showLayout();
  }

  /** The map of the group whose places the points take; null: this one. */
  get other() {
    const { layout } = this.map.state, model = this.map.group.maps.find(({ payload }) => payload.run === layout)?.model;
    return model && model.n === this.map.model?.n ? model : null;
  }

  /** The places that the points are to take [n, 2]. */
  target() {
    const { model, frame, plane } = this.map;
    if (!model) return this.map.points;
    return this.other?.places ?? (frame ? project(frame.codes, plane) : model.places);
  }

  showLayout() {
    const { map } = this, { layout, image, cursor } = map.state;
    const first = map.group.maps[0] === map;
    this.fly(this.target(), FLIGHT);
    if (first && layout === null && !map.byImage) map.group.change({ image: null });
    if (!first || layout === null || image) return;
    const index = nearestImage(map, cursor);
    if (index !== null) map.group.change({ image: { dataset: map.payload.dataset, index, held: false } });
  }

  /** Show the frame of the epoch, once it is here; of the last one, the finished model. */
  async showEpoch() {
    const { map } = this, { epoch } = map.state, frame = epoch === null ? null : await this.frame(epoch);
    if (map.state.epoch !== epoch || map.closed) return;
    map.frame = frame;
    this.fly(this.target(), STEP);
  }

  /** @param {number} epoch */
  frame(epoch) {
    const { payload } = this.map, address = "frames" in payload ? payload.frames[epoch] : undefined;
    const kept = this.frames.get(epoch);
    if (kept || !address) return kept ?? null;
    const wanted = fetchFrame(address, payload.shape).catch(() => null);
    this.frames.set(epoch, wanted);
    return wanted;
  }

  /**
   * Move the points; at once where reduced motion is preferred.
   * @param {Float32Array} points
   * @param {number} wanted milliseconds
   */
  fly(points, wanted) {
    const milliseconds = matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : wanted;
    const from = this.map.points, begin = performance.now(), mix = new Float32Array(points.length);
    cancelAnimationFrame(this.flying);
    const advance = (/** @type {number} */ now) => {
      const t = milliseconds ? Math.min(1, Math.max(0, (now - begin) / milliseconds)) : 1, ease = t * t * (3 - 2 * t);
      if (t < 1) for (let i = 0; i < mix.length; i++) mix[i] = (1 - ease) * from[i] + ease * points[i];
      this.map.points = t < 1 ? mix : points;
      this.map.redraw();
      if (t < 1 && !this.map.closed) this.flying = requestAnimationFrame(advance);
    };
    this.flying = requestAnimationFrame(advance);
  }

  close() {
    cancelAnimationFrame(this.flying);
  }

  snapshot() {
    const { points } = this.map, { epoch, layout } = this.map.state;
    return { epoch, layout, points: hashOf(points), spread: [deciles(points, 0), deciles(points, 1)] };
  }
}

/**
 * The places along an axis below which a tenth, a half and nine tenths of the points lie.
 * @param {Float32Array} points
 * @param {number} axis
 */
function deciles(points, axis) {
  const ordered = points.filter((_, i) => i % 2 === axis).sort();
  return [0.1, 0.5, 0.9].map((share) => ordered[Math.floor(share * ordered.length)]);
}

/**
 * A number that changes with the points.
 * @param {Float32Array} points
 */
export function hashOf(points) {
  return points.reduce((hash, x, i) => (Math.imul(hash, 31) + Math.round(x * 1e4) * (i + 1)) | 0, 7);
}
