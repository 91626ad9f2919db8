/** What a guided tour sees of a map, and does to it. */

import { neighbours } from "../math/neighbours.js";
import { moveTo } from "./actions.js";
import { Player } from "./player.js";

/** @typedef {import("./latent-map.js").LatentMap} LatentMap */
/** @typedef {import("../math/geometry.js").Place} Place */
/** @typedef {import("../payload-tour.js").Deed} Deed */
/** @typedef {import("../payload-tour.js").Sight} Sight */

const NEAR = 5; // images around a pin
const LONGEST = 200; // places that are kept, where nobody looks
const SECONDS = 3; // of a path

export class Staged {
  /** @param {LatentMap} map */
  constructor(map) {
    this.map = map;
    /** @type {Place[]} */
    this.trail = [];
    map.host.stage?.add(this);
  }

  /** @param {Set<string>} names of what changed */
  changed(names) {
    if (names.has("cursor") && this.trail.push(this.map.state.cursor) > LONGEST) this.trail.shift();
  }

  /** @returns {Sight} */
  sight() {
    const { map } = this, { state, payload: { run, radius } } = map, { cursor, drawing, pins } = state;
    const isFull = map.element.classList.contains("full"), isMoved = cursor !== map.group.usual.cursor;
    if (!map.n) return { run, isFull };
    return {
      run, isFull, trail: this.trail.splice(0), place: isMoved ? cursor : null, isDrawn: drawing?.done ?? false,
      isEmpty: neighbours(map.points, cursor, radius).count === 0, pinned: pins.map((pin) => this.labelsNear(pin)),
    };
  }

  /**
   * The classes of the images around a place.
   * @param {Place} place
   */
  labelsNear(place) {
    const { map } = this, { nearest } = neighbours(map.points, place, 0, undefined, NEAR);
    return nearest.map((i) => map.model?.labels[i] ?? -1);
  }

  /** @param {Deed} deed */
  perform({ run, path, strokes }) {
    const { map } = this, places = /** @type {Place[]} */ (path);
    for (const part of map.parts) part.trace?.(strokes);
    if (map.payload.run !== run || !places.length) return;
    moveTo(map, places[0]);
    map.part(Player)?.play(places, SECONDS / places.length);
  }

  close() {
    this.map.host.stage?.delete(this);
  }
}
