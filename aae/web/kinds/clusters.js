/** The clusters of a model, a row each; where they have heads on a plane, a map of them stands beside the rows. */

import { dress } from "../css.js";
import { fetchClusters } from "../data/clusters.js";
import { fetchImages } from "../data/model.js";
import { button, inkOf, make, write } from "../dom.js";
import { rowsOf } from "../math/clusters.js";
import { ClusterErrors } from "../panels/cluster-errors.js";
import { WORDS } from "../panels/cluster-row.js";
import { ClusterRows } from "../panels/cluster-rows.js";
import { ClusterMap } from "./cluster-map.js";
import { ClusterState } from "./cluster-state.js";

/** @typedef {import("../math/clusters.js").Which} Which */
/** @typedef {import("../panels/cluster-rows.js").Actions} Actions */
/** @typedef {import("../payload-uses.js").ClustersPayload} ClustersPayload */
/** @typedef {import("../payload.js").Host} Host */

const WHICH = /** @type {Which[]} */ (Object.keys(WORDS));
const BYTE = 255;

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
    /** @type {((i: number) => ArrayLike<number>) | null} a test image, in [0, 1] */
    this.pixelsOf = null;
    this.state = new ClusterState(host.link, () => this.show());
    this.map = new ClusterMap(payload.group, host, () => this.show());
    this.rows = new ClusterRows(this.actions());
    this.errors = new ClusterErrors();
    this.bar = this.makeBar();
    this.notice = make("p", { className: "notice", hidden: true });
    this.source = make("p", { className: "note" });
    const rows = make("div", {}, this.source, this.rows.element);
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
      picked: () => { this.bar.merging.disabled = this.rows.picked.length < 2; },
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
  async fetch({ file, n_clusters: k, class_names: names, images, shape }, isWanted) {
    const clusters = await fetchClusters(file, k, names.length), size = shape[1] * shape[2];
    if (!isWanted()) return;
    this.clusters = clusters;
    this.show();
    const pixels = images && clusters.assigned ? await fetchImages(images) : null;
    if (!isWanted() || !pixels) return;
    this.pixelsOf = (i) => Float32Array.from(pixels.subarray(i * size, (i + 1) * size), (x) => x / BYTE);
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
    undoing.disabled = !past.length;
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
function sourceWords({ dataset, no_images: reason, n, labelled_map: map }, isAssigned) {
  const code = map ? "; the code of an image is its head plus a style" : "";
  const heads = `Left: the head of each cluster, decoded at style 0${code}.`;
  const all = n.toLocaleString("en");
  if (isAssigned) return `${heads} Beside it: some of those of the ${all} test images that are in it.`;
  return `${heads} Which test images are in it takes the images themselves: ${dataset} ${reason}.`;
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
