/** Decoded images over the map: of the model, made bit by bit; of a training, the picture of its frame. */

import { inkPixels, offscreen } from "../dom.js";
import { lift } from "../math/geometry.js";
import { inSlices } from "./slices.js";
import { drawTiles } from "./tiles.js";

/** @typedef {import("../map/latent-map.js").LatentMap} LatentMap */
/** @typedef {import("../math/geometry.js").View} View */
/** @typedef {{canvas: HTMLCanvasElement, key: string, view: View, stretched: boolean, done: boolean}} Picture */

const CELLS = 24; // images along a side
const GAP = 1; // pixel between two images: those of 8x8 pixels have no margin of their own
const OPACITY = 0.9;

export class Manifold {
  /** @param {LatentMap} map */
  constructor(map) {
    this.map = map;
    /** @type {Picture | null} the one that is whole */
    this.shown = null;
    /** @type {Picture | null} the one that is being made */
    this.made = null;
  }

  get key() {
    const { camera, ink, payload, model } = this.map, { x, y, half } = camera.view;
    const decoder = "decoder" in payload ? payload.decoder : "";
    return [decoder, payload.basis, model?.decoder?.version, x, y, half, camera.stretched, ink].join();
  }

  redraw() {
    const { key } = this, { camera, payload, model } = this.map, [height, width] = payload.shape.slice(-2);
    if (!model?.decoder || key === this.made?.key) return;
    const { canvas, context } = offscreen(CELLS * (width + GAP), CELLS * (height + GAP));
    const picture = (this.made = { canvas, key, view: camera.view, stretched: camera.stretched, done: false });
    inSlices(this.map, CELLS * CELLS, {
      isWanted: () => picture === this.made,
      step: (cell) => this.draw(context, cell),
      end: () => this.end(picture),
    });
  }

  /** @param {Picture} picture */
  end(picture) {
    picture.done = true;
    this.shown = picture;
    this.map.show();
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {number} cell
   */
  draw(context, cell) {
    const { camera, payload, model, plane, ink } = this.map, [height, width] = payload.shape.slice(-2);
    const column = cell % CELLS, row = Math.floor(cell / CELLS);
    const at = { x: column * (width + GAP), y: row * (height + GAP) };
    const code = lift(camera.fromPixel([column + 0.5, row + 0.5], CELLS), plane), pixels = model?.decoder?.decode(code);
    if (pixels && ink) inkPixels(context, pixels, payload.shape, ink, at);
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {number} size
   */
  paint(context, size) {
    const { map } = this, { fade } = map.state;
    if (map.isElsewhere || !map.ink) return;
    context.globalAlpha = Math.min(1, 2 - 2 * fade) * OPACITY;
    const picture = map.frame ? null : this.fitting;
    if (picture) this.place(context, picture.canvas, picture.view, size);
    const framed = map.camera.stretched ? null : map.frame?.picture("manifold", map.ink);
    if (framed && map.frame?.view) this.tiles(context, framed, map.frame.view, size);
    context.globalAlpha = 1;
  }

  /** The whole picture, scaled, until the next one is whole; at first, the one that is being made. */
  get fitting() {
    const { stretched } = this.map.camera;
    return [this.shown, this.made].find((picture) => picture?.stretched === stretched) ?? null;
  }

  /**
   * Draw the whole picture, each image in the middle of its cell: half a gap from the left, and from the top.
   * @param {CanvasRenderingContext2D} context
   * @param {HTMLCanvasElement} picture
   * @param {View} view the square that it shows
   * @param {number} size
   */
  place(context, picture, view, size) {
    const { left, top, side } = this.map.camera.box(view, size), half = (GAP * side) / 2;
    context.drawImage(picture, left + half / picture.width, top + half / picture.height, side, side);
  }

  /**
   * The images of a frame.
   * @param {CanvasRenderingContext2D} context
   * @param {HTMLCanvasElement} picture
   * @param {View} view the square that it shows
   * @param {number} size
   */
  tiles(context, picture, view, size) {
    const { camera, payload, canvas } = this.map, { left, top, side } = camera.box(view, size);
    const unit = size / (canvas.clientWidth || size);
    drawTiles(context, picture, payload.shape, { left, top, width: side, height: side }, unit);
  }

  snapshot() {
    return { manifold: { done: this.made?.done ?? false, key: this.shown?.key ?? null } };
  }
}
