/** Keys on the map, from the table of commands. */

import { commandOf } from "./table.js";

/** @typedef {import("../map/latent-map.js").LatentMap} LatentMap */

export class Keyboard {
  /** @param {LatentMap} map */
  constructor(map) {
    map.canvas.onkeydown = (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const command = commandOf(map, event.key);
      if (!command) return;
      event.preventDefault();
      if (command.enabled?.(map) ?? true) command.run(map, event.key, event.shiftKey);
      map.show();
    };
  }
}
