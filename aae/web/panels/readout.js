/** The words beside the map: where one looks, and what is near. Spoken once the pointer is still. */

import { make, write } from "../dom.js";
import { decodedWords, imageWords, markedWords, nearWords, placeWords, UNSEEN } from "../map/words.js";

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
  lines({ place, own, image, around }) {
    const { state, frame, group, marked, isElsewhere, camera } = this.map;
    const lines = [this.subject(image) + placeWords(own, around.dim), nearWords(around)];
    lines.push(...this.condition());
    const title = group.maps.find((map) => map.payload.run === state.layout)?.payload.title ?? state.layout;
    const elsewhere = `The points lie as in ${title}; z and what is near are this model's own.`;
    if (isElsewhere) lines.push(elsewhere);
    if (marked) lines.push(markedWords(marked.size));
    if (!camera.sees(place)) lines.push(UNSEEN);
    if (state.epoch !== null) lines.push(`After epoch ${state.epoch}; ${pictured(frame)}.`);
    else if (frame?.greys.manifold) lines.push("The image: the nearest of the map's.");
    return [...lines, ...this.map.parts.flatMap((part) => part.says || [])];
  }

  /** @param {number | null} image */
  subject(image) {
    if (image !== null) return imageWords(image, this.map.nameOf(image), this.map.sort);
    const { ownShown, state: { drawing } } = this.map;
    return ownShown ? `${drawing?.title ?? "Your image"}: ` : "";
  }

  /** What the decoder is conditioned on; of the visitor's image its own words say it. */
  condition() {
    const { decodedAs, ownShown, payload: { conditional, class_names: names } } = this.map;
    if (!conditional || decodedAs === null || ownShown) return [];
    return [`Decoded as ${decodedWords(conditional, decodedAs, names)}.`];
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
