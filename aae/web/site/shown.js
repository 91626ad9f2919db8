/** What a page of a site mounts, of what is chosen: the payloads of its runs, put together as the app does. */

import { runsOf } from "./fields.js";

/** @typedef {import("./data.js").PageData} PageData */
/** @typedef {import("./data.js").RunData} RunData */
/** @typedef {import("./fields.js").Chosen} Chosen */
/** @typedef {{key: string, payload: any, title?: string, caption?: string}} Part one with another key is another */
/** @typedef {{address: string, caption: string}} Picture */
/** @typedef {{caption: string, parts: Part[], pictures?: Picture[]}} Shown */

/**
 * @param {PageData} data
 * @param {Chosen} chosen
 * @returns {Shown}
 */
export function shownOn(data, chosen) {
  if (data.payload) return { caption: "", parts: [{ key: data.page, payload: data.payload }] };
  const runs = runsOf(data, chosen);
  if (data.page === "compare") return compared(runs, chosen.pointer[0], chosen.draws[0] !== "none");
  if (data.page === "denoise") return restored(data, runs);
  return alone(runs[0], chosen, data.about);
}

/**
 * A run alone, on a plane, by a score, and decoded as a class.
 * @param {RunData} run
 * @param {Chosen} chosen
 * @param {string} about the page
 * @returns {Shown}
 */
function alone(run, chosen, about) {
  const [plane, title, linked, label] = ["plane", "score", "pointer", "label"].map((name) => chosen[name]?.[0] ?? "");
  const score = run.scores?.[title], payload = { ...run.payload, ...run.planes?.[plane], ...score?.payload };
  if (linked) payload.linked = linked;
  const index = run.labels && label ? run.labels.names.indexOf(label) : -1;
  if (index >= 0) payload.label = index;
  const caption = `${score?.caption ?? run.caption}${run.labels?.words[index] ?? ""} ${about}`.trim();
  return { caption, parts: [{ key: `${run.id} ${plane}`, payload }] };
}

/**
 * Maps on the square that shows all of them, and the controls of their group.
 * @param {RunData[]} runs
 * @param {string} linked
 * @param {boolean} generates whether images are decoded of draws
 * @returns {Shown}
 */
function compared(runs, linked, generates) {
  const view = enclosing(runs.map(({ payload }) => payload.view)), small = runs.length > 1;
  const priors = runs.filter(({ regularized }) => regularized);
  const radius = Math.max(...(priors.length ? priors : runs).map(({ payload }) => payload.radius));
  const drawn = runs.map(({ draws }) => (generates ? draws : undefined));
  const maps = runs.map(({ id, title, caption, payload }, i) =>
    ({ key: id, title, caption, payload: { ...payload, view, radius, linked, small, marks: drawn[i]?.marks ?? [] } }));
  const pictures = drawn.flatMap((each) => (each ? [{ address: each.picture, caption: each.caption }] : []));
  return { caption: "", parts: [{ key: "controls", payload: controlsOf(runs, view) }, ...maps], pictures };
}

/**
 * @param {RunData[]} runs
 * @param {number[]} view
 */
function controlsOf(runs, view) {
  const all = runs.flatMap(({ controls }) => (controls ? [controls] : [])), last = all[all.length - 1];
  const epochs = all[0].epochs.filter((epoch) => all.every((each) => each.epochs.includes(epoch)));
  return { ...last, noun: all[0].noun, epochs, runs: Object.assign({}, ...all.map((each) => each.runs)), view };
}

/**
 * The square around squares [centre x, centre y, half the side].
 * @param {number[][]} views
 */
export function enclosing(views) {
  const low = [0, 1].map((axis) => Math.min(...views.map((view) => view[axis] - view[2])));
  const high = [0, 1].map((axis) => Math.max(...views.map((view) => view[axis] + view[2])));
  return [(low[0] + high[0]) / 2, (low[1] + high[1]) / 2, Math.max(high[0] - low[0], high[1] - low[1]) / 2];
}

/**
 * Models side by side; test images are those of the one with the longest codes that says all of an image.
 * @param {PageData} data
 * @param {RunData[]} runs
 * @returns {Shown}
 */
function restored(data, runs) {
  const complete = runs.filter(({ payload }) => payload.conditional !== "clusters");
  const source = (complete.length ? complete : runs).reduce((best, run) => (run.dim > best.dim ? run : best));
  const colours = coloursOf(runs, data.colours);
  const models = runs.map(({ payload }, i) => ({ ...payload.models[0], colour: colours[i] }));
  const payload = { ...source.payload, models };
  return { caption: `${data.about} ${source.caption}`.trim(), parts: [{ key: payload.dataset, payload }] };
}

/**
 * A colour for each model, of its own: those that share the first of some colours are given one each.
 * @param {RunData[]} runs
 * @param {string[]} shared
 * @returns {string[]}
 */
function coloursOf(runs, shared) {
  const left = shared.values();
  return runs.map(({ payload: { models: [{ colour }] } }) => (colour === shared[0] ? left.next().value : colour));
}
