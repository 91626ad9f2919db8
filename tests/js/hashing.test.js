import assert from "node:assert/strict";
import { test } from "node:test";

import { bitList, bitsOf, distances, MAX_BITS, nearestOf } from "../../aae/web/math/hashing.js";
import { golden } from "./helpers.js";

const { codes, centre, directions, bits, apart } = golden("hashing");
const words = bitsOf(codes.flat(), centre, directions.flat());

test("the bits of codes are torch's", () => {
  for (const [i, row] of bits.entries()) {
    assert.deepEqual(bitList(words.subarray(2 * i, 2 * i + 2), MAX_BITS), row.map((/** @type {number} */ x) => x > 0));
  }
});

test("distances count the bits that differ, among the first ones alone", () => {
  for (const [n, rows] of Object.entries(apart)) {
    const ours = rows.map((/** @type {any} */ _, /** @type {number} */ i) =>
      [...distances(words, words.subarray(2 * i, 2 * i + 2), Number(n))]);
    assert.deepEqual(ours, rows);
  }
});

test("the nearest come by distance, then by number, without the image itself", () => {
  assert.deepEqual(nearestOf(Uint8Array.from([3, 0, 3, 1, 64]), 4), [1, 3, 0, 2]);
  assert.deepEqual(nearestOf(Uint8Array.from([3, 0, 3, 1, 64]), 9, 1), [3, 0, 2, 4]);
});
