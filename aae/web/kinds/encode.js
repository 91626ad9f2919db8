/** An image's way through a network: Encode & decode. */

import { make } from "../dom.js";
import { LatentMap } from "../map/latent-map.js";
import { EncodeDecode } from "../panels/encode-decode.js";
import { PosteriorSample } from "../panels/posterior-sample.js";
import { saveButtons } from "../panels/savable.js";
import { compose, start } from "./map.js";

/** @typedef {import("../payload.js").EncodePayload} EncodePayload */
/** @typedef {import("../payload.js").Host} Host */

/**
 * @param {Element | ShadowRoot} root
 * @param {EncodePayload} payload
 * @param {Host} host
 */
export function openEncode(root, payload, host) {
  const map = new LatentMap(root, payload, host, { fade: 0.8 });
  const way = new EncodeDecode(map, payload), sample = new PosteriorSample(map);
  map.element.classList.add("encode");
  const { readout, spoken, legend, help } = compose(map);
  map.parts.push(sample, way);
  way.input.element.append(way.source.element);
  way.output.element.append(sample.element, way.back);
  const code = make("figure", { className: "code" }, make("figcaption", {}, "z, the code on the map"), map.stage);
  map.side.append(readout.element, spoken.element, legend.element, help.element, map.notice,
    saveButtons(map.element, { name: "An image's way through a network", of: () => map.payload.title, host }));
  const steps = [way.input.element, arrow("encoder"), code, arrow("decoder"), way.output.element, arrow("")];
  map.element.replaceChildren(...steps, way.error.element, way.equation.element, map.side);
  return start(map, payload);
}

/** @param {string} name */
function arrow(name) {
  return make("div", { className: "arrow", "aria-hidden": "true" }, make("small", {}, name), "→");
}
