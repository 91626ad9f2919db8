/** The visitor's image in one model: its code, the class that it gets, and how well it is reconstructed. */

import { fetchTensors } from "../data/fetch.js";
import { prepare } from "../data/prepare.js";
import { Encoder } from "../math/encoder.js";
import { fitting, meanSquare } from "../math/reconstruction.js";
import { project } from "../math/geometry.js";
import { neighbours } from "../math/neighbours.js";
import { AllClasses } from "./all-classes.js";
import { ownWords } from "../map/words.js";

/** @typedef {import("../map/latent-map.js").LatentMap} LatentMap */
/** @typedef {import("../map/messages.js").Shared} Shared */
/** @typedef {import("../map/scene.js").Own} Own */
/** @typedef {import("../math/encoder.js").Encoded} Encoded */

const NEAR = 20; // test codes whose classes are counted

export class OwnCode {
  /** @param {LatentMap} map */
  constructor(map) {
    this.map = map;
    this.address = "";
    /** @type {Promise<Encoder> | undefined} */
    this.encoder = undefined;
  }

  /** @param {any} payload */
  load({ encoder }) {
    if (encoder === this.address) return;
    this.address = encoder;
    this.encoder = undefined;
    this.map.own = null;
  }

  ready() {
    this.encode();
  }

  /** @param {Set<keyof Shared>} names */
  changed(names) {
    if (names.has("drawing")) this.encode();
  }

  fetch() {
    const { payload, plane: { origin: { length } } } = this.map;
    const isGaussian = "gaussian_posterior" in payload && payload.gaussian_posterior;
    this.encoder ??= fetchTensors(this.address).then((tensors) => new Encoder(tensors, length, isGaussian));
    return this.encoder;
  }

  /** Look at the code of what is drawn. */
  async encode() {
    const { map } = this, { drawing } = map.state;
    if (!drawing) return this.set(null);
    const encoder = await this.fetch().catch(() => null);
    if (!encoder) return map.say("The encoder could not be fetched: draw again to try once more.", "alert");
    if (map.closed || map.state.drawing !== drawing || !map.model?.decoder) return;
    const pixels = this.pixelsOf(drawing);
    this.set(pixels && this.completed(pixels, encoder.encode(pixels), drawing.label ?? null));
    if (map.own && drawing.done) this.settle(map.own);
  }

  /** @param {import("../map/messages.js").Drawing} drawing */
  pixelsOf({ board, pixels }) {
    const { shape, centred } = this.map.payload;
    return pixels ?? (board ? prepare(board, shape, centred) : null);
  }

  /** @param {Own | null} own */
  set(own) {
    this.map.own = own;
    this.map.show();
  }

  /**
   * @param {Float32Array} pixels
   * @param {Encoded} encoded
   * @param {number | null} label its class, where that is known
   * @returns {Own}
   */
  completed(pixels, encoded, label) {
    const { model, codes, payload: { conditional } } = this.map, { code } = encoded;
    const decoder = /** @type {import("../math/network.js").Decoder} */ (model?.decoder);
    const known = conditional === "classes" ? label : null;
    const condition = conditional ? known ?? fitting(decoder, encoded, pixels) : null;
    const near = neighbours(codes, code, 0, undefined, NEAR).nearest.map((i) => model?.labels[i] ?? 0);
    return { ...encoded, pixels, condition, mse: meanSquare(pixels, decoder.decode(code, condition)), near };
  }

  /** Once the pen is up: the cursor stays at the code, and the class that fits is enlarged. @param {Own} own */
  settle({ code, condition }) {
    const { map } = this, [u, v] = project(code, map.plane);
    if (map.payload.group === undefined) map.group.change({ cursor: map.camera.clamp([u, v]) });
    if (typeof condition === "number") map.part(AllClasses)?.choose(condition);
  }

  get says() {
    const { ownShown, payload } = this.map;
    return ownShown ? ownWords(ownShown, payload) : "";
  }

  snapshot() {
    const { own } = this.map;
    if (!own) return { drawing: null };
    const { pixels, code, std, y, mse, condition } = own, list = (/** @type {any} */ x) => x && Array.from(x);
    const shown = typeof condition === "number" ? condition : list(condition);
    return { drawing: { pixels: list(pixels), code: list(code), std: list(std), y: list(y), mse, condition: shown } };
  }
}
