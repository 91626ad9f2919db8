/** The map beside the rows of clusters: of the clusters, then of the true labels; one row can be alone on it. */

import { make } from "../dom.js";
import { enter, leave } from "../map/group.js";
import { openMap } from "./map.js";

/** @typedef {import("../map/messages.js").Shared} Shared */
/** @typedef {import("../panels/cluster-row.js").ClusterRow} ClusterRow */
/** @typedef {import("../payload.js").Host} Host */
/** @typedef {import("../payload.js").MapPayload} MapPayload */

const FADE = 0.8; // the codes are what is looked at

export class ClusterMap {
  /**
   * @param {string} group
   * @param {Host} host
   * @param {() => void} onchange another row is alone, or none
   */
  constructor(group, host, onchange) {
    this.group = enter(this, group, { fade: FADE });
    this.host = host;
    this.onchange = onchange;
    this.element = make("div", { className: "beside", hidden: true });
    /** @type {MapPayload | null} */
    this.shown = null;
    /** @type {{run: string, mounted: ReturnType<typeof openMap>} | null} */
    this.open = null;
    /** @type {{first: number, marked: Shared["marked"]} | null} the row that is alone */
    this.alone = null;
  }

  /** @param {MapPayload | null} payload null: no map */
  show(payload) {
    if (payload === this.shown) return;
    if (this.open?.run !== payload?.run) this.drop();
    this.shown = payload;
    this.element.hidden = !payload;
    if (!payload) return;
    if (!this.open) return void (this.open = { run: payload.run, mounted: openMap(this.element, payload, this.host) });
    this.group.change({ only: null }); // a class is no cluster
    this.open.mounted.update(payload);
  }

  /**
   * Show the images of a row alone; once more: all.
   * @param {ClusterRow} row
   * @param {string} dataset
   */
  isolate({ row: { first }, members }, dataset) {
    const isAlone = this.isAlone(first);
    this.alone = isAlone || !members.length ? null : { first, marked: { dataset, images: new Set(members) } };
    this.group.remember();
    this.group.change({ marked: this.alone?.marked ?? null, only: null });
  }

  /** @param {number} first cluster of a row */
  isAlone(first) {
    return this.alone?.first === first && this.group.state.marked === this.alone.marked;
  }

  /** @param {Set<keyof Shared>} names */
  changed(names) {
    if (names.has("marked")) this.onchange();
  }

  /** Show all images. */
  showAll() {
    this.group.change({ marked: null, only: null });
  }

  drop() {
    if (this.open) this.showAll();
    this.open?.mounted.close();
    this.open = this.alone = this.shown = null;
  }

  close() {
    this.drop();
    leave(this, this.group);
  }
}
