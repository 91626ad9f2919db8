/** What a visitor has made of the clusters of a model: names, merges, what is revealed; the address holds it. */

import { format, OF_CLUSTERS, parse } from "../link/link.js";
import { merge, nameRow, split } from "../math/clusters.js";

/** @typedef {import("../math/clusters.js").Choice} Choice */
/** @typedef {import("../math/clusters.js").Row} Row */
/** @typedef {import("../math/clusters.js").Which} Which */
/** @typedef {import("../payload-uses.js").ClustersPayload} ClustersPayload */
/** @typedef {import("../payload.js").Link} Link */

export class ClusterState {
  /**
   * @param {Link} link
   * @param {() => void} onchange
   */
  constructor(link, onchange) {
    this.link = link;
    this.onchange = onchange;
    /** @type {Choice} */
    this.choice = { merged: [], named: [] };
    /** @type {Choice[]} what undo restores */
    this.past = [];
    this.revealed = false;
    /** @type {Which} */
    this.which = "most";
    this.turn = 0; // another for each choice of members
  }

  /**
   * Take what the address holds, but not what was written for the model before.
   * @param {ClustersPayload} payload
   * @returns {string} what was not understood
   */
  read({ n, n_clusters: clusters, class_names: { length: classes } }) {
    const query = new URLSearchParams(this.link.read());
    for (const name of OF_CLUSTERS) if (this.link.wrote(name, query.get(name) ?? "")) query.delete(name);
    const { state, misread } = parse(`?${query}`, { images: n, classes, rows: { clusters, classes } });
    this.choice = { merged: state.merged, named: state.named };
    this.past = [];
    this.revealed = state.revealed;
    this.which = /** @type {Which} */ (state.members ?? "most");
    this.write();
    const wrong = misread.filter(({ name }) => OF_CLUSTERS.includes(name));
    const texts = wrong.map(({ name, text, rule }) => `${name}=${text} (${rule})`);
    return texts.length ? `Not understood in the address: ${texts.join("; ")}. The default is shown.` : "";
  }

  write() {
    const { choice: { merged, named }, revealed, which } = this;
    this.link.write(format({ merged, named, revealed, members: which === "most" ? null : which }));
  }

  /** @param {Partial<{choice: Choice, revealed: boolean, which: Which}>} changes */
  change(changes) {
    Object.assign(this, changes);
    this.write();
    this.onchange();
  }

  /** @param {Choice} choice */
  choose(choice) {
    this.past.push(this.choice);
    this.change({ choice });
  }

  /**
   * @param {number} first cluster of a row
   * @param {number | null} label
   */
  name(first, label) {
    this.choose(nameRow(this.choice, first, label));
  }

  /** @param {Row[]} rows the others join the first */
  merge(rows) {
    this.choose(merge(this.choice, rows));
  }

  /** @param {number} first cluster of a row */
  split(first) {
    this.choose(split(this.choice, first));
  }

  undo() {
    const choice = this.past.pop();
    if (choice) this.change({ choice });
  }

  /** Show others of the members. @param {Which} which */
  look(which) {
    this.turn++;
    this.change({ which });
  }
}
