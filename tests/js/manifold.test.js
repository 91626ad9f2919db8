import assert from "node:assert/strict";
import { test } from "node:test";

import { Manifold } from "../../aae/web/layers/manifold.js";

test("decoded images do not touch: a pixel lies between two, and each is in the middle of its cell", () => {
  const [size, side] = [24, 9 * 24], view = { x: 0, y: 0, half: 1 };
  /** @type {number[][]} */
  const put = [];
  /** @type {number[][]} */
  const drawn = [];
  const context = /** @type {any} */ ({
    createImageData: (/** @type {number} */ width, /** @type {number} */ height) =>
      ({ data: new Uint8ClampedArray(4 * width * height) }),
    putImageData: (/** @type {unknown} */ _, /** @type {number} */ x, /** @type {number} */ y) => put.push([x, y]),
    drawImage: (/** @type {unknown} */ _, /** @type {number[]} */ ...box) => drawn.push(box),
  });
  const manifold = new Manifold(/** @type {any} */ ({
    camera: { fromPixel: () => [0, 0], box: () => ({ left: 0, top: 0, side: size }) }, payload: { shape: [1, 8, 8] },
    plane: { origin: [0, 0], basis: [[1, 0], [0, 1]] }, model: { decoder: { decode: () => Array(64).fill(0) } },
    ink: [0, 0, 0],
  }));
  for (const cell of [0, 1, 25]) manifold.draw(context, cell);
  manifold.place(context, /** @type {any} */ ({ width: side, height: side }), view, size);
  assert.deepEqual(put, [[0, 0], [9, 0], [9, 9]]);
  assert.deepEqual(drawn, [[size / side / 2, size / side / 2, size, size]]);
});
