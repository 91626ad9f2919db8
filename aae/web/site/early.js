/** What a page shows, fetched while its modules still are: first what the first map needs. */

import { resolve } from "../data/fetch.js";
import { read } from "./fields.js";
import { shownOn } from "./shown.js";

/** @typedef {import("./data.js").PageData} PageData */

/** @type {Promise<PageData>} what the page is given */
export const PAGE = fetchJson(`data/${document.body.dataset.page}.json`);

const FIRST = ["decoder", "codes"]; // files of a map without which it shows nothing

/** @param {string} address */
async function fetchJson(address) {
  const answer = await fetch(resolve(address));
  if (!answer.ok) throw new Error(`${address} is missing (${answer.status}): export the site again`);
  return answer.json();
}

/** The first map of the page: it is what can be dragged first. */
async function firstMap() {
  const data = await PAGE, { parts } = shownOn(data, read(data, location.search).chosen);
  const [map] = parts.map(({ payload }) => payload.map ?? payload).filter(({ kind }) => kind !== "controls");
  return map.kind === "story" ? mapOf(map) : map;
}

/** The first map of the story's scene. @param {any} story */
async function mapOf({ scenes }) {
  const scene = scenes[Number(new URLSearchParams(location.search).get("scene") ?? 1) - 1] ?? scenes[0];
  return (await fetchJson(scene.address)).maps[0];
}

/** @param {any} map */
async function prepare(map) {
  const addresses = FIRST.map((name) => map[name]).filter(Boolean);
  await Promise.all(addresses.map(async (address) => (await fetch(resolve(address))).arrayBuffer()));
}

/** When what the first map needs is in the browser's cache; what failed is fetched again when it is due. */
export const PREPARED = firstMap().then(prepare).catch(() => {});
