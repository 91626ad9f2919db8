/** An image's way through a network: the image, its code on the map, the reconstruction, the error, and the loss. */

import { fetchTensors } from "../data/fetch.js";
import { fetchTestSet } from "../data/testset.js";
import { button, contextOf, inkPixels, make } from "../dom.js";
import { differencePixels } from "../math/difference.js";
import { Network } from "../math/network.js";
import { termsOf } from "../math/objective.js";
import { Equation } from "./equation.js";
import { PosteriorSample } from "./posterior-sample.js";
import { Source } from "./source.js";

/** @typedef {import("../link/link.js").LinkState} LinkState */
/** @typedef {import("../map/latent-map.js").LatentMap} LatentMap */
/** @typedef {import("../map/look.js").Look} Look */
/** @typedef {import("../payload.js").EncodePayload} EncodePayload */
/** @typedef {import("./source.js").Chosen} Chosen */

export class EncodeDecode {
  /**
   * @param {LatentMap} map
   * @param {EncodePayload} payload
   */
  constructor(map, payload) {
    this.map = map;
    this.payload = payload;
    this.source = new Source(payload, (pixels, chosen) => this.take(pixels, chosen));
    this.input = figure("x, the input", "input");
    this.output = figure("x̂, decoded from z");
    this.error = figure("x̂ − x: orange more ink, blue less");
    this.equation = new Equation();
    this.back = button("back to the code of x", () => this.send(true), { hidden: true });
    /** @type {Float32Array | null} */
    this.pixels = null; // of the input
    /** @type {Chosen} */
    this.chosen = { label: null, index: null, done: true };
    this.index = 0; // of the test image that is shown, or was shown last
    /** @type {Network | null} */
    this.discriminator = null;
    /** @type {import("../math/objective.js").Term[]} */
    this.terms = [];
  }

  /** @param {any} payload */
  load(payload) {
    if (payload.discriminator !== this.payload.discriminator) this.discriminator = null;
    this.payload = payload;
    for (const { canvas } of [this.input, this.output, this.error]) {
      [canvas.height, canvas.width] = payload.shape.slice(-2);
    }
  }

  /** @param {LinkState} link */
  restore({ image }) {
    this.index = image ?? 0;
    this.map.group.change({ image: null });
  }

  /** The model is there: fetch what this page needs beside it. */
  async ready() {
    const { map, payload } = this, isWanted = () => !map.closed && this.payload.codes === payload.codes;
    const tests = await fetchTestSet(payload).catch(() => null);
    if (!isWanted()) return;
    if (!tests) return map.say("The test images could not be fetched: reload the page.", "alert");
    this.source.take(tests, this.index);
    if (!payload.discriminator) return;
    const tensors = await fetchTensors(payload.discriminator).catch(() => null);
    if (tensors && isWanted()) this.discriminator = new Network(tensors);
    map.show();
  }

  /**
   * @param {Float32Array} pixels
   * @param {Chosen} chosen
   */
  take(pixels, chosen) {
    this.pixels = pixels;
    this.chosen = chosen;
    this.index = chosen.index ?? this.index;
    this.send(chosen.done);
  }

  /** Let the image be encoded. @param {boolean} done */
  send(done) {
    const { pixels, chosen: { label, index } } = this;
    if (!pixels) return;
    const named = { title: `Test image ${index}, labelled ${this.payload.class_names[label ?? 0]}` };
    const drawing = { pixels, label, done, ...(index === null ? {} : named) };
    this.map.group.change({ drawing, image: null, peek: null });
  }

  /** @param {Look} look */
  show({ code, pixels: decoded }) {
    const { map, pixels, payload: { shape, objective } } = this, { ownShown, ink } = map;
    if (!pixels || !decoded || !ink) return;
    const drawn = map.part(PosteriorSample)?.drawn ?? null;
    const shown = drawn ? map.model?.decoder?.decode(drawn, ownShown?.condition) ?? decoded : decoded;
    this.back.hidden = ownShown !== null;
    inkPixels(contextOf(this.input.canvas), pixels, shape, ink);
    inkPixels(contextOf(this.output.canvas), shown, shape, ink);
    contextOf(this.error.canvas).putImageData(differencePixels(shown, pixels, shape), 0, 0);
    this.terms = termsOf(objective, pixels, shown, ownShown, this.scoreOf(drawn ?? this.styleOf(code)));
    this.equation.show(this.terms, ownShown !== null);
  }

  /**
   * What the discriminator is given; with cluster heads a place of the map is W_C y + z, of which z is not known.
   * @param {Float32Array} code
   */
  styleOf(code) {
    const { map: { ownShown }, payload: { categories, conditional } } = this;
    return ownShown?.mean ?? (categories === "clusters" && !conditional ? null : code);
  }

  /**
   * D(z), the probability that z is a draw of the prior.
   * @param {ArrayLike<number> | null} z
   */
  scoreOf(z) {
    return this.discriminator && z ? 1 / (1 + Math.exp(-this.discriminator.forward(z)[0])) : null;
  }

  /** @returns {Partial<LinkState>} */
  link() {
    return { image: this.index, ...(this.map.ownShown ? { z: null } : {}) };
  }

  snapshot() {
    return { terms: this.terms, input: this.pixels && [...this.pixels], index: this.chosen.index };
  }

  close() {
    this.source.close();
  }
}

/**
 * @param {string} text
 * @param {string} [className]
 */
function figure(text, className = "") {
  const canvas = make("canvas", { className: "digit", role: "img", "aria-label": text });
  return { canvas, element: make("figure", { className }, make("figcaption", {}, text), canvas) };
}
