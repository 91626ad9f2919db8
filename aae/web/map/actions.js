/** What gestures, keys and buttons do to a map. */

import { MAX_PINS } from "../link/values.js";
import { isInside } from "../math/geometry.js";
import { nearestImage, nextImage, placeOf } from "./look.js";

/** @typedef {import("../math/geometry.js").Place} Place */
/** @typedef {import("./latent-map.js").LatentMap} LatentMap */

/**
 * Look at a place; where the pointer takes images, at the image that is nearest.
 * @param {LatentMap} map
 * @param {Place} wanted
 */
export function moveTo(map, wanted) {
  if (!map.n) return; // nothing is there yet
  const place = map.camera.clamp(wanted);
  if (!map.byImage) return map.group.change({ cursor: place, peek: null, image: null, drawing: null });
  const index = nearestImage(map, wanted);
  if (index !== null && index !== map.image) holdImage(map, index, false);
}

/**
 * Look at an image; held, it stays when the pointer moves on.
 * @param {LatentMap} map
 * @param {number} index
 * @param {boolean} held
 */
export function holdImage(map, index, held) {
  map.group.change({ image: { dataset: map.payload.dataset, index, held }, drawing: null });
}

/**
 * Look at what lies under a pointer that is not pressed.
 * @param {LatentMap} map
 * @param {Place | null} place null: it has left
 */
export function peekAt(map, place) {
  if (!map.n) return;
  if (!map.byImage) map.group.change({ peek: place && map.camera.clamp(place) });
  else if (place && !map.state.image?.held) moveTo(map, place);
}

/** @param {LatentMap} map */
export function pin(map) {
  const { pins } = map.state, cursor = map.ownShown && map.looked ? map.looked.place : map.state.cursor;
  if (pins.length >= MAX_PINS) return map.say(`A path has at most ${MAX_PINS} pins: U takes the last one away.`);
  map.group.change({ pins: [...pins, cursor] });
}

/**
 * Pin the place that is looked at; where a lasso is drawn by keys, make it a corner.
 * @param {LatentMap} map
 */
export function keep(map) {
  if (!map.state.lassoing) return (map.group.remember(), pin(map));
  if (map.looked) map.lasso = [...(map.lasso ?? []), map.looked.place];
  map.say(`Corners of the lasso: ${map.lasso?.length}. O closes it.`);
}

/**
 * Begin lassos, or end them: a loop that was drawn by keys is closed.
 * @param {LatentMap} map
 */
export function toggleLasso(map) {
  const drawn = map.group.maps.find(({ lasso }) => lasso) ?? map, loop = drawn.lasso;
  drawn.lasso = null;
  map.group.change({ lassoing: !map.state.lassoing });
  map.say(map.state.lassoing ? "Drag a loop on the map, or press Enter at each corner and O at the end." : "");
  if (!loop) return;
  map.group.remember();
  markInside(drawn, loop);
}

/**
 * Mark the shown images whose points lie inside a loop; a loop around none marks none.
 * @param {LatentMap} map
 * @param {Place[]} loop
 */
export function markInside(map, loop) {
  const images = new Set();
  for (let i = 0; i < map.n; i++) if (map.shows(i) && isInside(placeOf(map.points, i), loop)) images.add(i);
  map.group.change({ marked: images.size ? { dataset: map.payload.dataset, images } : null });
  map.say(images.size ? "" : "No image lies inside: nothing is marked.");
  pickShown(map);
}

/**
 * Instead of an image that is hidden now, look at the nearest one that is not.
 * @param {LatentMap} map
 */
function pickShown(map) {
  if (map.image === null || map.shows(map.image)) return;
  const index = nearestImage(map, placeOf(map.points, map.image));
  if (index === null) map.group.change({ image: null });
  else holdImage(map, index, map.state.image?.held ?? false);
}

/**
 * Zoom about a place, which stays where it is.
 * @param {LatentMap} map
 * @param {ArrayLike<number>} place
 * @param {number} factor below 1: nearer
 */
export function zoomAt(map, place, factor) {
  if (map.n) map.group.change({ view: map.camera.zoomed(place, factor) });
}

/**
 * Move the cursor by a step.
 * @param {LatentMap} map
 * @param {Place} by
 */
export function step(map, by) {
  const { cursor } = map.state;
  if (map.byImage) return stepImage(map, by);
  moveTo(map, [cursor[0] + by[0], cursor[1] + by[1]]);
}

/**
 * Look at the next image in a direction, and hold it.
 * @param {LatentMap} map
 * @param {Place} towards
 */
function stepImage(map, towards) {
  const index = map.image === null ? nearestImage(map, map.state.cursor) : nextImage(map, map.image, towards);
  if (index !== null) holdImage(map, index, true);
}

/**
 * Show one class alone; once more, or of a class without an image: all.
 * @param {LatentMap} map
 * @param {number} label
 */
export function isolate(map, label) {
  if (!map.model) return;
  const isShown = map.model.labels.includes(label), { only } = map.state;
  map.group.change({ only: isShown && only !== label ? label : null });
  map.say(isShown ? "" : `No test image here has ${map.sort} ${label}: all are shown.`);
  map.redraw(); // the message may have moved the map
  pickShown(map);
}

/**
 * Show a layer, or hide it.
 * @param {LatentMap} map
 * @param {string} name
 */
export function toggleLayer(map, name) {
  const { layers } = map.state;
  map.group.change({ layers: layers.includes(name) ? layers.filter((each) => each !== name) : [...layers, name] });
}

/**
 * The whole map, without pins and marks.
 * @param {LatentMap} map
 */
export function reset(map) {
  map.group.change({ pins: [], view: null, marked: null, only: null });
  map.say("");
}

/**
 * Let go of the last of what is half done, held, marked or isolated.
 * @param {LatentMap} map
 */
export function letGo(map) {
  const { image, marked, only } = map.state;
  map.say("");
  if (map.lasso) map.lasso = null;
  else if (image?.held) map.group.change({ image: { ...image, held: false } });
  else if (marked || only !== null) {
    map.group.remember();
    map.group.change(marked ? { marked: null } : { only: null });
  } else map.group.change({ lassoing: false });
  map.show();
}

/** @param {LatentMap} map */
export function undo(map) {
  map.group.undo();
  map.say("");
}
