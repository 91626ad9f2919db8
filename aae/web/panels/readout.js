/** The words beside the map: where one looks, and what is near. Spoken once the pointer is still. */

import { make, write } from "../dom.js";
import { imageWords, nearWords, placeWords } from "../map/words.js";

/** @typedef {import("../map/latent-map.js").LatentMap} LatentMap */
/** @typedef {import("../map/look.js").Look} Look */

const STILL = 700; // ms

export class Readout {
  /** @param {LatentMap} map */
  constructor(map) {
    this.map = map;
    this.element = make("p", { className: "readout" });
    this.spoken = make("p", { className: "spoken", "aria-live": "polite" });
    map.canvas.setAttribute("aria-label", "Map of the latent space. Arrow keys move the code; ? lists the keys.");
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.speaking = undefined;
  }

  get text() {
    return this.element.textContent ?? "";
  }

  /** @param {Look} look */
  show(look) {
    write(this.element, this.lines(look).join("\n"));
    if (this.speaking === undefined && this.spoken.textContent !== this.text) {
      this.speaking = setTimeout(() => this.speak(), STILL);
    }
  }

  /** @param {Look} look */
  lines({ own, image, around }) {
    const { payload, model, state, frame } = this.map, label = image === null ? 0 : model?.labels[image] ?? 0;
    const named = image === null ? "" : imageWords(image, payload.class_names[label] ?? String(label));
    const lines = [named + placeWords(own, around.dim), nearWords(around)];
    const elsewhere = `The points lie as in ${state.layout}; z and what is near are this model's own.`;
    if (this.map.isElsewhere) lines.push(elsewhere);
    if (state.epoch !== null) lines.push(`After epoch ${state.epoch}; ${pictured(frame)}.`);
    return lines;
  }

  speak() {
    this.speaking = undefined;
    write(this.spoken, this.text);
  }

  close() {
    clearTimeout(this.speaking);
  }

  snapshot() {
    const { looked, state, image } = this.map;
    return {
      readout: this.text, place: looked?.place, own: looked?.own, code: looked && [...looked.code],
      around: looked?.around, pixels: looked?.pixels && Array.from(looked.pixels), cursor: state.cursor,
      peek: state.peek,
      pins: state.pins, image, held: image !== null && state.image?.held === true,
    };
  }
}

/** @param {import("../data/frame.js").Frame | null} frame */
function pictured(frame) {
  return frame?.greys.manifold ? "the nearest of the map's images" : "images by the finished decoder";
}
