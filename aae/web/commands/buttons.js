/** A button for each command that has one: made once, so that one that has the focus keeps it. */

import { button, enable, make } from "../dom.js";

/** @typedef {import("../map/latent-map.js").LatentMap} LatentMap */
/** @typedef {import("./table.js").Command} Command */

const always = () => true;

export class Buttons {
  /**
   * @param {(command: Command) => LatentMap | undefined} map on which a command acts
   * @param {Command[]} commands
   */
  constructor(map, commands) {
    this.map = map;
    this.pairs = commands.filter(({ label }) => label).map((command) => ({ command, element: this.button(command) }));
    this.element = make("div", { className: "buttons" }, ...this.pairs.map(({ element }) => element));
  }

  /** @param {Command} command */
  button(command) {
    const act = () => {
      const map = this.map(command);
      if (map) command.run(map, "", false);
      this.show();
    };
    const title = `${command.shown}: ${command.help}`;
    return button(command.label, act, { title, hidden: true, "data-command": command.name });
  }

  show() {
    for (const { command, element } of this.pairs) {
      const map = this.map(command);
      if (map) update(element, command, map);
      else element.hidden = true;
    }
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
function update(element, { applies = always, offered = always, enabled = always, pressed }, map) {
  const hidden = !applies(map) || !offered(map), on = pressed ? String(pressed(map)) : null;
  if (element.hidden !== hidden) element.hidden = hidden;
  enable(element, enabled(map));
  if (on !== null && element.getAttribute("aria-pressed") !== on) element.setAttribute("aria-pressed", on);
}
