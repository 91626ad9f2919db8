import assert from "node:assert/strict";
import { test } from "node:test";

import { certainty, largest } from "../../aae/web/math/certainty.js";
import { countsOf } from "../../aae/web/math/clusters.js";
import { imagesIn, mistakesIn, shades } from "../../aae/web/math/confusion.js";

const LABELS = [0, 0, 1, 2, 2, 2, 1], PREDICTED = [0, 1, 1, 0, 0, 2, 1], ORDER = Int32Array.of(4, 1, 3, 6, 2, 0, 5);
const GIVEN = { labels: LABELS, predicted: PREDICTED, order: ORDER }, COUNTS = countsOf(LABELS, PREDICTED, 3, 3);

test("each image is in one cell, in the order of all", () => {
  assert.deepEqual(imagesIn(GIVEN, [2, 0]), [4, 3]);
  assert.deepEqual(imagesIn(GIVEN, [1, 2]), []);
  COUNTS.forEach((row, label) => row.forEach((count, guess) => {
    assert.equal(imagesIn(GIVEN, [label, guess]).length, count);
  }));
});

test("mistakes are what is off the diagonal, and shades are shares of the largest count there", () => {
  assert.equal(mistakesIn(COUNTS), 3);
  assert.deepEqual(shades(COUNTS), [[0, 0.5, 0], [0, 0, 0], [1, 0, 0]]);
  assert.deepEqual(shades([[5, 0], [0, 5]]), [[0, 0], [0, 0]]);
});

test("certainty is 0 where all classes are equally likely, and 1 where one has all probability", () => {
  assert.equal(largest([0.2, 0.5, 0.3]), 1);
  assert.equal(certainty([0.25, 0.25, 0.25, 0.25]), 0);
  assert.equal(certainty([0, 0, 1]), 1);
  assert.ok(Math.abs(certainty([0.1, 0.6, 0.3]) - 0.4) < 1e-12);
  assert.equal(certainty([1]), 1);
});
