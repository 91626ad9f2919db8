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
    this.view = view ?? this.whole;
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
   * The view, moved so that a place is seen; null: it is.
   * @param {ArrayLike<number>} place
   * @returns {View | null}
   */
  following(place) {
    const at = [this.axis.toMap(place[0]), this.axis.toMap(place[1])], [x, y] = geometry.clampTo(at, this.view);
    if (x === at[0] && y === at[1]) return null;
    return { x: this.view.x + at[0] - x, y: this.view.y + at[1] - y, half: this.view.half };
  }

  /**
   * The nearest place of the whole map.
   * @param {ArrayLike<number>} place
   */
  clamp(place) {
    return geometry.clampTo(place, this.square);
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
