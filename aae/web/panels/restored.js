/** What each of several models makes of a corrupted image, with PSNR and SSIM. */

import { fetchAutoencoder } from "../data/autoencoder.js";
import { contextOf, inkPixels, make, write } from "../dom.js";
import { reconstruct } from "../math/reconstruction.js";

/** @typedef {import("../data/autoencoder.js").Autoencoder} Autoencoder */
/** @typedef {import("../dom.js").Ink} Ink */
/** @typedef {import("../payload-uses.js").Restorer} Restorer */
/** @typedef {{psnr: number, ssim: number}} Figures */

/**
 * PSNR and SSIM in words.
 * @param {Figures} figures
 */
export function likenessWords({ psnr, ssim }) {
  const words = [`PSNR ${psnr === Infinity ? "∞" : psnr.toFixed(1)} dB`, `SSIM ${ssim.toFixed(2)}`];
  return words.map((each) => each.replaceAll(" ", "\u00a0")).join(", ");
}

class Card {
  /**
   * @param {Restorer} model
   * @param {number[]} shape
   */
  constructor(model, shape) {
    const [height, width] = shape.slice(-2), { title, trained, colour } = model;
    this.model = model;
    this.shape = shape;
    this.canvas = make("canvas", { width, height, role: "img", "aria-label": `Reconstruction by ${title}` });
    this.canvas.style.aspectRatio = `${width} / ${height}`;
    this.figures = make("p", { className: "likeness" }, "loading the networks…");
    this.element = make("figure", {}, this.canvas,
      make("figcaption", {}, make("strong", {}, title), this.figures, make("p", { className: "note" }, trained)));
    this.element.style.borderTopColor = colour;
    /** @type {Autoencoder | null} */
    this.networks = null;
    /** @type {Float32Array} */
    this.pixels = new Float32Array(0);
  }

  /**
   * @param {Float32Array} corrupted
   * @param {number} passes through encoder and decoder
   * @param {Ink} ink
   */
  show(corrupted, passes, ink) {
    if (!this.networks) return;
    let pixels = corrupted;
    for (let k = 0; k < passes; k++) pixels = reconstruct(this.networks.encoder, this.networks.decoder, pixels).slice();
    this.pixels = pixels;
    inkPixels(contextOf(this.canvas), pixels, this.shape, ink);
  }
}

export class Restored {
  /**
   * @param {number[]} shape
   * @param {(error: string) => void} onload once a model is there, or cannot be fetched
   */
  constructor(shape, onload) {
    this.shape = shape;
    this.onload = onload;
    this.element = make("div", { className: "cards" });
    /** @type {Card[]} */
    this.cards = [];
  }

  /** Whether all models are there. */
  get isReady() {
    return this.cards.every(({ networks }) => networks);
  }

  /** Take models; those that were there stay. @param {Restorer[]} models */
  load(models) {
    const key = (/** @type {Restorer} */ { encoder, colour, title }) => encoder + colour + title;
    this.cards = models.map((model) => this.cards.find((card) => key(card.model) === key(model)) ?? this.open(model));
    this.element.replaceChildren(...this.cards.map(({ element }) => element));
  }

  /** @param {Restorer} model */
  open(model) {
    const card = new Card(model, this.shape);
    fetchAutoencoder(model).then((networks) => { card.networks = networks; }).then(() => this.onload(""),
      (error) => {
        write(card.figures, "not here");
        this.onload(`${model.title} could not be fetched. ${error instanceof Error ? error.message : error}`);
      });
    return card;
  }

  /**
   * Reconstruct; the figures of each model that is there.
   * @param {Float32Array} corrupted
   * @param {number} passes
   * @param {(pixels: ArrayLike<number>) => Figures} measure
   * @param {Ink} ink
   */
  show(corrupted, passes, measure, ink) {
    /** @type {Record<string, Figures>} */
    const found = {};
    for (const card of this.cards) {
      card.show(corrupted, passes, ink);
      if (!card.networks) continue;
      found[card.model.run] = measure(card.pixels);
      write(card.figures, likenessWords(found[card.model.run]));
    }
    return found;
  }
}
