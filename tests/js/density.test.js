import assert from "node:assert/strict";
import { test } from "node:test";

import { blur, contour, deviation, histogram, massLevel } from "../../aae/web/math/density.js";
import { assertClose, golden } from "./helpers.js";

const given = golden("density"), { n, points } = given;

test("points are counted by cell, and those outside are not", () => {
  const counts = histogram(points.length, (i) => points[i], n);
  assert.deepEqual(Array.from(counts), given.counts);
  assert.equal(histogram(2, (i) => [[-0.1, 3], [3, n]][i], n).reduce((a, b) => a + b), 0);
});

test("a blur is the mean around each cell, at the edges too", () => {
  assertClose(blur(Float32Array.from(given.counts), n), given.blurred);
});

test("the level that holds a share of the mass", () => {
  assertClose([massLevel(Float32Array.from(given.blurred), given.share)], [given.level]);
  assert.equal(massLevel(new Float32Array(4), 0.9), 0);
});

test("the contour of a cone is a circle, and closed", () => {
  const side = 40, level = 12, middle = 20;
  const centre = 0.5 - middle;
  const height = (/** @type {number} */ i) => 30 - Math.hypot((i % side) + centre, Math.floor(i / side) + centre);
  const cone = Float32Array.from({ length: side * side }, (_, i) => height(i));
  const pieces = contour(cone, side, 30 - level);
  assert.ok(pieces.length > 40);
  for (const [x, y] of pieces.flat()) assert.ok(Math.abs(Math.hypot(x - middle, y - middle) - level) < 0.05);
  const ends = new Map();
  for (const point of pieces.flat()) {
    const key = point.map((x) => x.toFixed(4)).join();
    ends.set(key, (ends.get(key) ?? 0) + 1);
  }
  assert.deepEqual([...new Set(ends.values())], [2]);
});

test("the standard deviation of points", () => assertClose([deviation(points.flat())], [given.deviation], 1e-6));
