/** A map of a model whose decoder is conditioned on the class: fix a style, sweep the class. */

import { make } from "../dom.js";
import { LatentMap } from "../map/latent-map.js";
import { AllClasses } from "../panels/all-classes.js";
import { Colouring } from "../panels/colouring.js";
import { StyleSketch } from "../panels/own-image.js";
import { Ring } from "../panels/ring.js";
import { Rows } from "../panels/rows.js";
import { savable } from "../panels/savable.js";
import { compose, start } from "./map.js";

/** @typedef {import("../payload.js").Host} Host */
/** @typedef {import("../payload.js").StylePayload} StylePayload */

/**
 * @param {Element | ShadowRoot} root
 * @param {StylePayload} payload
 * @param {Host} host
 */
export function openStyle(root, payload, host) {
  const map = new LatentMap(root, payload, host), classes = new AllClasses(map), rows = new Rows(map);
  const { attribute_names: measures, noun } = payload;
  const ring = new Ring(map), sketch = new StyleSketch(map), colouring = new Colouring(map, measures, noun);
  map.element.classList.add("styles");
  const { digit, readout, spoken, nearest, fade, buttons, legend, help } = compose(map);
  map.parts.push(classes, rows, ring, sketch, colouring);
  map.side.append(...[digit, classes, readout, spoken, ring, sketch, nearest, fade, buttons, colouring, legend, help]
    .map(({ element }) => element), map.notice);
  const pinned = savable(rows.element, { name: "Pinned styles", of: () => map.payload.title, host });
  map.element.append(make("div", { className: "below" }, pinned));
  return start(map, payload, { colours: measures });
}
