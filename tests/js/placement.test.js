import assert from "node:assert/strict";
import { test } from "node:test";

import { fullestCells, overlap, placeLabels, spreadOut } from "../../aae/web/math/placement.js";

/** A source of the same numbers every time. @param {number} seed */
function numbers(seed) {
  return () => (seed = (seed * 16807) % 2147483647) / 2147483647;
}

/** @param {number} classes @param {number} spread */
function clouds(classes, spread) {
  const next = numbers(7), made = new Map();
  for (let k = 0; k < classes; k++) {
    const [x, y] = [300 + spread * (next() - 0.5), 300 + spread * (next() - 0.5)];
    made.set(k, Array.from({ length: 300 }, () => [x + 200 * (next() - 0.5), y + 200 * (next() - 0.5)]));
  }
  return made;
}

test("the fullest cell comes first, as the mean of its points", () => {
  const cells = fullestCells([[1, 1], [11, 11], [13, 12], [12, 13]], 10);
  assert.deepEqual(cells, [{ x: 12, y: 12, count: 3 }, { x: 1, y: 1, count: 1 }]);
});

for (const classes of [10, 30, 100]) {
  test(`of ${classes} labels none hides another, and all lie on the map`, () => {
    const placed = placeLabels(clouds(classes, 400), () => ({ width: 40, height: 24 }), { cell: 30, size: 600 });
    for (const [i, a] of placed.entries()) {
      for (const b of placed.slice(i + 1)) assert.ok(!overlap(a, b));
      assert.ok(a.x >= 20 && a.x <= 580 && a.y >= 12 && a.y <= 588);
    }
    assert.ok(placed.length >= Math.min(classes, 25));
  });
}

test("labels of ten classes on one heap are all seen", () => {
  const placed = placeLabels(clouds(10, 0), () => ({ width: 20, height: 24 }), { cell: 30, size: 600 });
  assert.deepEqual(placed.map(({ label }) => label).sort((a, b) => a - b), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
});

test("a label stands where its class is dense, or nowhere", () => {
  const dense = (/** @type {number} */ x) => Array.from({ length: 50 }, () => [x, 100]);
  const points = new Map([[0, [...dense(100), [400, 400]]], [1, [...dense(101), [500, 500], [20, 20]]]]);
  const placed = placeLabels(points, () => ({ width: 40, height: 24 }), { cell: 30, size: 600 });
  assert.deepEqual(placed.map(({ label, y }) => [label, y]), [[0, 100]]);
});

test("a class without points has no label", () => {
  assert.deepEqual(placeLabels(new Map([[0, []]]), () => ({ width: 9, height: 9 }), { cell: 9, size: 90 }), []);
});

test("names at the ends of lines are a gap apart, in order, and within the chart", () => {
  for (let seed = 1; seed < 400; seed++) {
    const next = numbers(seed), wanted = Array.from({ length: 1 + (seed % 6) }, () => 100 * next());
    const places = spreadOut(wanted, 13, 5, 95), order = wanted.map((_, i) => i).sort((a, b) => wanted[a] - wanted[b]);
    order.slice(1).forEach((i, k) => assert.ok(places[i] - places[order[k]] > 13 - 1e-9));
    assert.ok(places.every((place) => place > 5 - 1e-9 && place < 95 + 1e-9));
  }
  assert.deepEqual(spreadOut([10, 50, 90], 13, 5, 95), [10, 50, 90]);
});
