/** What the colour of the codes shows: the class, or the rank of a measure. */

import { fetchTensors } from "../data/fetch.js";
import { make } from "../dom.js";
import { Codes } from "../layers/codes.js";
import { rankColour } from "../math/colours.js";
import { bytesOf } from "../math/tensors.js";

/** @typedef {import("../link/link.js").LinkState} LinkState */
/** @typedef {import("../map/latent-map.js").LatentMap} LatentMap */

const STEPS = 9; // of the legend's ramp

export class Colouring {
  /**
   * @param {LatentMap} map
   * @param {string[]} names of the measures
   * @param {string} noun of a class
   */
  constructor(map, names, noun) {
    this.map = map;
    this.select = make("select", { "aria-label": "What the colour of the codes shows" });
    this.select.append(new Option(`colour: ${noun}`, ""), ...names.map((name) => new Option(`colour: ${name}`, name)));
    this.select.onchange = () => this.choose(this.select.value);
    const ramp = make("span", { className: "ramp" });
    const cells = Array.from({ length: STEPS }, (_, i) => rankColour(i / (STEPS - 1)));
    ramp.style.background = `linear-gradient(90deg, ${cells})`;
    this.key = make("span", { hidden: true }, "lowest ", ramp, " highest");
    /** @type {Promise<import("../math/tensors.js").Tensors> | undefined} */
    this.tensors = undefined;
    this.element = make("div", { className: "colouring" }, this.select, this.key);
  }

  /** @param {string} name */
  async choose(name) {
    const { map } = this, address = "attributes" in map.payload ? map.payload.attributes : "";
    this.select.value = name;
    const ranks = name ? bytesOf(await (this.tensors ??= fetchTensors(address)), name) : null, codes = map.part(Codes);
    if (this.select.value !== name || map.closed || !codes) return;
    codes.colouring = ranks && ((_, i) => rankColour(ranks[i] / 255));
    this.key.hidden = !ranks;
    map.redraw();
    for (const part of map.parts) part.later?.();
  }

  /** @param {LinkState} link */
  restore({ colour }) {
    if (colour) this.choose(colour);
  }

  link() {
    return { colour: this.select.value || null };
  }

  snapshot() {
    return { colour: this.select.value };
  }
}
