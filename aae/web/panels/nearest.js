/** The nearest test images; where the data set is not on the server, the reconstructions of their codes. */

import { codeAt } from "../data/model.js";
import { contextOf, inkPixels, make, write } from "../dom.js";

/** @typedef {import("../map/latent-map.js").LatentMap} LatentMap */
/** @typedef {import("../map/look.js").Look} Look */

const SHOWN = 3;

export class Nearest {
  /** @param {LatentMap} map */
  constructor(map) {
    this.map = map;
    this.figures = Array.from({ length: SHOWN }, () => {
      const canvas = make("canvas"), name = make("figcaption");
      return { element: make("figure", { hidden: true }, canvas, name), canvas, name };
    });
    this.source = make("span", { className: "source" });
    this.element = make("div", { className: "near" }, ...this.figures.map(({ element }) => element), this.source);
    /** @type {string[]} what each figure shows */
    this.shown = [];
  }

  load() {
    for (const { canvas } of this.figures) [canvas.height, canvas.width] = this.map.payload.shape.slice(-2);
    this.shown = [];
  }

  redraw() {
    this.shown = [];
  }

  /** Whether there is something to show: images, or a decoder that stands in for them. */
  get isThere() {
    return this.map.model?.images != null || this.map.model?.decoder != null;
  }

  /** @param {Look} look */
  show({ image, around }) {
    const indices = image === null ? around.nearest : [image];
    this.element.hidden = !this.isThere;
    if (this.element.hidden) return;
    this.figures.forEach((_, k) => this.draw(k, indices[k]));
    const { payload, decodedAs, model } = this.map, cluster = payload.conditional === "clusters" ? decodedAs : null;
    write(this.source, sourceWords(payload, image !== null, model?.images != null, cluster));
  }

  /**
   * @param {number} k the figure
   * @param {number | undefined} i the image
   */
  draw(k, i) {
    const { element, canvas, name } = this.figures[k], key = `${i} ${this.map.model?.images ? "image" : "code"}`;
    if (this.shown[k] === key) return;
    this.shown[k] = key;
    element.hidden = i === undefined;
    if (i === undefined) return;
    const pixels = this.pixels(i);
    if (pixels && this.map.ink) inkPixels(contextOf(canvas), pixels, this.map.payload.shape, this.map.ink);
    name.title = this.map.nameOf(i);
    write(name, name.title);
  }

  /**
   * The pixels in [0, 1] of a test image, or of its reconstruction.
   * @param {number} i
   */
  pixels(i) {
    const { model, plane, codes, payload } = this.map, [height, width] = payload.shape.slice(-2), size = height * width;
    if (model?.images) return Float32Array.from(model.images.subarray(i * size, (i + 1) * size), (x) => x / 255);
    const label = payload.conditional === "classes" ? model?.labels[i] ?? null : this.map.decodedAs;
    return model?.decoder?.decode(codeAt(codes, i, plane.origin.length), label) ?? null;
  }

  snapshot() {
    const names = this.figures.filter(({ element }) => !element.hidden).map(({ name }) => name.textContent);
    return { near: names, source: this.element.hidden ? "" : this.source.textContent };
  }
}

/**
 * What the figures show; while the images are on their way, their reconstructions.
 * @param {{data_title: string, no_images: string}} payload
 * @param {boolean} isOne whether one image is looked at
 * @param {boolean} areHere whether the images have been fetched
 * @param {unknown} cluster as which their codes are decoded, or null
 */
export function sourceWords({ data_title: data, no_images: reason }, isOne, areHere, cluster) {
  if (areHere) return isOne ? "the test image" : "the nearest test images";
  const of = isOne ? "reconstruction of the test image" : "reconstructions of the nearest test images";
  return `${of}${cluster === null ? "" : ` as cluster ${cluster}`}${reason && ` (${data} ${reason})`}`;
}
