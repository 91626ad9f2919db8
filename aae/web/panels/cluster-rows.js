/** The rows of clusters: named by selects and digit keys, merged by dragging one onto another or by selecting them. */

import { make } from "../dom.js";
import { ClusterRow } from "./cluster-row.js";

/** @typedef {import("../data/clusters.js").Clusters} Clusters */
/** @typedef {import("../math/clusters.js").Row} Row */
/** @typedef {import("../math/clusters.js").Which} Which */
/** @typedef {import("../payload-uses.js").ClustersPayload} ClustersPayload */

/**
 * What is shown beside the rows themselves.
 * @typedef {object} Looks
 * @property {ClustersPayload} payload
 * @property {import("../dom.js").Ink | undefined} ink
 * @property {boolean} revealed whether the true labels are shown
 * @property {Which} which of the members are shown
 * @property {number} turn another for each choice of them
 * @property {((i: number) => ArrayLike<number>) | null} pixelsOf a test image, in [0, 1]; null: not here
 */
/** @typedef {Clusters & Looks} Shown */

/**
 * What the visitor does with rows.
 * @typedef {object} Actions
 * @property {(first: number, label: number | null) => void} name
 * @property {(rows: Row[]) => void} merge the others into the first
 * @property {(first: number) => void} split
 * @property {(row: ClusterRow) => void} isolate
 * @property {() => void} picked another selection
 */

const TYPE = "text/plain"; // of what is dragged

export class ClusterRows {
  /** @param {Actions} actions */
  constructor(actions) {
    this.actions = actions;
    this.element = make("div", { className: "rows-of-clusters" });
    /** @type {ClusterRow[]} */
    this.rows = [];
    this.key = "";
  }

  /**
   * @param {Row[]} rows
   * @param {Shown} shown
   */
  show(rows, shown) {
    const key = JSON.stringify([shown.payload.file, rows.map(({ clusters }) => clusters)]);
    if (key !== this.key) this.build(rows, shown);
    this.key = key;
    this.rows.forEach((each, i) => {
      each.row = rows[i];
      each.show(shown);
    });
  }

  /**
   * @param {Row[]} rows
   * @param {Shown} shown
   */
  build(rows, shown) {
    this.rows = rows.map((row) => new ClusterRow(row, shown, this.actions));
    for (const each of this.rows) this.listen(each, shown.payload.class_names.length);
    this.element.replaceChildren(...this.rows.map(({ element }) => element));
  }

  /** The rows that are selected, from above. */
  get picked() {
    return this.rows.filter(({ pick }) => pick.checked).map(({ row }) => row);
  }

  /**
   * @param {ClusterRow} each
   * @param {number} classes
   */
  listen(each, classes) {
    const { element, head } = each;
    head.ondragstart = (event) => event.dataTransfer?.setData(TYPE, element.dataset.first ?? "");
    element.ondragover = (event) => (event.preventDefault(), element.classList.add("over"));
    element.ondragleave = () => element.classList.remove("over");
    element.ondrop = (event) => this.drop(event, each);
    element.onkeydown = (event) => this.press(event, each, classes);
  }

  /**
   * @param {DragEvent} event
   * @param {ClusterRow} onto
   */
  drop(event, onto) {
    event.preventDefault();
    onto.element.classList.remove("over");
    const first = event.dataTransfer?.getData(TYPE);
    const from = this.rows.find(({ element }) => element.dataset.first === first);
    if (from && from !== onto) this.actions.merge([onto.row, from.row]);
  }

  /**
   * A digit names the row, Delete takes its name away, arrows go to the next one.
   * @param {KeyboardEvent} event
   * @param {ClusterRow} each
   * @param {number} classes
   */
  press(event, each, classes) {
    const { key, target, ctrlKey, metaKey, altKey } = event, by = { ArrowDown: 1, ArrowUp: -1 }[key];
    if (target instanceof HTMLSelectElement || ctrlKey || metaKey || altKey) return;
    if (/^\d$/.test(key) && Number(key) < classes) this.actions.name(each.row.first, Number(key));
    else if (key === "Delete" || key === "Backspace") this.actions.name(each.row.first, null);
    else if (by) this.rows[this.rows.indexOf(each) + by]?.element.focus();
    else return;
    event.preventDefault();
  }
}
