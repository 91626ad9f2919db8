import assert from "node:assert/strict";
import { test } from "node:test";

import { expectedCount, neighbours } from "../../aae/web/math/neighbours.js";
import { assertClose, golden } from "./helpers.js";

for (const given of golden("neighbours").cases) {
  const codes = Float32Array.from(given.codes), draws = Float32Array.from(given.draws), dim = given.code.length;

  test(`near is near in all ${dim} dimensions`, () => {
    const found = neighbours(codes, given.code, given.radius);
    assert.deepEqual([found.count, found.nearest], [given.count, given.nearest]);
    assertClose(found.distances, given.distances);
  });

  test(`what is left out in ${dim} dimensions is neither counted nor picked`, () => {
    const found = neighbours(codes, given.code, given.radius, (i) => i % 3 > 0);
    assert.deepEqual([found.count, found.nearest], [given.left_count, given.left_nearest]);
  });

  test(`the prior's draws tell how many are expected in ${dim} dimensions`, () => {
    assert.ok(Math.abs(expectedCount(draws, given.code, given.radius, 60) - given.expected) < 1e-9);
  });
}

test("two points that lie on one place of the plane are far apart in the space", () => {
  const codes = Float32Array.from([0, 0, 5, 0, 0, -5, 0.1, 0, 0]);
  assert.deepEqual(neighbours(codes, [0, 0, 0], 1).nearest, [2, 0, 1]);
  assert.equal(neighbours(codes, [0, 0, 0], 1).count, 1);
});

test("fewer than three codes, or none at all", () => {
  const one = neighbours(Float32Array.from([1, 1]), [0, 0], 1);
  assert.deepEqual(one, { count: 0, nearest: [0], distances: [Math.SQRT2] });
  assert.deepEqual(neighbours(new Float32Array(0), [0, 0], 1), { count: 0, nearest: [], distances: [] });
  assert.equal(expectedCount(new Float32Array(0), [0, 0], 1, 10), 0);
});
