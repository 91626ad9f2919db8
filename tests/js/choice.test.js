import assert from "node:assert/strict";
import { test } from "node:test";

import { anyOf, following } from "../../aae/web/math/choice.js";

const LABELS = Uint8Array.from([1, 0, 1, 2, 1]);

test("the next image of all, or of a class, around both ends", () => {
  assert.deepEqual([0, 4].map((i) => following(LABELS, i, 1, null)), [1, 0]);
  assert.deepEqual([0, 4].map((i) => following(LABELS, i, -1, null)), [4, 3]);
  assert.deepEqual([0, 1, 4].map((i) => following(LABELS, i, 1, 1)), [2, 2, 0]);
  assert.deepEqual([0, 1].map((i) => following(LABELS, i, -1, 1)), [4, 0]);
});

test("a class of one image stays at it, and one without any changes nothing", () => {
  assert.equal(following(LABELS, 3, 1, 2), 3);
  assert.equal(following(LABELS, 2, -1, 9), 2);
  assert.equal(following([], 0, 1, null), 0);
});

test("every image of a class can be drawn, and no other", () => {
  const drawn = Array.from({ length: 101 }, (_, i) => anyOf(LABELS, 1, i / 100));
  assert.deepEqual([...new Set(drawn)], [0, 2, 4]);
  assert.equal(new Set(Array.from({ length: 101 }, (_, i) => anyOf(LABELS, null, i / 100))).size, 5);
  assert.equal(anyOf(LABELS, 9, 0.5), -1);
});
