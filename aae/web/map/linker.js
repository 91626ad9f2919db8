/** The address of the page: read when a map opens, written when something has changed and is still. */

import { format, OF_CLUSTERS, parse } from "../link/link.js";

/** @typedef {import("../link/link.js").LinkContext} LinkContext */
/** @typedef {import("../link/link.js").LinkState} LinkState */
/** @typedef {import("./latent-map.js").LatentMap} LatentMap */
/** @typedef {import("./messages.js").Shared} Shared */

const STILL = 300; // ms without a change
const SILENT = new Set(["peek", "lassoing", "marked"]); // no address holds them

export class Linker {
  /**
   * @param {LatentMap} map
   * @param {Partial<LinkContext>} context
   */
  constructor(map, context = {}) {
    this.map = map;
    this.context = context;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.waiting = undefined;
    this.followed = ""; // the query that a presenter showed last
    this.take = (/** @type {string} */ query) => this.follow(query);
    map.host.follow?.takers.add(this.take);
  }

  /** Whether this map writes for its group. */
  get leads() {
    return this.map.group.maps[0] === this.map;
  }

  /** @param {string} query */
  parse(query) {
    const { n, class_names } = this.map.payload;
    return parse(query, { images: n, classes: class_names.length, ...this.context });
  }

  /** Take what the address holds: the group's state from its first map, the parts' own from each. */
  read() {
    const { map } = this, { state, misread } = this.parse(map.host.link.read());
    if (this.leads) map.group.change(this.shared(state));
    for (const part of map.parts) part.restore?.(state);
    const own = misread.filter(({ name }) => !OF_CLUSTERS.includes(name));
    const asked = own.filter(({ name, text }) => !map.host.link.wrote(name, text)); // not those of the run before
    const wrong = asked.map(({ name, text, rule }) => `${name}=${text} (${rule})`);
    if (!wrong.length || !this.leads) return;
    map.say(`Not understood in the address: ${wrong.join("; ")}. The default is shown.`);
  }

  /** Show what a presenter shows; where only the place is another, that alone. @param {string} query */
  follow(query) {
    const { state } = this.parse(query), place = withoutPlace(query) === withoutPlace(this.followed);
    this.followed = query;
    const { cursor, ...others } = this.shared(state);
    if (this.leads) this.map.group.change(place ? { cursor } : { cursor, ...others });
    if (!place) for (const part of this.map.parts) part.restore?.(state);
  }

  /**
   * The shared state of an address; a place that is not on this map is dropped.
   * @param {LinkState} link
   * @returns {Partial<Shared>}
   */
  shared({ z, pins, image, view, only, layers, fade, stretch, epoch, layout, moment }) {
    const { camera, payload } = this.map, { usual } = this.map.group;
    return {
      cursor: z && camera.holds(z) ? z : startOf(usual.cursor, camera),
      pins: pins.filter((pin) => camera.holds(pin)),
      image: image === null ? usual.image : { dataset: payload.dataset, index: image, held: true },
      layers: layers ?? usual.layers, fade: fade ?? usual.fade, view, only, stretch, epoch, layout, moment,
    };
  }

  /** What the address is to hold of maps. @returns {Partial<LinkState>} */
  state() {
    const { map } = this, { cursor, pins, view, only, layers, fade, stretch, epoch, layout, moment } = map.state;
    const { usual } = map.group;
    /** @type {Partial<LinkState>} */
    const state = {
      z: cursor === usual.cursor ? null : cursor, pins, view, only, stretch,
      image: map.image === usual.image?.index ? null : map.image,
      epoch, layout, moment, digit: null, sample: false, colour: null,
      layers: sameNames(layers, usual.layers) ? null : layers, fade: fade === usual.fade ? null : fade,
    };
    return Object.assign(state, ...map.parts.map((part) => part.link?.() ?? {}));
  }

  /** @param {Set<keyof Shared>} names */
  changed(names) {
    if (![...names].some((name) => !SILENT.has(name))) return;
    if (this.leads) this.map.host.follow?.show(() => format(this.state()));
    this.later();
  }

  /** Write the address, once nothing changes any more. */
  later() {
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.write(), STILL);
  }

  write() {
    clearTimeout(this.waiting);
    if (this.map.dragging || !this.map.n) return this.map.closed ? undefined : this.later();
    if (this.leads) this.map.host.link.write(format(this.state()));
  }

  flush() {
    if (this.leads && this.map.n) this.map.host.link.write(format(this.state()));
  }

  close() {
    clearTimeout(this.waiting);
    this.map.host.follow?.takers.delete(this.take);
  }
}

/** @param {string} query */
function withoutPlace(query) {
  const parameters = new URLSearchParams(query);
  parameters.delete("z");
  return parameters.toString();
}

/**
 * Where a map begins: at the usual place, if it has it.
 * @param {import("../math/geometry.js").Place} usual
 * @param {import("./camera.js").Camera} camera
 * @returns {import("../math/geometry.js").Place}
 */
function startOf(usual, camera) {
  return camera.holds(usual) ? usual : [camera.square.x, camera.square.y];
}

/**
 * @param {string[]} a
 * @param {string[]} b
 */
function sameNames(a, b) {
  return a.length === b.length && a.every((name) => b.includes(name));
}
