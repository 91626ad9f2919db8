/** A map of a finished model: Home, Explore, Compare. */

import { Buttons } from "../commands/buttons.js";
import { Help } from "../commands/help.js";
import { Keyboard } from "../commands/keyboard.js";
import { COMMANDS } from "../commands/table.js";
import { dress } from "../css.js";
import { Codes } from "../layers/codes.js";
import { Discriminator } from "../layers/discriminator.js";
import { Manifold } from "../layers/manifold.js";
import { Marks } from "../layers/marks.js";
import { Posterior } from "../layers/posterior.js";
import { Prior } from "../layers/prior.js";
import { Radius } from "../layers/radius.js";
import { Regions } from "../layers/regions.js";
import { Arrangement } from "../map/arrangement.js";
import { Gestures } from "../map/gestures.js";
import { LatentMap } from "../map/latent-map.js";
import { Linker } from "../map/linker.js";
import { Player } from "../map/player.js";
import { Presenter } from "../map/presenter.js";
import { Staged } from "../map/staged.js";
import { Classes } from "../panels/classes.js";
import { Digit } from "../panels/digit.js";
import { Fade } from "../panels/fade.js";
import { Legend } from "../panels/legend.js";
import { Nearest } from "../panels/nearest.js";
import { OwnCode } from "../panels/own-code.js";
import { OwnImagePanel } from "../panels/own-image.js";
import { Readout } from "../panels/readout.js";
import { Loader } from "./loader.js";

/** @typedef {import("../link/link.js").LinkContext} LinkContext */
/** @typedef {import("../payload.js").Host} Host */
/** @typedef {import("../payload.js").MapPayload} MapPayload */
/** @typedef {import("../payload.js").ModelPayload} ModelPayload */

/**
 * @param {Element | ShadowRoot} root
 * @param {MapPayload} payload
 * @param {Host} host
 */
export function openMap(root, payload, host) {
  const map = new LatentMap(root, payload, host);
  const classes = new Classes(() => map), own = new OwnImagePanel(map);
  const { digit, readout, spoken, nearest, fade, buttons, legend, help } = compose(map);
  map.parts.push(classes, own);
  map.side.append(...[digit, own, readout, spoken, nearest, classes, fade, buttons, legend, help]
    .map(({ element }) => element), map.notice);
  return start(map, payload);
}

/**
 * The parts of every map of a finished model; the panels among them.
 * @param {LatentMap} map
 */
export function compose(map) {
  const readout = new Readout(map), digit = new Digit(map), nearest = new Nearest(map);
  const fade = new Fade(map.group), legend = new Legend(map), help = new Help(map, COMMANDS);
  const buttons = new Buttons(() => map, COMMANDS);
  map.parts.push(
    new Manifold(map), new Prior(map), new Discriminator(map), new Regions(map), new Codes(map), new Posterior(map),
    new Marks(map), new Radius(map), new Arrangement(map), new OwnCode(map), new Player(map), new Presenter(map),
    new Staged(map), digit, readout, nearest, fade, buttons, legend, help,
  );
  new Gestures(map);
  new Keyboard(map);
  return { digit, readout, spoken: { element: readout.spoken }, nearest, fade, buttons, legend, help };
}

/**
 * Read the address and fetch the model, and again when another is given.
 * @param {LatentMap} map
 * @param {ModelPayload} payload
 * @param {Partial<LinkContext>} [context] of the address
 */
export function start(map, payload, context = {}) {
  const epochs = Object.keys(payload.frames).map(Number), layers = ["prior", "discriminator", "radius", "regions"];
  const layouts = payload.group === undefined ? [payload.run] : undefined; // of others nothing is known yet
  const linker = new Linker(map, { epochs, layers, layouts, ...context });
  map.parts.push(linker);
  dress(map.element);
  const loader = new Loader(map);
  loader.load(payload);
  linker.read();
  const update = (/** @type {MapPayload} */ next) => (loader.load(next), linker.later());
  return { update, close: () => map.close() };
}
