/** The test codes that are shown on a map, as a CSV file: all, or those marked by a lasso or of the isolated class. */

import { codeAt } from "../data/model.js";
import { make } from "../dom.js";
import { csv } from "../math/csv.js";

/** @typedef {import("./latent-map.js").LatentMap} LatentMap */

/**
 * A row an image: its number among the test images, its class, its code.
 * @param {LatentMap} map
 */
export function codesOf(map) {
  const { codes, plane: { origin: { length: dim } } } = map, images = [];
  for (let i = 0; i < map.n; i++) if (map.shows(i)) images.push(i);
  const heads = ["image", "class", ...Array.from({ length: dim }, (_, d) => `z${d}`)];
  return csv([heads, ...images.map((i) => [i, map.nameOf(i), ...codeAt(codes, i, dim)])]);
}

/** @param {LatentMap} map */
export function saveCodes(map) {
  const href = URL.createObjectURL(new Blob([codesOf(map)], { type: "text/csv" }));
  make("a", { download: `${map.payload.run}-codes.csv`, href }).click();
  URL.revokeObjectURL(href);
  map.say(`${map.nShown.toLocaleString("en")} codes are saved as CSV${map.hides ? ": those that are shown" : ""}.`);
}
