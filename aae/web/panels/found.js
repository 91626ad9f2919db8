/** The images that a search found, in order, each with its distance. */

import { contextOf, inkOf, inkPixels, make, write } from "../dom.js";

/** @typedef {{i: number, pixels: Float32Array, distance: number, name: string, colour: string}} Hit */

export class Found {
  constructor() {
    this.title = make("b", {}, "Nearest by Hamming distance: in how many bits a code differs");
    this.row = make("div", { className: "pictures" });
    this.element = make("div", { className: "images" }, this.title, this.row);
    /** @type {{figure: HTMLElement, canvas: HTMLCanvasElement, caption: HTMLElement}[]} */
    this.cells = [];
  }

  /**
   * @param {Hit[]} hits
   * @param {number[]} shape of each image
   */
  show(hits, shape) {
    while (this.cells.length < hits.length) this.cells.push(this.cell());
    this.cells.forEach(({ figure, canvas, caption }, k) => {
      const hit = hits[k];
      figure.hidden = !hit;
      if (!hit) return;
      [canvas.height, canvas.width] = shape.slice(-2);
      figure.style.borderColor = hit.colour;
      figure.title = `test image ${hit.i}, labelled ${hit.name}; ${hit.distance} bits differ`;
      canvas.setAttribute("aria-label", figure.title);
      inkPixels(contextOf(canvas), hit.pixels, shape, inkOf(this.row));
      write(caption, String(hit.distance));
    });
  }

  cell() {
    const canvas = make("canvas", { role: "img" }), caption = make("figcaption");
    const figure = make("figure", {}, canvas, caption);
    this.row.append(figure);
    return { figure, canvas, caption };
  }
}
