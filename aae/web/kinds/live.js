/** A map of a training: codes, manifold, reconstructions and losses move together over its moments. */

import { Buttons } from "../commands/buttons.js";
import { Help } from "../commands/help.js";
import { Keyboard } from "../commands/keyboard.js";
import { COMMANDS } from "../commands/table.js";
import { dress } from "../css.js";
import { Training } from "../data/training.js";
import { Codes } from "../layers/codes.js";
import { Discriminator } from "../layers/discriminator.js";
import { Manifold } from "../layers/manifold.js";
import { Marks } from "../layers/marks.js";
import { Prior } from "../layers/prior.js";
import { Pushes } from "../layers/pushes.js";
import { Radius } from "../layers/radius.js";
import { Arrangement } from "../map/arrangement.js";
import { Gestures } from "../map/gestures.js";
import { LatentMap } from "../map/latent-map.js";
import { Linker } from "../map/linker.js";
import { Presenter } from "../map/presenter.js";
import { Staged } from "../map/staged.js";
import { Classes } from "../panels/classes.js";
import { Digit } from "../panels/digit.js";
import { Fade } from "../panels/fade.js";
import { Health } from "../panels/health.js";
import { Legend } from "../panels/legend.js";
import { Losses } from "../panels/losses.js";
import { Nearest } from "../panels/nearest.js";
import { Networks } from "../panels/networks.js";
import { Readout } from "../panels/readout.js";
import { savable } from "../panels/savable.js";
import { Strip } from "../panels/strip.js";
import { Timeline } from "../panels/timeline.js";
import { Moments } from "./moments.js";

/** @typedef {import("../payload.js").Host} Host */
/** @typedef {import("../payload.js").LivePayload} LivePayload */

const LAYERS = ["prior", "discriminator", "radius"];
const FADE = 0.75; // at first: the codes are what changes
let watched = ""; // the feed of the training that was opened last, on any of the pages
const SILENT = "The server does not answer; trying again.";

/**
 * @param {Element | ShadowRoot} root
 * @param {LivePayload} payload
 * @param {Host} host
 * @param {Partial<import("../map/messages.js").Shared>} [usual] where it differs from other maps at first
 */
export function openLive(root, payload, host, usual = { layers: LAYERS, fade: FADE }) {
  const map = new LatentMap(root, payload, host, usual);
  const training = new Training(payload.feed, payload.shape, {
    news: (isNewStatus) => news(map, training, isNewStatus),
    gone: () => host.report("status", { status: "deleted" }),
    silent: () => map.say(SILENT),
  });
  map.element.classList.add("live", "waiting");
  compose(map, training, payload);
  const linker = new Linker(map, { layers: LAYERS });
  map.parts.push(linker);
  const dressed = dress(map.element);
  load(map, training, payload);
  const isAnother = payload.feed && watched && payload.feed !== watched;
  if (isAnother && !payload.small) dressed.then(() => map.element.scrollIntoView({ block: "nearest" }));
  watched = payload.feed ?? "other";
  linker.read();
  const update = (/** @type {LivePayload} */ next) => (load(map, training, next), linker.later());
  return { map, update, close: () => (training.close(), map.close()) };
}

/**
 * @param {LatentMap} map
 * @param {Training} training
 * @param {LivePayload} payload
 */
function compose(map, training, payload) {
  const digit = new Digit(map), readout = new Readout(map), nearest = new Nearest(map), strip = new Strip(map);
  const health = new Health(map, training), losses = new Losses(map, training, payload.losses, payload.loss);
  const networks = new Networks(payload.phases), timeline = new Timeline(map, training);
  const classes = new Classes(() => map), fade = new Fade(map.group), legend = new Legend(map);
  const help = new Help(map, COMMANDS), buttons = new Buttons(() => map, COMMANDS);
  map.parts.push(
    new Manifold(map), new Prior(map, true), new Discriminator(map), new Codes(map), new Pushes(map), new Marks(map),
    new Radius(map), new Arrangement(map), new Moments(map, training), new Presenter(map), new Staged(map), networks,
    timeline, digit, readout, nearest, strip, health, losses, classes, fade, buttons, legend, help,
  );
  const kept = (/** @type {HTMLElement} */ panel, /** @type {string} */ name) =>
    ({ element: savable(panel, { name, of: () => map.payload.title, host: map.host }) });
  const panels = [
    health, kept(losses.element, "Losses"), kept(strip.element, "Reconstructions and samples"), digit, readout, nearest,
    kept(networks.element, "Networks"), classes, fade, buttons, legend, help,
  ];
  map.stage.append(timeline.element);
  map.side.append(...panels.map(({ element }) => element), readout.spoken, map.notice);
  new Gestures(map);
  new Keyboard(map);
}

/**
 * @param {LatentMap} map
 * @param {Training} training
 * @param {LivePayload} payload
 */
function load(map, training, payload) {
  const before = /** @type {LivePayload} */ (map.payload).timeline;
  const isNew = !training.status || JSON.stringify(payload.timeline) !== JSON.stringify(before);
  map.payload = payload;
  map.element.classList.toggle("small", payload.small === true);
  map.element.classList.toggle("by-hand", payload.trained !== undefined);
  for (const part of map.parts) part.load?.(payload);
  if (payload.trained) map.part(Networks)?.choose(payload.trained);
  if (payload.feed) training.follow();
  else if (payload.timeline && isNew) training.load(payload.timeline);
  map.redraw(); // what was given its size anew is empty
}

/**
 * The training has new progress.
 * @param {LatentMap} map
 * @param {Training} training
 * @param {boolean} isNewStatus
 */
function news(map, training, isNewStatus) {
  if (map.notice.textContent === SILENT) map.say("");
  if (isNewStatus) map.host.report("status", { status: training.status });
  map.part(Networks)?.run(training.status === "running");
  map.part(Moments)?.news();
}
