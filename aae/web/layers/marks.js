/** What is marked on the map: pins and the path through them, numbered places, the cursor, a lasso. */

/** @typedef {import("../map/latent-map.js").LatentMap} LatentMap */
/** @typedef {import("../math/geometry.js").Place} Place */

export const RING = "#d6006e";
const HALO = "white", HEAD = "#1c1c1c";

export class Marks {
  /** @param {LatentMap} map */
  constructor(map) {
    this.map = map;
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {number} size
   */
  paint(context, size) {
    const { map } = this, { state } = map, unit = size / (map.canvas.clientWidth || size);
    const pen = new Pen(context, size, unit, map);
    if (!map.isElsewhere) {
      pen.path(state.pins);
      this.numbered.forEach((place, i) => pen.number(place, i + 1));
      map.payload.heads?.forEach((place, k) => pen.badge(place, k));
    }
    this.cursor(pen);
    if (state.peek && map.image === null) pen.ring(state.peek, 6, 2);
    if (map.lasso) pen.loop(map.lasso);
  }

  /** Where the cursor is, or the image that is looked at. @param {Pen} pen */
  cursor(pen) {
    const { looked, image, ownShown, isElsewhere, state, model } = this.map;
    const isImage = image !== null || ownShown !== null;
    const place = isImage ? looked?.place : state.cursor;
    if (!place || (ownShown && isElsewhere)) return; // the points are then those of another model
    pen.ring(place, isImage && model?.posteriorStd ? 2 : 11, 3);
  }

  get numbered() {
    return "marks" in this.map.payload ? this.map.payload.marks : [];
  }

  legend() {
    const pins = this.map.state.pins.length ? [{ sign: "●", colour: RING, text: "pin" }] : [];
    const heads = this.map.payload.heads ? [{ sign: "⬤", colour: HEAD, text: "head of a cluster" }] : [];
    return [{ sign: "○", colour: RING, text: "cursor" }, ...pins, ...heads];
  }
}

/** Strokes at places of the map. */
export class Pen {
  /**
   * @param {CanvasRenderingContext2D} context
   * @param {number} size
   * @param {number} unit pixels of the canvas for one of the page
   * @param {LatentMap} map
   */
  constructor(context, size, unit, map) {
    this.context = context;
    this.unit = unit;
    this.at = (/** @type {ArrayLike<number>} */ place) => map.camera.toPixel(place, size);
  }

  /**
   * @param {Place} place
   * @param {number} radius
   * @param {number} width
   */
  ring(place, radius, width) {
    const { context, unit } = this, [x, y] = this.at(place);
    for (const [colour, more] of /** @type {[string, number][]} */ ([[HALO, 2], [RING, 0]])) {
      context.strokeStyle = colour;
      context.lineWidth = (width + more) * unit;
      context.beginPath();
      context.arc(x, y, radius * unit, 0, 2 * Math.PI);
      context.stroke();
    }
  }

  /** @param {Place[]} pins */
  path(pins) {
    const { context, unit } = this, places = pins.map(this.at);
    Object.assign(context, { strokeStyle: RING, fillStyle: RING, lineWidth: 2 * unit });
    context.setLineDash([6 * unit, 4 * unit]);
    context.beginPath();
    for (const [x, y] of places) context.lineTo(x, y);
    context.stroke();
    context.setLineDash([]);
    for (const [x, y] of places) {
      context.beginPath();
      context.arc(x, y, 5 * unit, 0, 2 * Math.PI);
      context.fill();
    }
  }

  /**
   * @param {ArrayLike<number>} place
   * @param {number} number
   */
  number(place, number) {
    const { context, unit } = this, [x, y] = this.at(place), height = Math.min(13 * unit, context.canvas.width / 30);
    Object.assign(context, { font: `bold ${height}px sans-serif`, textAlign: "center", textBaseline: "middle" });
    Object.assign(context, { strokeStyle: HALO, lineWidth: 4 * unit, fillStyle: RING });
    context.strokeText(String(number), x, y);
    context.fillText(String(number), x, y);
  }

  /**
   * A number on a disc.
   * @param {ArrayLike<number>} place
   * @param {number} number
   */
  badge(place, number) {
    const { context, unit } = this, [x, y] = this.at(place);
    Object.assign(context, { font: `bold ${11 * unit}px sans-serif`, textAlign: "center", textBaseline: "middle" });
    Object.assign(context, { strokeStyle: HALO, lineWidth: 2 * unit, fillStyle: HEAD });
    context.beginPath();
    context.arc(x, y, 9 * unit, 0, 2 * Math.PI);
    context.fill();
    context.stroke();
    context.fillStyle = HALO;
    context.fillText(String(number), x, y);
  }

  /** @param {Place[]} places */
  loop(places) {
    const { context, unit } = this;
    Object.assign(context, { strokeStyle: RING, lineWidth: 2 * unit });
    context.beginPath();
    for (const place of places) context.lineTo(...this.at(place));
    context.stroke();
  }
}
