/** The list of the keys, made from the table of commands. */

import { make } from "../dom.js";

/** @typedef {import("../map/latent-map.js").LatentMap} LatentMap */
/** @typedef {import("./table.js").Command} Command */

const POINTER = [
  ["press and drag", "look at a place"], ["click", "keep it as a pin, or hold an image"], ["double click", "reset"],
  ["wheel (Ctrl, or after a click), pinch", "zoom"], ["one finger", "scrolls the page until the map is tapped"],
];

export class Help {
  /**
   * @param {LatentMap} map
   * @param {Command[]} commands
   */
  constructor(map, commands) {
    this.map = map;
    this.commands = commands;
    this.element = make("dl", { className: "help", hidden: true });
  }

  get isOpen() {
    return !this.element.hidden;
  }

  toggle() {
    const entry = (/** @type {string[]} */ [key, text]) => [make("dt", {}, key), make("dd", {}, text)];
    if (!this.isOpen) this.element.replaceChildren(...this.rows().flatMap(entry));
    this.element.hidden = this.isOpen;
    this.map.show();
  }

  /** Keys, and what they do. */
  rows() {
    const { map } = this, keys = this.commands.filter(({ applies }) => applies?.(map) ?? true);
    return [...keys.map(({ shown, help }) => [shown, help]), ...this.classes(), ...POINTER];
  }

  /** Which digit is which class, where their names are no numbers. */
  classes() {
    const names = this.map.payload.class_names.slice(0, 10), isNumbered = names.every((name, k) => name === String(k));
    return isNumbered ? [] : [["0 to 9", names.map((name, k) => `${k}: ${name}`).join(", ")]];
  }

  snapshot() {
    return { help: this.isOpen };
  }
}
