/** How often the names of clusters are wrong: the visitor's, the paper's protocol, Hungarian matching. */

import { make, write } from "../dom.js";
import { errorOf, errorOfNames, sum, UNNAMED } from "../math/clusters.js";
import { percent } from "../math/words.js";

/** @typedef {import("../math/clusters.js").Row} Row */
/** @typedef {import("./cluster-rows.js").Shown} Shown */

const DIGITS = 2; // of an error in percent
const number = (/** @type {number} */ n) => n.toLocaleString("en");
const several = (/** @type {number} */ n, /** @type {string} */ noun) => `${number(n)} ${noun}${n === 1 ? "" : "s"}`;

export class ClusterErrors {
  constructor() {
    const entry = (/** @type {string} */ title) => {
      const value = make("output"), text = make("p", { className: "note" });
      return { value, text, element: make("div", {}, make("b", {}, title), " ", value, text) };
    };
    this.own = entry("Your names");
    this.paper = entry("The paper's protocol");
    this.matching = entry("Hungarian matching");
    this.entries = [this.own, this.paper, this.matching];
    this.element = make("div", { className: "errors" }, ...this.entries.map(({ element }) => element));
  }

  /**
   * @param {Row[]} rows
   * @param {Shown} shown
   */
  show(rows, shown) {
    const { revealed, assigned, payload: { recorded } } = shown;
    this.paper.element.hidden = !revealed || (!assigned && recorded === null);
    this.matching.element.hidden = !revealed || !assigned;
    const said = [ownWords(rows, shown), paperWords(shown), matchingWords(shown)];
    this.entries.forEach(({ value, text }, i) => {
      write(value, said[i][0]);
      write(text, said[i][1]);
    });
  }
}

/**
 * @param {Row[]} rows
 * @param {Shown} shown
 * @returns {[string, string]} a number, and what it is
 */
export function ownWords(rows, { assigned, revealed, payload: { data_title: data } }) {
  const named = rows.filter(({ name }) => name !== null).length, of = `${named} of ${rows.length} rows are named`;
  if (!assigned) return ["", `${of}; without ${data}'s test images there is no error to compute.`];
  const { wrong, unnamed, least, n } = errorOf(rows, assigned.counts);
  if (!revealed) return ["", `${of}, with ${percent((n - unnamed) / n)} of the ${number(n)} test images.`];
  const none = unnamed ? ` (${number(unnamed)} of them are in a row without a name)` : "";
  const best = `The best names of these ${rows.length} rows would leave ${percent(least / n, DIGITS)}.`;
  const what = `${number(wrong)} of ${number(n)} test images are in a row without the name of their class`;
  return [`error ${percent(wrong / n, DIGITS)}`, `${what}${none}. ${best}`];
}

/**
 * @param {Shown} shown
 * @returns {[string, string]}
 */
export function paperWords({ assigned, payload: { recorded, recorded_by, scores } }) {
  const rule = "Each cluster takes the label of the image with the highest q(y|x) for it; clusters may share one";
  const figure = percent(recorded ?? 0, DIGITS);
  const kept = recorded === null ? "" : `Named by ${recorded_by} images, in the run's file: ${figure}.`;
  if (!assigned || !scores) return [`error ${figure}`, `${rule}. ${kept}`];
  const { wrong, n } = errorOfNames(scores.named, assigned.counts);
  const role = "Here that image is a test image, in the paper a validation image.";
  return [`error ${percent(wrong / n, DIGITS)}`, `${rule}. ${role} ${kept}`];
}

/**
 * @param {Shown} shown
 * @returns {[string, string]}
 */
export function matchingWords({ assigned, payload: { scores, noun } }) {
  if (!assigned || !scores) return ["", ""];
  const { matched, mutual_information: nmi } = scores, { wrong, n } = errorOfNames(matched, assigned.counts);
  const left = matched.flatMap((label, k) => (label === UNNAMED ? [k] : []));
  const images = sum(left.map((k) => sum(assigned.counts[k])));
  const over = `${several(left.length, "cluster")}, ${several(images, "image")}`;
  const rest = `; clusters that are left over (${over}) count as wrong`;
  const rule = `Each ${noun} is matched to one cluster at most, so that as many images as possible agree`;
  const information = `Normalised mutual information of clusters and labels: ${nmi.toFixed(2)} (1: the same sets).`;
  return [`error ${percent(wrong / n, DIGITS)}`, `${rule}${left.length ? rest : ""}. ${information}`];
}
