/** What the address of a page holds of its maps: one table of fields. Parameters of others are left as they are. */

import { areMerges } from "../math/clusters.js";
import { NAME, NAMES, PAIRS, PLACE, PLACES, SHARE, SWITCH, VIEW, WHOLE } from "./values.js";

/** @typedef {import("./values.js").Place} Place */
/** @typedef {import("./values.js").View} View */

/**
 * @typedef {object} LinkState
 * @property {Place | null} z where the cursor is
 * @property {Place[]} pins
 * @property {number | null} image the test image that is held
 * @property {number | null} digit the class that is enlarged
 * @property {View | null} view the part of the map that is seen
 * @property {number | null} only the class that is isolated
 * @property {string[] | null} layers shown over the map
 * @property {number | null} fade from the manifold (0) to the codes (1)
 * @property {boolean} stretch a percentile grid
 * @property {number | null} epoch
 * @property {string | null} layout the model whose places the points take
 * @property {number | null} moment of the training, 0 to 1
 * @property {boolean} sample whether a draw of the posterior is decoded, not its mean
 * @property {string | null} colour what the colour of the codes shows
 * @property {[number, number][]} merged clusters, and those whose rows they joined
 * @property {[number, number][]} named rows of clusters, and their classes
 * @property {boolean} revealed whether the true labels of clusters are shown
 * @property {string | null} members which images of a cluster are shown
 * @property {[number, number][]} cell of a confusion matrix that is open: a label and a predicted class; or none
 * @property {string | null} corruption of an input image
 * @property {number | null} strength of the corruption
 * @property {number} draw the number of the random draw that corrupts
 * @property {Place | null} hole where its middle is, in shares of the image
 * @property {boolean} again whether reconstructions are encoded once more
 * @property {number | null} scene of the story, from 1
 */

/**
 * What the values are checked against.
 * @typedef {object} LinkContext
 * @property {number} images how many test images there are
 * @property {number} classes how many classes there are
 * @property {number[]} [epochs] that there are frames of
 * @property {string[]} [layouts] models; undefined: any
 * @property {string[]} [layers]
 * @property {string[]} [colours]
 * @property {{clusters: number, classes: number}} [rows] of clusters; undefined: any
 * @property {string[]} [corruptions]
 * @property {number} [scenes] how many there are; undefined: any
 */

/** @typedef {{name: string, text: string, rule: string}} Misread */
/** @typedef {(value: any, context: LinkContext) => boolean} Check */
/** @typedef {{type: import("./values.js").Type<any>, default: any, check?: Check, rule?: string}} Field */

const LONGEST = 2000; // characters of a value

/** @type {{[K in keyof LinkState]: Field}} */
export const FIELDS = {
  z: { type: PLACE, default: null },
  pins: { type: PLACES, default: [] },
  image: { type: WHOLE, default: null, check: (i, { images }) => i < images, rule: "of a test image" },
  digit: { type: WHOLE, default: null, check: (k, { classes }) => k < classes, rule: "of a class" },
  view: { type: VIEW, default: null },
  only: { type: WHOLE, default: null, check: (k, { classes }) => k < classes, rule: "of a class" },
  layers: { type: NAMES, default: null, check: (names, { layers }) => isSubset(names, layers), rule: "of layers" },
  fade: { type: SHARE, default: null },
  stretch: { type: SWITCH, default: false },
  epoch: { type: WHOLE, default: null, check: (epoch, { epochs }) => isSubset([epoch], epochs), rule: "of an epoch" },
  layout: {
    type: NAME, default: null, rule: "of a model",
    check: (run, { layouts = [run] }) => runCalled(run, layouts) !== null,
  },
  moment: { type: SHARE, default: null },
  sample: { type: SWITCH, default: false },
  colour: { type: NAME, default: null, check: (name, { colours }) => isSubset([name], colours), rule: "of a measure" },
  merged: {
    type: PAIRS, default: [], check: (pairs, { rows }) => !rows || areMerges(pairs, rows.clusters),
    rule: "of clusters, each of which joins one that joined none",
  },
  named: {
    type: PAIRS, default: [], check: (pairs, { rows }) => !rows || areNames(pairs, rows),
    rule: "of clusters and classes",
  },
  revealed: { type: SWITCH, default: false },
  members: { type: NAME, default: null, check: (name) => isSubset([name], ["least", "random"]), rule: "of a choice" },
  cell: {
    type: PAIRS, default: [], rule: "of two classes, one pair", check: (pairs, { classes }) =>
      pairs.length === 1 && pairs[0].every((/** @type {number} */ k) => k < classes),
  },
  corruption: { type: NAME, default: null, check: isCorruption, rule: "of a corruption" },
  strength: { type: SHARE, default: null },
  draw: { type: WHOLE, default: 0 },
  hole: { type: PLACE, default: null },
  again: { type: SWITCH, default: false },
  scene: {
    type: WHOLE, default: null, rule: "of a scene",
    check: (number, { scenes = number }) => number > 0 && number <= scenes,
  },
};

/**
 * @param {string} name
 * @param {LinkContext} context
 */
function isCorruption(name, { corruptions }) {
  return isSubset([name], corruptions);
}

/**
 * Which of the runs an address calls so: by its name, or by the number "#1f3a" after a name that it had before.
 * @param {string} text
 * @param {string[]} runs
 */
export function runCalled(text, runs) {
  const number = text.match(/#[0-9a-f]{4}$/)?.[0];
  return runs.find((run) => run === text) ?? runs.find((run) => number && run.endsWith(number)) ?? null;
}

/** Those that rows of clusters read and write; the others are of maps. @type {string[]} */
export const OF_CLUSTERS = ["merged", "named", "revealed", "members"];

/**
 * @template T
 * @param {T[]} values
 * @param {T[] | undefined} known
 */
function isSubset(values, known = []) {
  return values.every((value) => known.includes(value));
}

/**
 * Whether each cluster has one class at most.
 * @param {[number, number][]} pairs
 * @param {{clusters: number, classes: number}} rows
 */
function areNames(pairs, { clusters, classes }) {
  const once = new Set(pairs.map(([k]) => k)).size === pairs.length;
  return once && pairs.every(([k, label]) => k < clusters && label < classes);
}

/** @returns {LinkState} */
export function defaults() {
  return /** @type {any} */ (Object.fromEntries(Object.entries(FIELDS).map(([name, field]) => [name, field.default])));
}

/**
 * The fields of an address; a bad value gives the default, and is listed.
 * @param {string} search "?z=0,1&..."
 * @param {LinkContext} context
 * @returns {{state: LinkState, misread: Misread[]}}
 */
export function parse(search, context) {
  const given = new URLSearchParams(search), state = /** @type {Record<string, any>} */ (defaults());
  /** @type {Misread[]} */
  const misread = [];
  for (const [name, { type, check, rule = "" }] of Object.entries(FIELDS)) {
    const text = given.get(name);
    if (text === null) continue;
    const value = text.length > LONGEST ? undefined : type.read(text);
    if (value !== undefined && (!check || check(value, context))) state[name] = value;
    else misread.push({ name, text: text.slice(0, 40), rule: `${type.rule} ${rule}`.trim() });
  }
  return { state: /** @type {any} */ (state), misread };
}

/**
 * The parameters of a state by name; null where the default stands, which an address leaves out.
 * @param {Partial<LinkState>} state
 * @returns {Record<string, string | null>}
 */
export function format(state) {
  /** @type {Record<string, string | null>} */
  const parameters = {};
  for (const [name, value] of Object.entries(state)) {
    const field = FIELDS[/** @type {keyof LinkState} */ (name)];
    const unset = value === null || JSON.stringify(value) === JSON.stringify(field.default);
    parameters[name] = unset ? null : field.type.write(value);
  }
  return parameters;
}

/**
 * The address with these parameters set, or removed where they are null.
 * @param {string} href
 * @param {Record<string, string | string[] | null>} parameters
 */
export function withParameters(href, parameters) {
  const url = new URL(href);
  for (const [name, value] of Object.entries(parameters)) {
    const [first, ...others] = [value ?? []].flat();
    if (first === undefined) url.searchParams.delete(name);
    else url.searchParams.set(name, first);
    for (const text of others) url.searchParams.append(name, text);
  }
  url.search = url.search.replaceAll("%2C", ",").replaceAll("%3B", ";").replaceAll("%3A", ":");
  return url.href;
}
