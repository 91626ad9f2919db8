/** A row of clusters that stand together: heads, members, size, purity, and the name that the visitor gives it. */

import { button, contextOf, inkPixels, make, write } from "../dom.js";
import { choose, membersOf, sum, totalsOf } from "../math/clusters.js";
import { classColour, shortNames } from "../math/colours.js";
import { percent } from "../math/words.js";

/** @typedef {import("../math/clusters.js").Row} Row */
/** @typedef {import("./cluster-rows.js").Shown} Shown */
/** @typedef {import("./cluster-rows.js").Actions} Actions */

const MEMBERS = 24; // images of a row
const BYTE = 255;

export class ClusterRow {
  /**
   * @param {Row} row
   * @param {Shown} shown
   * @param {Actions} actions
   */
  constructor(row, shown, actions) {
    this.row = row;
    const { assigned, payload: { class_names: names, noun, map, labelled_map } } = shown, { first } = row;
    this.title = `cluster${row.clusters.length > 1 ? "s" : ""} ${row.clusters.join(" + ")}`;
    this.members = assigned ? membersOf(row.clusters, assigned.clusters, assigned.order) : new Int32Array(0);
    this.pick = make("input", { type: "checkbox", "aria-label": `select ${this.title}`, onchange: actions.picked });
    const canDraw = (map ?? labelled_map) !== null && assigned !== null;
    const what = canDraw ? "show it alone on the map; drag it onto another row to merge them" : "drag to merge";
    this.head = button("", () => canDraw && actions.isolate(this), { className: "head", draggable: true, title: what });
    this.head.setAttribute("aria-label", `${this.title}: ${canDraw ? "show it alone on the map" : "its head"}`);
    this.strip = make("div", { className: "members", role: "img" });
    this.facts = make("span", { className: "facts" });
    this.select = make("select", { "aria-label": `The ${noun} of ${this.title}` });
    this.select.append(new Option("not named", ""), ...names.map((name, k) => new Option(name, String(k))));
    this.select.onchange = () => actions.name(first, this.select.value === "" ? null : Number(this.select.value));
    const split = button("split", () => actions.split(first), { hidden: row.clusters.length < 2 });
    const heading = make("span", { className: "heading" }, make("b", {}, this.title), this.facts);
    this.element = make("div", { className: "cluster", tabIndex: 0, role: "group", "aria-label": this.title },
      make("span", { className: "grip" }, this.pick, this.head), heading,
      make("span", { className: "naming" }, this.select, split), this.strip);
    this.element.dataset.first = String(first);
    this.key = "";
  }

  /** @param {Shown} shown */
  show(shown) {
    const { assigned, labels, revealed, which, turn, payload, ink } = shown, name = this.row.name;
    this.select.value = name === null ? "" : String(name);
    write(this.facts, assigned ? this.words(shown) : "");
    const key = JSON.stringify([which, turn, ink, revealed, shown.pixelsOf !== null, payload.run]);
    if (key === this.key || !ink) return;
    this.key = key;
    this.head.replaceChildren(...this.row.clusters.map((k) => picture(shown, headOf(shown, k))));
    const images = choose(this.members, which, MEMBERS), short = shortNames(payload.class_names);
    this.strip.hidden = !images.length || !shown.pixelsOf;
    this.strip.setAttribute("aria-label", `Images of ${this.title}, ${WORDS[which]}`);
    this.strip.replaceChildren(...Array.from(images, (i) => {
      const canvas = picture(shown, shown.pixelsOf?.(i) ?? []), label = labels[i];
      const figure = make("figure", { title: captionOf(shown, i) }, canvas);
      if (!revealed) return figure;
      const caption = make("figcaption", {}, short[label]);
      caption.style.borderColor = classColour(payload.colours, label);
      figure.append(caption);
      return figure;
    }));
  }

  /**
   * Size; once the labels are revealed, purity.
   * @param {Shown} shown
   */
  words({ assigned, revealed, payload: { class_names: names, n } }) {
    const size = this.members.length, totals = totalsOf(this.row.clusters, assigned?.counts ?? []);
    if (!size) return "no test image is in it: its head is extrapolated";
    const share = `${size.toLocaleString("en")} images, ${percent(size / n)}`;
    const most = Math.max(...totals);
    return revealed ? `${share}; purity ${percent(most / sum(totals))}: ${names[totals.indexOf(most)]}` : share;
  }
}

/** @type {Record<import("../math/clusters.js").Which, string>} */
export const WORDS = { most: "most confident", least: "least confident", random: "random" };

/**
 * @param {Shown} shown
 * @param {ArrayLike<number>} pixels in [0, 1]
 */
function picture({ payload: { shape }, ink }, pixels) {
  const [height, width] = shape.slice(-2), canvas = make("canvas", { width, height });
  if (ink) inkPixels(contextOf(canvas), pixels, shape, ink);
  return canvas;
}

/**
 * @param {Shown} shown
 * @param {number} k
 */
function headOf({ heads, payload: { n_clusters: n } }, k) {
  const size = heads.length / n;
  return Float32Array.from(heads.subarray(k * size, (k + 1) * size), (x) => x / BYTE);
}

/**
 * @param {Shown} shown
 * @param {number} i
 */
function captionOf({ assigned, labels, revealed, payload }, i) {
  const sure = `q(y|x) = ${assigned?.confidence[i].toFixed(3)}`;
  return `Test image ${i}: ${revealed ? `labelled ${payload.class_names[labels[i]]}; ` : ""}${sure}`;
}
