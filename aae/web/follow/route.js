/** Where a follower goes: what of a presenter's address the server reads, and what the pads of the page do. */

import { FIELDS } from "../link/link.js";

/** @typedef {import("./channel.js").Shown} Shown */

export const FOLLOW = "follow"; // the parameter that names the room
const OWN = [FOLLOW, "mine"]; // parameters of a visitor, which are no part of what is shown
const OF_PADS = new Set([...Object.keys(FIELDS), "threshold", "bits"]); // what pads alone read and write

/** @param {string} query */
export function withoutOwn(query) {
  const parameters = new URLSearchParams(query);
  for (const name of OWN) parameters.delete(name);
  return parameters;
}

/**
 * Whether two addresses differ in what the server reads.
 * @param {Shown} a
 * @param {Shown} b
 */
export function isElsewhere(a, b) {
  return a.page !== b.page || part(a.query, false) !== part(b.query, false);
}

/**
 * Whether two queries differ in what pads read.
 * @param {string} a
 * @param {string} b
 */
export function isOther(a, b) {
  return part(a, true) !== part(b, true);
}

/**
 * What pads, or the server, read of a query, in order.
 * @param {string} query
 * @param {boolean} isOfPads
 */
function part(query, isOfPads) {
  const read = [...withoutOwn(query)].filter(([name]) => OF_PADS.has(name) === isOfPads);
  return JSON.stringify(read.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/**
 * What pads read of a query; null: it has none of that name.
 * @param {string} query
 * @returns {Record<string, string | null>}
 */
export function ofPads(query) {
  const given = new URLSearchParams(query);
  return Object.fromEntries([...OF_PADS].map((name) => [name, given.get(name)]));
}

/**
 * The query with which a follower opens what a presenter shows.
 * @param {string} query
 * @param {string} room
 */
export function followed(query, room) {
  const parameters = withoutOwn(query);
  parameters.set(FOLLOW, room);
  return `?${parameters}`;
}
