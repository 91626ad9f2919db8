/** Compress & search: an image as a few bits of its code, and the test images whose bits differ least. */

import { dress } from "../css.js";
import { fetchAutoencoder } from "../data/autoencoder.js";
import { fetchTensors } from "../data/fetch.js";
import { fetchTestSet } from "../data/testset.js";
import { contextOf, inkOf, inkPixels, make, write } from "../dom.js";
import { bitList, bitsOf, distances, MAX_BITS, nearestOf } from "../math/hashing.js";
import { floatsOf } from "../math/tensors.js";
import { Pictures } from "../panels/pictures.js";
import { savable } from "../panels/savable.js";
import { Source } from "../panels/source.js";

/** @typedef {import("../panels/source.js").Chosen} Chosen */
/** @typedef {import("../payload.js").Host} Host */
/** @typedef {import("../payload-uses.js").SearchPayload} SearchPayload */

/**
 * @typedef {object} Index
 * @property {Uint32Array} words the bits of the test images
 * @property {import("../data/testset.js").TestSet} tests
 * @property {(code: ArrayLike<number>) => Uint32Array} of the bits of codes
 * @property {(pixels: Float32Array) => ArrayLike<number>} encode
 */

const SHOWN = 24, USUAL = 16;

class Search {
  /**
   * @param {Element | ShadowRoot} root
   * @param {SearchPayload} payload
   * @param {Host} host
   */
  constructor(root, payload, host) {
    this.payload = payload;
    this.host = host;
    this.source = new Source(payload, (pixels, chosen) => this.take(pixels, chosen));
    this.canvas = make("canvas", { className: "digit", role: "img", "aria-label": "The image that is looked for" });
    const settings = { type: "range", min: 1, max: MAX_BITS, step: 1, value: this.linked("bits", USUAL, MAX_BITS) };
    this.slider = make("input", { ...settings, "aria-label": "Bits" });
    this.slider.oninput = () => this.show();
    this.slider.onchange = () => this.write();
    this.output = make("output");
    this.code = make("div", { className: "bits", role: "img", "aria-label": "no bits yet" });
    this.words = make("p", { className: "readout", role: "status" });
    this.found = new Pictures(make("b", {}, "Nearest by Hamming distance: in how many bits a code differs"));
    this.notice = make("p", { className: "notice", role: "alert", hidden: true });
    const query = make("div", { className: "query" }, make("b", {}, "Image"), this.canvas, this.source.element);
    const bits = make("label", {}, "bits ", this.slider, " ", this.output);
    const found = savable(make("div", {}, this.code, this.words, this.found.element),
      { name: "Nearest images", of: () => this.payload.run, host });
    const answer = make("div", { className: "answer" }, bits, found, this.notice);
    this.element = make("div", { className: "pad search", ontransitionend: () => this.show() }, query, answer);
    Object.assign(this.canvas, { search: this });
    root.append(this.element);
    dress(this.element);
    /** @type {Index | null} */
    this.index = null;
    /** @type {{pixels: Float32Array, bits: Uint32Array, chosen: Chosen} | null} */
    this.query = null;
    this.closed = false;
    this.load(payload);
  }

  /**
   * A whole number of the address.
   * @param {string} name
   * @param {number} usual
   * @param {number} most
   */
  linked(name, usual, most) {
    const text = new URLSearchParams(this.host.link.read()).get(name) ?? "", value = Number(text);
    return /^\d{1,6}$/.test(text) && value <= most ? value : usual;
  }

  /** @param {SearchPayload} payload */
  update(payload) {
    if (payload.codes !== this.payload.codes || payload.images !== this.payload.images) this.load(payload);
    this.payload = payload;
  }

  /** @param {SearchPayload} payload */
  async load(payload) {
    this.payload = payload;
    this.canvas.dataset.ready = "false";
    try {
      const [tests, networks, hash, stored] = await Promise.all([
        fetchTestSet(payload), fetchAutoencoder(payload), fetchTensors(payload.hash), fetchTensors(payload.codes),
      ]);
      if (this.payload !== payload || this.closed) return;
      const centre = floatsOf(hash, "centre"), directions = floatsOf(hash, "directions");
      const of = (/** @type {ArrayLike<number>} */ code) => bitsOf(code, centre, directions);
      const encode = (/** @type {Float32Array} */ pixels) => networks.encoder.encode(pixels).code;
      this.index = { words: of(floatsOf(stored, "codes")), tests, of, encode };
      this.source.take(tests, this.linked("image", 0, tests.labels.length - 1));
    } catch (error) {
      return this.say(`The codes could not be fetched. ${error instanceof Error ? error.message : error}`);
    }
    this.say("");
    this.canvas.dataset.ready = "true";
  }

  /** @param {string} text */
  say(text) {
    this.notice.hidden = !text;
    write(this.notice, text);
  }

  /**
   * @param {Float32Array} pixels
   * @param {Chosen} chosen
   */
  take(pixels, chosen) {
    if (!this.index) return;
    this.query = { pixels, bits: this.index.of(this.index.encode(pixels)), chosen };
    this.show();
    if (chosen.done) this.write();
  }

  /** The address: of a test image its number. */
  write() {
    const { index } = this.query?.chosen ?? { index: null }, bits = Number(this.slider.value);
    this.host.link.write({ bits: bits === USUAL ? null : String(bits), image: index ? String(index) : null });
  }

  show() {
    const { index, query, payload } = this, bits = Number(this.slider.value);
    write(this.output, String(bits));
    if (!index || !query) return;
    [this.canvas.height, this.canvas.width] = payload.shape.slice(-2);
    inkPixels(contextOf(this.canvas), query.pixels, payload.shape, inkOf(this.element));
    const apart = distances(index.words, query.bits, bits), nearest = nearestOf(apart, SHOWN, query.chosen.index);
    this.showBits(bitList(query.bits, bits));
    this.shown = { bits, nearest, distances: nearest.map((i) => apart[i]) };
    write(this.words, this.wordsOf(bits, nearest, apart));
    this.found.show(nearest.map((i) => this.hit(index, i, apart[i])), payload.shape);
  }

  /**
   * A test image whose bits differ in so many places.
   * @param {Index} index
   * @param {number} i
   * @param {number} distance
   */
  hit({ tests }, i, distance) {
    const { class_names: names, colours } = this.payload, label = tests.labels[i];
    const about = `test image ${i}, labelled ${names[label]}; ${distance} bits differ`;
    return { pixels: tests.pixels(i), colour: colours[label % colours.length], figure: String(distance), about };
  }

  /** @param {boolean[]} list */
  showBits(list) {
    this.code.setAttribute("aria-label", list.map(Number).join(""));
    this.code.replaceChildren(...list.map((is) => make("span", { className: is ? "one" : "zero" })));
  }

  /**
   * @param {number} bits
   * @param {number[]} nearest
   * @param {Uint8Array} apart
   */
  wordsOf(bits, nearest, apart) {
    const { index, query, payload } = this, pixels = query?.pixels.length ?? 0, { label } = query?.chosen ?? {};
    const same = nearest.filter((i) => index?.tests.labels[i] === label).length;
    const alike = apart.reduce((n, distance, i) => n + Number(distance === 0 && i !== query?.chosen.index), 0);
    const size = `${pixels} bytes of pixels become ${bits} bits: ${Math.round((8 * pixels) / bits)} times fewer.`;
    const right = label == null ? "" : ` ${same} of these ${nearest.length} are ${payload.class_names[label]} as well.`;
    const [n, all] = [alike, apart.length].map((each) => each.toLocaleString("en"));
    return `${size} ${n} of the ${all} test images have the same bits.${right}`;
  }

  snapshot() {
    return { ...this.shown, words: this.words.textContent, index: this.query?.chosen.index };
  }

  close() {
    this.closed = true;
    this.source.close();
    this.element.remove();
  }
}

/**
 * @param {Element | ShadowRoot} root
 * @param {SearchPayload} payload
 * @param {Host} host
 */
export function openSearch(root, payload, host) {
  const search = new Search(root, payload, host);
  return { update: (/** @type {SearchPayload} */ next) => search.update(next), close: () => search.close() };
}
