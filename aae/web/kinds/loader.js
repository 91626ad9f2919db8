/** How a map loads its model: first what shows images, then what makes them exact, then the test images. */

import { fetchImages, fetchModel, refine } from "../data/model.js";
import { AllClasses } from "../panels/all-classes.js";

/** @typedef {import("../map/latent-map.js").LatentMap} LatentMap */
/** @typedef {import("../payload.js").MapPayload} MapPayload */
/** @typedef {import("../payload.js").ModelPayload} ModelPayload */

const LATER = 600; // ms in which the page and the map come first

export class Loader {
  /** @param {LatentMap} map */
  constructor(map) {
    this.map = map;
    this.key = ""; // of the model that is shown, or on its way
  }

  /**
   * Take a payload; its model is fetched where it is another one.
   * @param {ModelPayload} payload
   */
  async load(payload) {
    const { map } = this, key = contentOf(payload), isSame = key === this.key;
    map.payload = payload;
    this.key = key;
    for (const part of map.parts) part.load?.(payload);
    map.element.classList.toggle("compact", payload.small === true);
    if (isSame) return this.settle();
    try {
      await this.fetch(payload, () => !map.closed && this.key === key);
    } catch (error) {
      this.key = ""; // the next payload tries again
      map.say(`The model could not be fetched. ${error instanceof Error ? error.message : error}`, "alert");
    }
  }

  /**
   * @param {ModelPayload} payload
   * @param {() => boolean} isWanted whether it still is
   */
  async fetch(payload, isWanted) {
    const { map } = this, model = await fetchModel(payload);
    if (!isWanted()) return;
    map.model = model;
    this.settle();
    for (const part of map.parts) part.ready?.();
    Object.assign(map.canvas.dataset, { exact: "false", ready: "true" });
    map.group.notify();
    map.redraw();
    await new Promise((done) => { setTimeout(done, LATER); });
    if (isWanted()) await refine(model, payload.decoder_rest);
    if (!isWanted()) return;
    map.canvas.dataset.exact = "true";
    map.redraw();
    if (payload.images) model.images = await fetchImages(payload.images);
    if (isWanted()) map.redraw();
  }

  /** What may change while the model stays: its condition, and what the pointer takes. */
  settle() {
    const { map } = this, classes = map.part(AllClasses), { label } = map.payload;
    if (classes) classes.condition();
    else if (label !== null) map.model?.decoder?.condition(label);
    if (!map.byImage && map.state.image) map.group.change({ image: null });
    map.redraw();
  }
}

/**
 * What makes it another model, or another plane through it.
 * @param {any} payload
 */
function contentOf({ decoder, codes, origin, basis, view }) {
  return JSON.stringify([decoder, codes, origin, basis, view]);
}
