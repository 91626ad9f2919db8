/** Everything that can be mounted in a page, by its kind. */

import { openAnomalies } from "./kinds/anomalies.js";
import { openClassify } from "./kinds/classify.js";
import { openClusters } from "./kinds/clusters.js";
import { openControls } from "./kinds/controls.js";
import { openDenoise } from "./kinds/denoise.js";
import { openEncode } from "./kinds/encode.js";
import { openLive } from "./kinds/live.js";
import { openMap } from "./kinds/map.js";
import { openPainter } from "./kinds/painter.js";
import { openSearch } from "./kinds/search.js";
import { openStyle } from "./kinds/style.js";

/** @typedef {import("./payload.js").Host} Host */
/** @typedef {import("./payload.js").Payload} Payload */
/** @typedef {{update: (payload: any) => void, close: () => void}} Mounted */

/** @type {Record<string, (root: Element | ShadowRoot, payload: any, host: Host) => Mounted>} */
const KINDS = {
  map: openMap, style: openStyle, encode: openEncode, live: openLive, controls: openControls, painter: openPainter,
  clusters: openClusters, denoise: openDenoise, anomalies: openAnomalies,
  classify: openClassify, search: openSearch,
};

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
