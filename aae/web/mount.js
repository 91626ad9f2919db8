/** Everything that can be mounted in a page, by its kind. */

import { make } from "./dom.js";
import { openControls } from "./kinds/controls.js";
import { openLive } from "./kinds/live.js";
import { openMap } from "./kinds/map.js";
import { openPainter } from "./kinds/painter.js";
import { openStyle } from "./kinds/style.js";

/** @typedef {import("./payload.js").Host} Host */
/** @typedef {import("./payload.js").Payload} Payload */
/** @typedef {{update: (payload: any) => void, close: () => void}} Mounted */
/** @typedef {(root: Element | ShadowRoot, payload: any, host: Host) => Mounted} Open */

/** @type {Record<string, Open>} */
const KINDS = {
  map: openMap, style: openStyle, live: openLive, controls: openControls, painter: openPainter,
  encode: later(async () => (await import("./kinds/encode.js")).openEncode),
  clusters: later(async () => (await import("./kinds/clusters.js")).openClusters),
  denoise: later(async () => (await import("./kinds/denoise.js")).openDenoise),
  anomalies: later(async () => (await import("./kinds/anomalies.js")).openAnomalies),
  classify: later(async () => (await import("./kinds/classify.js")).openClassify),
  label: later(async () => (await import("./kinds/label.js")).openLabel),
  story: later(async () => (await import("./kinds/story.js")).openStory),
  tour: later(async () => (await import("./kinds/tour.js")).openTour),
  search: later(async () => (await import("./kinds/search.js")).openSearch),
};

/**
 * A kind whose modules are fetched when it is mounted: those of one page do not delay the others.
 * @param {() => Promise<Open>} load
 * @returns {Open}
 */
function later(load) {
  return (root, payload, host) => {
    /** @type {Mounted | undefined} */
    let mounted;
    let current = payload, closed = false;
    load().then((open) => { if (!closed) mounted = open(root, current, host); }, () => {
      root.append(make("p", { role: "alert" }, "This page's modules could not be fetched: reload the page."));
    });
    const update = (/** @type {any} */ next) => { current = next; mounted?.update(next); };
    return { update, close: () => { closed = true; mounted?.close(); } };
  };
}

/**
 * Mount what a payload describes.
 * @param {Element | ShadowRoot} root
 * @param {Payload} payload
 * @param {Host} host
 * @returns {Mounted}
 */
export function mount(root, payload, host) {
  const open = KINDS[payload.kind];
  if (!open) throw new Error(`kind=${payload.kind}: one of ${Object.keys(KINDS).join(", ")} can be mounted`);
  return open(root, payload, host);
}
