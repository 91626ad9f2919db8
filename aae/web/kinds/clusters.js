/** The clusters of a model, a row each; where they have heads on a plane, a map of them stands beside the rows. */

import { dress } from "../css.js";
import { fetchClusters, fetchMembers } from "../data/clusters.js";
import { button, enable, inkOf, make, write } from "../dom.js";
import { rowsOf } from "../math/clusters.js";
import { ClusterErrors } from "../panels/cluster-errors.js";
import { WORDS } from "../panels/cluster-row.js";
import { ClusterRows } from "../panels/cluster-rows.js";
import { savable } from "../panels/savable.js";
import { ClusterMap } from "./cluster-map.js";
import { ClusterState } from "./cluster-state.js";

/** @typedef {import("../math/clusters.js").Which} Which */
/** @typedef {import("../panels/cluster-rows.js").Actions} Actions */
/** @typedef {import("../payload-uses.js").ClustersPayload} ClustersPayload */
/** @typedef {import("../payload.js").Host} Host */

const KEYS = "On a row, the keys 0 to 9 choose its name, Delete takes it away, and arrows go on. " +
  "A head that is dragged onto another row merges the two.";
const WHICH = /** @type {Which[]} */ (Object.keys(WORDS));

class Clusters {
  /**
   * @param {Element | ShadowRoot} root
   * @param {ClustersPayload} payload
   * @param {Host} host
   */
  constructor(root, payload, host) {
    this.payload = payload;
    this.closed = false;
    /** @type {import("../data/clusters.js").Clusters | null} */
    this.clusters = null;
    /** @type {import("../data/clusters.js").PixelsOf | null} */
    this.pixelsOf = null;
    this.state = new ClusterState(host.link, () => this.show());
    this.map = new ClusterMap(payload.group, host, () => this.show());
    this.rows = new ClusterRows(this.actions());
    this.errors = new ClusterErrors();
    this.bar = this.makeBar();
    this.notice = make("p", { className: "notice", hidden: true });
    this.source = make("p", { className: "note" });
    const keys = make("p", { className: "note" }, KEYS);
    const saved = { name: "Clusters", of: () => this.payload.run, host };
    const rows = make("div", {}, this.source, keys, savable(this.rows.element, saved));
    this.element = make("div", { className: "clusters", ontransitionend: () => this.show() }, this.bar.element,
      this.notice, this.errors.element, make("div", { className: "both" }, rows, this.map.element));
    Object.assign(this.element, { clusters: this });
    root.append(this.element);
    dress(this.element);
    this.load(payload);
  }

  /** @returns {Actions} */
  actions() {
    const { state, map } = this;
    return {
      name: (first, label) => state.name(first, label),
      merge: (rows) => (map.showAll(), state.merge(rows)),
      split: (first) => (map.showAll(), state.split(first)),
      isolate: (row) => map.isolate(row, this.payload.dataset),
      picked: () => { enable(this.bar.merging, this.rows.picked.length > 1); },
    };
  }

  makeBar() {
    const { state, rows } = this;
    const reveal = button("Reveal the true labels", () => state.change({ revealed: !state.revealed }));
    const merging = button("merge the selected rows", () => rows.actions.merge(rows.picked));
    const title = "undo the last name, merge or split";
    const undoing = button("undo", () => (this.map.showAll(), state.undo()), { title });
    const which = WHICH.map((name) => button(WORDS[name], () => state.look(name)));
    const whiches = make("span", { className: "which", role: "group", "aria-label": "Images of each row" }, ...which);
    const element = make("div", { className: "choices" }, reveal, merging, undoing, whiches);
    return { element, reveal, merging, undoing, whiches };
  }

  /** @param {ClustersPayload} payload */
  update(payload) {
    const isSame = payload.file === this.payload.file && payload.images === this.payload.images;
    this.payload = payload;
    if (isSame) return this.show();
    this.map.drop();
    this.clusters = this.pixelsOf = null;
    this.load(payload);
  }

  /** @param {ClustersPayload} payload */
  async load(payload) {
    this.say(this.state.read(payload));
    const isWanted = () => !this.closed && payload === this.payload;
    try {
      await this.fetch(payload, isWanted);
    } catch (error) {
      if (isWanted()) this.say(`The clusters could not be fetched. ${error instanceof Error ? error.message : error}`);
    }
  }

  /**
   * @param {ClustersPayload} payload
   * @param {() => boolean} isWanted whether it still is
   */
  async fetch(payload, isWanted) {
    const { file, n_clusters: k, class_names: names } = payload, clusters = await fetchClusters(file, k, names.length);
    if (!isWanted()) return;
    this.clusters = clusters;
    this.show();
    const pixelsOf = clusters.assigned && (await fetchMembers(payload, clusters.assigned));
    if (!isWanted()) return;
    this.pixelsOf = pixelsOf;
    this.show();
  }

  /** @param {string} text */
  say(text) {
    Object.assign(this.notice, { textContent: text, hidden: !text, role: "alert" });
  }

  show() {
    const { payload, pixelsOf, clusters, state: { choice, revealed, which, turn } } = this;
    if (!clusters || this.closed) return;
    this.map.show(revealed ? payload.labelled_map : payload.map);
    const rows = rowsOf(payload.n_clusters, choice);
    const shown = { ...clusters, payload, ink: inkOf(this.element), revealed, which, turn, pixelsOf };
    this.rows.show(rows, shown);
    this.errors.show(rows, shown);
    this.mark();
    write(this.source, sourceWords(payload, clusters.assigned !== null));
  }

  /** What is pressed, and what can be. */
  mark() {
    const { revealed, which, past } = this.state, { reveal, undoing, whiches } = this.bar;
    for (const { head, row } of this.rows.rows) head.setAttribute("aria-pressed", String(this.map.isAlone(row.first)));
    write(reveal, revealed ? "Hide the true labels" : "Reveal the true labels");
    enable(undoing, past.length > 0);
    whiches.hidden = !this.clusters?.assigned;
    [...whiches.children].forEach((each, i) => each.setAttribute("aria-pressed", String(WHICH[i] === which)));
    this.rows.actions.picked();
  }

  /** What is on the screen, for tests. */
  snapshot() {
    const { state: { choice, revealed, which }, clusters, pixelsOf } = this;
    return { ...choice, revealed, which, ready: !!clusters, images: !!pixelsOf };
  }

  close() {
    this.closed = true;
    this.map.close();
    this.element.remove();
  }
}

/**
 * What stands in the rows.
 * @param {ClustersPayload} payload
 * @param {boolean} isAssigned whether it is known which test image is in which cluster
 */
function sourceWords({ data_title: data, images, no_images: reason, n, labelled_map: map }, isAssigned) {
  const code = map ? "; the code of an image is its head plus a style" : "";
  const heads = `Left: the head of each cluster, decoded at style 0${code}.`;
  const members = `some of those of the ${n.toLocaleString("en")} test images that are in it`;
  if (!isAssigned) return `${heads} Which test images are in it is not in the run's file, and ${data} ${reason}.`;
  if (images) return `${heads} Beside it: ${members}.`;
  const as = map ? "" : " as this cluster"; // the codes of a map have the cluster in them
  return `${heads} Beside it: ${members}, reconstructed from their codes${as} (${data} ${reason}).`;
}

/**
 * @param {Element | ShadowRoot} root
 * @param {ClustersPayload} payload
 * @param {Host} host
 */
export function openClusters(root, payload, host) {
  const clusters = new Clusters(root, payload, host);
  return { update: (/** @type {ClustersPayload} */ next) => clusters.update(next), close: () => clusters.close() };
}
