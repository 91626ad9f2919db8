/** What can be done with a map: one table, from which buttons, keys and their help are made. */

import { Discriminator } from "../layers/discriminator.js";
import { Radius } from "../layers/radius.js";
import { Regions } from "../layers/regions.js";
import * as actions from "../map/actions.js";
import { copyLink } from "../map/clipboard.js";
import { saveCodes } from "../map/codes-file.js";
import { savePicture } from "../map/picture.js";
import { Player } from "../map/player.js";
import { Presenter } from "../map/presenter.js";
import { AllClasses } from "../panels/all-classes.js";
import { Classes } from "../panels/classes.js";
import { Readout } from "../panels/readout.js";
import { Timeline } from "../panels/timeline.js";
import { Help } from "./help.js";

/** @typedef {import("../map/latent-map.js").LatentMap} LatentMap */

/**
 * @typedef {object} Command
 * @property {string} name
 * @property {string[]} keys as KeyboardEvent.key has them, letters small
 * @property {string} shown the keys, in words
 * @property {string} label of its button; empty: it has none
 * @property {string} help
 * @property {(map: LatentMap) => boolean} [applies] whether the map has it at all
 * @property {(map: LatentMap) => boolean} [offered] whether it has a button there
 * @property {(map: LatentMap) => boolean} [enabled] whether it can be done now
 * @property {(map: LatentMap) => boolean} [pressed] of what can be switched on and off
 * @property {(map: LatentMap, key: string, far: boolean) => void} run far: with Shift
 * @property {boolean} [shared] whether the controls of a group offer it
 */

const STEP = 0.05, FAR = 0.25; // of the code, for a press of an arrow
const NEARER = 0.8; // the view, for a press of +
/** @type {Record<string, [number, number]>} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

/**
 * The row of a layer that can be shown or hidden.
 * @param {string} name
 * @param {string} key
 * @param {string} help
 * @param {(map: LatentMap) => boolean} applies
 * @returns {Command}
 */
function layer(name, key, help, applies) {
  return {
    name, keys: [key], shown: key.toUpperCase(), label: name, help, applies, shared: true,
    pressed: (map) => map.state.layers.includes(name), run: (map) => actions.toggleLayer(map, name),
  };
}

/**
 * @param {LatentMap} map
 * @param {number} by
 */
function fade(map, by) {
  map.group.change({ fade: Math.min(1, Math.max(0, Math.round((map.state.fade + by) * 2) / 2)) });
}

/**
 * What Space plays: a training, or the path through the pins.
 * @param {LatentMap} map
 */
function film(map) {
  return map.part(Timeline) ?? map.part(Player);
}

/** @type {Command[]} */
export const COMMANDS = [
  layer("prior", "m", "show the prior's density", (map) => map.payload.has_prior),
  layer("discriminator", "d", "show the discriminator's scores", (map) => map.part(Discriminator)?.isThere ?? false),
  layer("radius", "n", "show the circle within which codes are near", (map) => map.part(Radius)?.isThere ?? false),
  layer("regions", "q", "show the class of the images decoded there", (map) => map.part(Regions)?.isThere ?? false),
  {
    name: "stretch", keys: ["g"], shown: "G", label: "stretch", help: "percentile grid: equal probability everywhere",
    applies: (map) => map.payload.percentile_std !== null, pressed: (map) => map.camera.stretched,
    run: (map) => map.group.change({ stretch: !map.state.stretch, view: null }),
  },
  {
    name: "play", keys: [" "], shown: "Space", label: "play path", help: "walk from pin to pin (two are needed)",
    offered: (map) => map.part(Player) !== undefined, enabled: (map) => film(map)?.canPlay ?? false,
    pressed: (map) => film(map)?.playing != null, run: (map) => film(map)?.toggle(), shared: true,
  },
  {
    name: "pin", keys: ["enter"], shown: "Enter", label: "pin", help: "keep this place; a click does the same",
    enabled: (map) => !map.byImage || map.state.lassoing, run: actions.keep, shared: true,
  },
  {
    name: "lasso", keys: ["o"], shown: "O", label: "lasso", shared: true,
    help: "mark images by a loop: drag (or Shift and drag), or Enter at each corner and O at the end",
    pressed: (map) => map.state.lassoing, run: actions.toggleLasso,
  },
  {
    name: "undo", keys: ["u"], shown: "U", label: "undo", help: "undo the last move, pin or lasso", shared: true,
    enabled: (map) => map.group.past.length > 0, run: actions.undo,
  },
  {
    name: "reset", keys: ["r"], shown: "R", label: "reset", help: "the whole map, without pins and marks", shared: true,
    run: (map) => (map.group.remember(), actions.reset(map)),
  },
  {
    name: "save", keys: ["s"], shown: "S", label: "save PNG", help: "save the map and its image as a picture",
    run: (map) => savePicture(map, map.part(Readout)?.text ?? ""),
  },
  {
    name: "codes file", keys: ["c"], shown: "C", label: "save CSV", help: "save the shown or marked codes as CSV",
    enabled: (map) => map.codes.length > 0, run: saveCodes,
  },
  { name: "link", keys: ["l"], shown: "L", label: "copy link", help: "copy the address of this", run: copyLink },
  {
    name: "follow", keys: ["f"], shown: "F", label: "follow me", help: "others see what you see; again: it ends",
    applies: (map) => map.host.follow !== undefined, pressed: (map) => map.host.follow?.mode === "presenting",
    run: (map) => map.host.follow?.toggle(), shared: true,
  },
  {
    name: "code", keys: ["k"], shown: "K", label: "QR code", help: "the address of this, for the camera of a phone",
    applies: (map) => map.host.follow !== undefined,
    run: (map) => (map.parts.forEach((part) => part.flush?.()), map.host.follow?.code()), shared: true,
  },
  {
    name: "full", keys: ["p"], shown: "P", label: "full screen", help: "the map and its image alone; Esc ends it",
    pressed: (map) => map.part(Presenter)?.isOn ?? false, run: (map) => map.part(Presenter)?.toggle(),
  },
  {
    name: "keys", keys: ["?"], shown: "?", label: "keyboard", help: "list the keys",
    pressed: (map) => map.part(Help)?.isOpen ?? false, run: (map) => map.part(Help)?.toggle(),
  },
  {
    name: "move", keys: Object.keys(ARROWS), shown: "arrows", label: "", help: "move the cursor (Shift: farther)",
    run(map, key, far) {
      const by = far ? FAR : STEP, [x, y] = ARROWS[key];
      map.group.remember();
      actions.step(map, [by * x, by * y]);
    },
  },
  {
    name: "isolate", keys: [..."0123456789"], shown: "0 to 9", label: "", help: "show one class alone, or enlarge it",
    run: (map, key) => (map.part(AllClasses) ?? map.part(Classes))?.choose(Number(key)),
  },
  {
    name: "nearer", keys: ["+", "="], shown: "+", label: "", help: "zoom in at the cursor",
    run: (map) => actions.zoomAt(map, map.state.cursor, NEARER),
  },
  {
    name: "farther", keys: ["-"], shown: "-", label: "", help: "zoom out at the cursor",
    run: (map) => actions.zoomAt(map, map.state.cursor, 1 / NEARER),
  },
  { name: "images", keys: ["["], shown: "[", label: "", help: "fade to decoded images", run: (map) => fade(map, -0.5) },
  { name: "codes", keys: ["]"], shown: "]", label: "", help: "fade to the test codes", run: (map) => fade(map, 0.5) },
  {
    name: "escape", keys: ["escape"], shown: "Esc", label: "", help: "let go of marks, a class, a held image",
    run: actions.letGo,
  },
];

/**
 * The command of a key.
 * @param {string} key
 */
export function commandOf(key) {
  const name = key.length === 1 || key === "Enter" || key === "Escape" ? key.toLowerCase() : key;
  return COMMANDS.find(({ keys }) => keys.includes(name));
}

/**
 * The map on which a command acts: this one, or of what all maps of a group share, the first that has it.
 * @param {Command} command
 * @param {LatentMap | undefined} map
 * @param {LatentMap[]} group
 */
export function mapFor({ applies = () => true, shared }, map, group) {
  return [map, ...(shared ? group : [])].find((each) => each && applies(each));
}
