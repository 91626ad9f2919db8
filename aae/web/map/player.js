/** The path through the pins, played. */

import { along } from "../math/geometry.js";
import { moveTo } from "./actions.js";

/** @typedef {import("./latent-map.js").LatentMap} LatentMap */

const SECONDS = 1.5; // for each leg

export class Player {
  /** @param {LatentMap} map */
  constructor(map) {
    this.map = map;
    /** @type {number | null} */
    this.playing = null;
  }

  get canPlay() {
    return this.map.state.pins.length > 1;
  }

  toggle() {
    if (this.playing !== null) this.stop();
    else this.play();
  }

  /**
   * @param {import("../math/geometry.js").Place[]} path
   * @param {number} seconds for each leg
   */
  play(path = this.map.state.pins, seconds = SECONDS) {
    const begin = performance.now(), milliseconds = 1000 * seconds * (path.length - 1);
    if (path.length < 2) return;
    const advance = (/** @type {number} */ now) => {
      const share = Math.min(1, Math.max(0, (now - begin) / milliseconds));
      moveTo(this.map, along(path, share));
      this.playing = share < 1 && !this.map.closed ? requestAnimationFrame(advance) : null;
    };
    this.playing = requestAnimationFrame(advance);
  }

  stop() {
    if (this.playing !== null) cancelAnimationFrame(this.playing);
    this.playing = null;
    this.map.show();
  }

  pressed() {
    this.stop();
  }

  close() {
    this.stop();
  }

  snapshot() {
    return { playing: this.playing !== null };
  }
}
