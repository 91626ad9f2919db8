/** What is chosen on a page of a site, from its address and back; the names are those of the app's addresses. */

import { withParameters } from "../link/link.js";

/** @typedef {import("./data.js").PageData} PageData */
/** @typedef {import("./data.js").RunData} RunData */
/** @typedef {Record<string, string[]>} Chosen by the fields' names */
/** @typedef {{value: string, text: string, group?: string}} Option */
/**
 * @typedef {object} Field
 * @property {string} name in the address
 * @property {string} title
 * @property {boolean} [several] can be chosen at once, as many as the page can show
 * @property {(data: PageData, chosen: Chosen) => Option[]} options by what was chosen before; fewer than two: no choice
 * @property {(data: PageData, chosen: Chosen) => string[]} usual
 */

/**
 * The runs that are shown, one at least.
 * @param {PageData} data
 * @param {Chosen} chosen
 */
export function runsOf(data, chosen) {
  const ids = chosen[data.key];
  return data.runs.filter(({ id }) => ids.includes(id)).sort((a, b) => ids.indexOf(a.id) - ids.indexOf(b.id));
}

/** @param {string[]} values @returns {Option[]} */
function optionsOf(values) {
  return values.map((value) => ({ value, text: value }));
}

/** @param {RunData[]} several @returns {Option[]} */
function offered(several) {
  return several.map(({ id, title, group }) => ({ value: id, text: title, group }));
}

/**
 * The field that names a page's runs.
 * @param {string} name
 * @param {boolean} [several]
 * @returns {Field}
 */
function runs(name, several = false) {
  const title = several ? "Runs (trained models)" : "Run (trained model)";
  return { name, title, several, options: (data) => offered(data.runs), usual: (data) => data.usual };
}

/** @type {Field} */
const PLANE = {
  name: "plane", title: "Plane", usual: () => ["pca"],
  options: (data, chosen) => optionsOf(Object.keys(runsOf(data, chosen)[0].planes ?? {})),
};

/** @type {Field} */
const LABEL = {
  name: "label", title: "Decoded as",
  options: (data, chosen) => optionsOf(runsOf(data, chosen)[0].labels?.names ?? []),
  usual: (data, chosen) => {
    const [{ labels, payload }] = runsOf(data, chosen);
    return [labels?.names[payload.label ?? 0] ?? ""];
  },
};

/** @type {Field} */
const SCORE = {
  name: "score", title: "Score", usual: (data, chosen) => Object.keys(runsOf(data, chosen)[0].scores ?? {}).slice(0, 1),
  options: (data, chosen) => optionsOf(Object.keys(runsOf(data, chosen)[0].scores ?? {})),
};

/** @type {Field} */
const POINTER = {
  name: "pointer", title: "Pointer selects", usual: () => ["code"], options: () => optionsOf(["code", "image"]),
};

/** @type {Field} */
const DRAWS = {
  name: "draws", title: "Generate images from", usual: () => ["none"], options: () => optionsOf(["none", "the prior"]),
};

const SEEDS = ["0"]; // of which a site has draws

/** @type {Field} no choice; links of the app have one */
const SEED = { name: "seed", title: "Seed", usual: () => SEEDS, options: () => optionsOf(SEEDS) };

/** @type {Field} */
const DATASET = {
  name: "dataset", title: "Data set", usual: ({ runs: [first] }) => [first.payload.data_title],
  options: (data) => optionsOf([...new Set(data.runs.map(({ payload }) => payload.data_title))]),
};

/** @type {Field} */
const RESTORERS = {
  ...runs("restorers", true),
  options: (data, chosen) => offered(ofDataset(data, chosen)),
  usual: (data, chosen) => {
    const here = ofDataset(data, chosen).map(({ id }) => id), usual = data.usual.filter((id) => here.includes(id));
    return usual.length ? usual : here.slice(0, data.most);
  },
};

/**
 * @param {PageData} data
 * @param {Chosen} chosen
 */
function ofDataset(data, { dataset: [title] }) {
  return data.runs.filter(({ payload }) => payload.data_title === title);
}

/** @type {Record<string, Field[]>} of each page, those that others depend on first */
export const FIELDS = {
  home: [],
  explore: [runs("run"), PLANE, LABEL],
  compare: [runs("runs", true), POINTER, DRAWS, SEED],
  encode: [runs("run"), PLANE],
  style: [runs("styles"), PLANE, POINTER],
  classify: [runs("classified")],
  clusters: [runs("clusters")],
  denoise: [DATASET, RESTORERS],
  anomalies: [runs("scored"), SCORE],
  search: [runs("run")],
};

/**
 * What an address names; a value that is none of the options gives the usual one, and a line.
 * @param {PageData} data
 * @param {string} query
 * @returns {{chosen: Chosen, wrong: string[]}}
 */
export function read(data, query) {
  const given = new URLSearchParams(query), wrong = /** @type {string[]} */ ([]);
  /** @type {Chosen} */
  const chosen = {};
  for (const field of FIELDS[data.page]) {
    const options = field.options(data, chosen), asked = given.getAll(field.name).filter(Boolean);
    const known = [...new Set(asked)].filter((text) => options.some(({ value }) => value === text));
    const usual = field.usual(data, chosen);
    chosen[field.name] = known.length ? known.slice(0, field.several ? data.most : 1) : usual;
    const missing = asked.filter((text) => !known.includes(text));
    if (missing.length) wrong.push(complaint(field, missing, options, chosen[field.name]));
  }
  return { chosen, wrong };
}

/**
 * @param {Field} field
 * @param {string[]} missing
 * @param {Option[]} options
 * @param {string[]} shown
 */
function complaint({ name }, missing, options, shown) {
  const names = missing.map((text) => `"${text.slice(0, 40)}"`).join(", ");
  const titles = options.filter(({ value }) => shown.includes(value)).map(({ text }) => text);
  const instead = titles.length ? `; showing ${titles.join(", ")}` : "";
  if (options[0]?.group !== undefined) return `No model ${names} on this page${instead}.`;
  const rule = options.length ? `must be one of ${options.map(({ text }) => text).join(", ")}` : "is not used here";
  return `${name}=${names} in the address ${rule}${instead}.`;
}

/**
 * The address with what is chosen; it leaves out what is usual.
 * @param {PageData} data
 * @param {Chosen} chosen
 * @param {string} href
 */
export function withChosen(data, chosen, href) {
  const parameters = FIELDS[data.page].map(({ name, usual }) => {
    const isUsual = JSON.stringify(chosen[name]) === JSON.stringify(usual(data, chosen));
    return [name, isUsual ? null : chosen[name]];
  });
  return withParameters(href, Object.fromEntries(parameters));
}
