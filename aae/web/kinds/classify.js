/** How a model classifies, beside its map: Classify. */

import { make } from "../dom.js";
import { LatentMap } from "../map/latent-map.js";
import { Classes } from "../panels/classes.js";
import { Classification } from "../panels/classification.js";
import { savable } from "../panels/savable.js";
import { compose, start } from "./map.js";

/** @typedef {import("../payload-uses.js").ClassifyPayload} ClassifyPayload */
/** @typedef {import("../payload.js").Host} Host */

const FADE = 0.8; // the codes are what is looked at

/**
 * @param {Element | ShadowRoot} root
 * @param {ClassifyPayload} payload
 * @param {Host} host
 */
export function openClassify(root, payload, host) {
  const map = new LatentMap(root, payload.map, host, { fade: FADE, layers: ["radius", "regions"] });
  const shown = new Classification(map, payload), classes = new Classes(() => map);
  const { readout, spoken, nearest, fade, buttons, legend, help } = compose(map);
  map.parts.push(classes, shown);
  map.side.append(...[readout, spoken, nearest, classes, fade, buttons, legend, help].map(({ element }) => element),
    map.notice);
  const { bars, matrix, source, strip } = shown;
  const kept = (/** @type {HTMLElement} */ panel, /** @type {string} */ name) =>
    savable(panel, { name, of: () => map.payload.title, host });
  const image = make("div", { className: "image" }, kept(bars.element, "Class probabilities"), source.element);
  const cells = make("div", { className: "cells" }, shown.missing,
    kept(matrix.element, "Confusion matrix"), kept(strip.element, "Classified images"));
  map.element.classList.add("classify");
  map.element.replaceChildren(cells, image, make("div", { className: "beside" }, map.stage, map.side));
  const { update, close } = start(map, payload.map);
  return {
    update(/** @type {ClassifyPayload} */ next) {
      shown.update(next);
      update(next.map);
    },
    close,
  };
}
