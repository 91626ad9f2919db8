/** Which part of the plane is seen, and on which axes. */

import * as geometry from "../math/geometry.js";

/** @typedef {import("../math/geometry.js").Place} Place */
/** @typedef {import("../math/geometry.js").View} View */

/** @type {View} of all percentiles */
const UNIT = { x: 0.5, y: 0.5, half: 0.5 };

/**
 * @param {number[]} square
 * @returns {View}
 */
export function viewOf([x, y, half]) {
  return { x, y, half };
}

export class Camera {
  /**
   * @param {number[]} square the whole map: its centre and half its side
   * @param {number | null} std of the prior, where its percentiles make axes
   */
  constructor(square, std) {
    this.square = viewOf(square);
    this.std = std;
    this.view = this.square;
    this.stretched = false;
    this.axis = geometry.LINEAR;
  }

  /** The whole map, in map coordinates. */
  get whole() {
    return this.stretched ? UNIT : this.square;
  }

  /**
   * @param {View | null} view null: the whole map
   * @param {boolean} stretch
   */
  look(view, stretch) {
    this.stretched = stretch && this.std !== null;
    this.axis = this.stretched ? geometry.percentileAxis(this.std ?? 1) : geometry.LINEAR;
    this.view = view && this.stretched === stretch ? view : this.whole; // a view on other axes is none of this map
  }

  /**
   * @param {ArrayLike<number>} place
   * @param {number} size
   */
  toPixel(place, size) {
    return geometry.toPixel(place, this.view, size, this.axis);
  }

  /**
   * @param {ArrayLike<number>} pixel
   * @param {number} size
   */
  fromPixel(pixel, size) {
    return geometry.fromPixel(pixel, this.view, size, this.axis);
  }

  /**
   * The view after zooming about a place; null where it is the whole map.
   * @param {ArrayLike<number>} place
   * @param {number} factor
   * @returns {View | null}
   */
  zoomed(place, factor) {
    const at = [this.axis.toMap(place[0]), this.axis.toMap(place[1])];
    return geometry.zoomed(this.view, at, factor, this.whole.half);
  }

  /**
   * The nearest place on the part of the map that is seen.
   * @param {Place} place
   * @returns {Place}
   */
  clamp(place) {
    const at = [this.axis.toMap(place[0]), this.axis.toMap(place[1])], inside = geometry.clampTo(at, this.view);
    const kept = (/** @type {0 | 1} */ k) => (inside[k] === at[k] ? place[k] : this.axis.fromMap(inside[k]));
    return [kept(0), kept(1)];
  }

  /**
   * Whether a place is seen.
   * @param {Place} place
   */
  sees(place) {
    const [x, y] = this.clamp(place);
    return x === place[0] && y === place[1];
  }

  /**
   * Whether a place is on the whole map.
   * @param {ArrayLike<number>} place
   */
  holds(place) {
    return geometry.isWithin(place, this.square);
  }

  /**
   * Where a square of map coordinates lies: left, top and side in pixels.
   * @param {View} square
   * @param {number} size
   */
  box({ x, y, half }, size) {
    const scale = size / (2 * this.view.half);
    return {
      left: (x - half - this.view.x + this.view.half) * scale,
      top: (this.view.y + this.view.half - y - half) * scale,
      side: 2 * half * scale,
    };
  }
}
