/** A row of images, each in the colour of what it is. */

import { contextOf, inkOf, inkPixels, make, write } from "../dom.js";

/** @typedef {{pixels: Float32Array, colour: string, figure: string, about: string}} Picture figure: written below it */

export class Pictures {
  /** @param {Element} title */
  constructor(title) {
    this.row = make("div", { className: "pictures" });
    this.element = make("div", { className: "images" }, title, this.row);
    /** @type {{figure: HTMLElement, canvas: HTMLCanvasElement, caption: HTMLElement}[]} */
    this.cells = [];
  }

  /**
   * @param {Picture[]} pictures
   * @param {number[]} shape of each
   */
  show(pictures, shape) {
    while (this.cells.length < pictures.length) this.cells.push(this.cell());
    this.cells.forEach(({ figure, canvas, caption }, i) => {
      const picture = pictures[i];
      figure.hidden = !picture;
      if (!picture) return;
      [canvas.height, canvas.width] = shape.slice(-2);
      figure.style.borderColor = picture.colour;
      figure.title = picture.about;
      canvas.setAttribute("aria-label", figure.title);
      inkPixels(contextOf(canvas), picture.pixels, shape, inkOf(this.row));
      write(caption, picture.figure);
    });
  }

  cell() {
    const canvas = make("canvas", { role: "img" }), caption = make("figcaption");
    const figure = make("figure", {}, canvas, caption);
    this.row.append(figure);
    return { figure, canvas, caption };
  }
}
