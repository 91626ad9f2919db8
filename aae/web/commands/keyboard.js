/** Keys on the map, from the table of commands. */

import { commandOf, mapFor } from "./table.js";

/** @typedef {import("../map/latent-map.js").LatentMap} LatentMap */

export class Keyboard {
  /** @param {LatentMap} map */
  constructor(map) {
    map.canvas.onkeydown = (event) => {
      const command = commandOf(event.key), target = command && mapFor(command, map, map.group.maps);
      if (!command || !target || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      if (command.enabled?.(target) ?? true) command.run(target, event.key, event.shiftKey);
      target.show();
    };
  }
}
