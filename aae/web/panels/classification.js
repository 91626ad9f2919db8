/** How a model classifies: its confusion matrix, the images of a cell or the hardest ones, and q(y|x) of an image. */

import { fetchClassified } from "../data/classified.js";
import { fetchTestSet } from "../data/testset.js";
import { make, write } from "../dom.js";
import { imagesIn } from "../math/confusion.js";
import { percent } from "../math/words.js";
import { ClassBars } from "./class-bars.js";
import { ClassifiedImages } from "./classified-images.js";
import { Confusion } from "./confusion.js";
import { OwnCode } from "./own-code.js";
import { Source } from "./source.js";

/** @typedef {import("../link/link.js").LinkState} LinkState */
/** @typedef {import("../map/latent-map.js").LatentMap} LatentMap */
/** @typedef {import("../map/look.js").Look} Look */
/** @typedef {import("../map/messages.js").Shared} Shared */
/** @typedef {import("../math/confusion.js").Cell} Cell */
/** @typedef {import("../payload-uses.js").ClassifyPayload} ClassifyPayload */
/** @typedef {import("./source.js").Chosen} Chosen */

const HARDEST = 48; // images that are shown while no cell is open

export class Classification {
  /**
   * @param {LatentMap} map
   * @param {ClassifyPayload} payload
   */
  constructor(map, payload) {
    this.map = map;
    this.payload = payload;
    this.fetched = ""; // what was fetched last
    this.matrix = new Confusion((cell) => this.open(cell));
    this.strip = new ClassifiedImages((image) => this.source.show(image));
    this.bars = new ClassBars();
    this.source = new Source(payload.map, (pixels, chosen) => this.take(pixels, chosen));
    this.missing = make("p", { className: "note", hidden: true });
    /** @type {import("../data/classified.js").Classified | null} */
    this.classified = null;
    /** @type {import("../data/testset.js").TestSet | null} */
    this.tests = null;
    /** @type {Cell | null} that is open */
    this.cell = null;
    /** @type {Shared["marked"]} its images */
    this.marked = null;
    this.image = 0; // the test image that is shown, or was shown last
    this.what = "";
    /** @type {import("../math/encoder.js").Encoder | null} */
    this.encoder = null;
    this.source.element.querySelector("details")?.setAttribute("open", "");
  }

  /** @param {ClassifyPayload} payload */
  update(payload) {
    this.payload = payload;
  }

  load() {
    const { payload: { map, file } } = this, key = JSON.stringify([file, map.images, map.codes]);
    this.bars.load(map.class_names, map.colours, map.shape);
    if (key === this.fetched) return;
    this.fetched = key;
    this.classified = this.tests = this.encoder = null;
    this.matrix.element.hidden = this.strip.element.hidden = this.missing.hidden = true;
    this.fetch(() => this.fetched === key && !this.map.closed);
  }

  /** @param {() => boolean} isWanted whether it still is */
  async fetch(isWanted) {
    const { map, payload: { file, map: about } } = this;
    try {
      const [tests, classified] = await Promise.all([
        fetchTestSet(about), file ? fetchClassified(file, about.class_names.length) : null,
      ]);
      if (!isWanted()) return;
      this.tests = tests;
      this.classified = classified;
      this.explain();
      this.source.take(tests, this.image < about.n ? this.image : 0);
      if (this.cell) this.mark(this.cell);
      this.list();
      const encoder = await map.part(OwnCode)?.fetch();
      if (isWanted()) this.encoder = encoder ?? null;
      map.show();
    } catch (error) {
      const reason = error instanceof Error ? error.message : error;
      if (isWanted()) map.say(`Not everything could be fetched. ${reason}`, "alert");
    }
  }

  /** Show the matrix; where no class is known, say why. */
  explain() {
    const { classified, payload: { map, recorded } } = this;
    this.missing.hidden = classified !== null;
    this.matrix.element.hidden = !classified;
    if (classified) return this.matrix.show(classified.counts, map.class_names, map.data_title);
    const error = recorded === null ? "" : ` The run's file has the error on its test images: ${percent(recorded, 2)}.`;
    write(this.missing, `${map.data_title} ${map.no_images}, and the run's file does not hold which class each test ` +
      `image is given: no confusion matrix, and no hardest images.${error}`);
  }

  /** Open a cell; once more, or none: close it. @param {Cell | null} cell */
  open(cell) {
    const isOpen = cell !== null && this.cell?.[0] === cell[0] && this.cell[1] === cell[1];
    this.mark(isOpen ? null : cell);
    for (const part of this.map.parts) part.later?.();
  }

  /** Mark the images of a cell on the map. @param {Cell | null} cell */
  mark(cell) {
    const { classified, map } = this, images = new Set(classified && cell ? imagesIn(classified, cell) : []);
    const before = this.marked;
    this.cell = cell;
    this.marked = images.size ? { dataset: map.payload.dataset, images } : null;
    if (this.marked || before) map.group.change({ marked: this.marked, only: null });
    this.list();
  }

  /** @param {Set<keyof Shared>} names */
  changed(names) {
    if (!names.has("marked") || !this.marked || this.map.state.marked === this.marked) return;
    this.cell = this.marked = null; // a lasso or a key marked others, or none
    this.list();
  }

  redraw() {
    this.list();
  }

  /** Show the images of the open cell, or the hardest ones. */
  list() {
    const { classified, cell, tests, map: { ink }, payload: { map } } = this, names = map.class_names;
    this.matrix.mark(cell);
    this.strip.element.hidden = true;
    if (!classified || !ink) return;
    const images = cell ? imagesIn(classified, cell) : [...classified.order.subarray(0, HARDEST)];
    const first = classified.truth ? "lowest q(y|x) of the label first" : "most surely wrong first";
    const which = cell
      ? `${images.length.toLocaleString("en")} test images labelled ${names[cell[0]]}, predicted ${names[cell[1]]}`
      : `The ${images.length} hardest of ${map.n.toLocaleString("en")} test images`;
    const under = `under each: label→predicted, q(y|x) of the ${classified.truth ? "label" : "predicted class"}`;
    this.strip.show(images, `${which}, ${first}; ${under}`, classified, tests, map, ink);
  }

  /**
   * @param {Float32Array} pixels
   * @param {Chosen} chosen
   */
  take(pixels, { label, index, done }) {
    const { map, tests, payload: { map: { class_names: names } } } = this;
    const given = tests?.decoded ? `, decoded from its ${tests.decoded}` : "";
    this.image = index ?? this.image;
    this.what = index === null ? "your own image" : `test image ${index}${given}, labelled ${names[label ?? 0]}`;
    const named = index === null ? {} : { title: `Test image ${index}${given}, labelled ${names[label ?? 0]}` };
    map.group.change({ drawing: { pixels, label, done, ...named }, image: null, peek: null });
  }

  /** @param {Look} look */
  show({ pixels, image }) {
    const { map, encoder } = this, { own, ownShown, ink, payload: { shape } } = map;
    if (!ink) return;
    if (ownShown?.y) return this.bars.show(ownShown.y, ownShown.pixels, this.what, shape, ink);
    const q = pixels && encoder?.encode(pixels).y;
    if (!pixels || !q) return;
    const what = image === null ? "the image decoded at the pointer" : `test image ${image} as it is decoded`;
    this.bars.show(q, pixels, own && !map.state.peek ? this.what : what, shape, ink);
  }

  /** @param {LinkState} link */
  restore({ image, cell }) {
    this.image = image ?? 0;
    this.cell = cell[0] ?? null;
    this.map.group.change({ image: null });
  }

  /** @returns {Partial<LinkState>} */
  link() {
    return { image: this.image, cell: this.cell ? [this.cell] : [], ...(this.map.ownShown ? { z: null } : {}) };
  }

  snapshot() {
    const { cell, image, what, classified } = this, rows = this.bars.rows.map(({ value }) => Number(value.textContent));
    return { cell, looksAt: image, what, q: rows, counts: classified?.counts ?? null };
  }

  close() {
    this.source.close();
  }
}
