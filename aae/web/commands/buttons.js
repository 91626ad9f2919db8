/** A button for each command that has one: made once, so that one that has the focus keeps it. */

import { button, make } from "../dom.js";

/** @typedef {import("../map/latent-map.js").LatentMap} LatentMap */
/** @typedef {import("./table.js").Command} Command */

export class Buttons {
  /**
   * @param {() => LatentMap | undefined} map on which they act
   * @param {Command[]} commands
   */
  constructor(map, commands) {
    this.map = map;
    this.pairs = commands.filter(({ label }) => label).map((command) => ({ command, element: this.button(command) }));
    this.element = make("div", { className: "buttons" }, ...this.pairs.map(({ element }) => element));
  }

  /** @param {Command} command */
  button({ label, help, shown, run }) {
    const act = () => {
      const map = this.map();
      if (map) run(map, "", false);
      this.show();
    };
    return button(label, act, { title: `${shown}: ${help}`, hidden: true });
  }

  show() {
    const map = this.map();
    for (const { command, element } of map ? this.pairs : []) update(element, command, /** @type {LatentMap} */ (map));
  }

  changed() {
    this.show();
  }
}

/**
 * @param {HTMLButtonElement} element
 * @param {Command} command
 * @param {LatentMap} map
 */
function update(element, { applies, enabled, pressed }, map) {
  const hidden = !(applies?.(map) ?? true), disabled = !(enabled?.(map) ?? true), on = String(pressed?.(map) ?? false);
  if (element.hidden !== hidden) element.hidden = hidden;
  if (element.disabled !== disabled) element.disabled = disabled;
  if (pressed && element.getAttribute("aria-pressed") !== on) element.setAttribute("aria-pressed", on);
}
