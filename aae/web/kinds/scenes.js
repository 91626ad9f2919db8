/** What a scene of the story shows: made of the parts that the pages have. */

import { fetchTestSet } from "../data/testset.js";
import { make } from "../dom.js";
import { Prior } from "../layers/prior.js";
import { LatentMap } from "../map/latent-map.js";
import { AllClasses } from "../panels/all-classes.js";
import { Draws } from "../panels/draws.js";
import { RandomPixels } from "../panels/random-pixels.js";
import { Timeline } from "../panels/timeline.js";
import { openLive } from "./live.js";
import { compose, start } from "./map.js";

/** @typedef {import("../map/messages.js").Shared} Shared */
/** @typedef {import("../payload-story.js").StoryPicture} StoryPicture */
/** @typedef {import("../payload.js").Host} Host */
/** @typedef {import("../payload.js").MapPayload} MapPayload */
/** @typedef {import("../payload.js").ModelPayload} ModelPayload */
/** @typedef {{close: () => void}} Closable */

/** @type {Record<string, (root: HTMLElement, picture: StoryPicture, host: Host) => Closable[]>} */
export const OPEN = {
  pixels: openPixels,
  maps: (root, picture, host) => picture.maps.map((payload) => openOne(root, payload, picture, host)),
  style: (root, picture, host) => picture.maps.map((payload) => openStyles(root, payload, picture, host)),
  film: (root, picture, host) => picture.maps.map((payload) => openFilm(root, payload, picture, host)),
};

/**
 * Where the maps of a scene differ from other maps at first.
 * @param {StoryPicture} picture
 * @returns {Partial<Shared>}
 */
function usualOf({ layers, fade, cursor, image, maps: [{ dataset }] }) {
  const looked = image === null ? {} : { image: { dataset, index: image, held: false } };
  return { layers, fade, ...(cursor && { cursor }), ...looked };
}

/**
 * @param {HTMLElement} root
 * @param {StoryPicture} picture
 */
function openPixels(root, { maps: [payload] }) {
  const described = /** @type {MapPayload} */ (payload), shown = new RandomPixels(payload.shape, payload.noun);
  let closed = false;
  root.append(shown.element);
  shown.redraw();
  fetchTestSet(described).then((tests) => { if (!closed) shown.take(tests, payload.title); }, () => {});
  return [{ close: () => { closed = true; shown.element.remove(); } }];
}

/**
 * A map, and beside it what is looked at; of several maps each with its title and its draws.
 * @param {HTMLElement} root
 * @param {any} payload
 * @param {StoryPicture} picture
 * @param {Host} host
 */
function openOne(root, payload, picture, host) {
  const isOne = picture.maps.length === 1, map = new LatentMap(root, payload, host, usualOf(picture));
  const { digit, readout, spoken, legend } = outlined(map);
  if (isOne) map.side.append(digit.element, readout.element, spoken.element, legend.element, map.notice);
  else {
    const draws = new Draws(map);
    if (draws.places.length) map.parts.push(draws);
    map.stage.prepend(make("h2", {}, payload.title));
    map.side.append(digit.element, draws.element, spoken.element, map.notice);
  }
  return start(map, payload);
}

/**
 * A map of styles, and beside it every class in the style that is looked at.
 * @param {HTMLElement} root
 * @param {any} payload
 * @param {StoryPicture} picture
 * @param {Host} host
 */
function openStyles(root, payload, picture, host) {
  const map = new LatentMap(root, payload, host, usualOf(picture)), classes = new AllClasses(map);
  const { readout, spoken, legend } = outlined(map);
  map.parts.push(classes);
  map.side.append(classes.element, readout.element, spoken.element, legend.element, map.notice);
  return start(map, payload);
}

/**
 * A training that plays by itself, where the address has no moment of it and motion is welcome.
 * @param {HTMLElement} root
 * @param {any} payload
 * @param {StoryPicture} picture
 * @param {Host} host
 */
function openFilm(root, payload, picture, host) {
  const film = openLive(root, payload, host, usualOf(picture)), { map } = film, timeline = map.part(Timeline);
  let due = map.state.moment === null && !matchMedia("(prefers-reduced-motion: reduce)").matches;
  const redraw = () => {
    if (!due || !timeline?.canPlay) return;
    due = false;
    timeline.start();
  };
  map.parts.push({ redraw });
  return film;
}

/**
 * The parts of a map, with a line around the prior.
 * @param {LatentMap} map
 */
function outlined(map) {
  const panels = compose(map), prior = map.part(Prior);
  if (prior) prior.outlined = true;
  return panels;
}
