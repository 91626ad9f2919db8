import assert from "node:assert/strict";
import test from "node:test";

import { drawTiles } from "../../aae/web/layers/tiles.js";

test("images of a picture have a gap between them, and their centres stay where they are", () => {
  /** @type {number[][]} */
  const drawn = [];
  const context = /** @type {any} */ ({ drawImage: (/** @type {any[]} */ ...given) => drawn.push(given.slice(1)) });
  const picture = /** @type {any} */ ({ width: 24, height: 16 }); // 3 x 2 images of 8x8 pixels
  drawTiles(context, picture, [1, 8, 8], { left: 10, top: 20, width: 300, height: 200 }, 1);
  assert.equal(drawn.length, 6);
  assert.deepEqual(drawn[4], [8, 8, 8, 8, 111, 121, 98, 98]);
  const [first, second] = drawn;
  assert.equal(second[4] - (first[4] + first[6]), 2);
  assert.equal(first[4] + first[6] / 2, 10 + 50);
});
