import assert from "node:assert/strict";
import { test } from "node:test";

import { axisOf } from "../../aae/web/math/axis.js";

/** Scores as files hold them. */
const scores = Float32Array.from({ length: 500 }, (_, i) => 0.007 + i * 1.7e-6);

test("both ends of an axis are the lowest and the highest score, not rounded by its logarithm", () => {
  for (const low of scores) {
    const axis = axisOf([low, 3 * low], [2 * low, 40 * low]);
    assert.deepEqual([axis.at(0), axis.at(1)], [low, 40 * low]);
  }
});

test("a place and the score there are inverses, on a logarithmic and on a linear axis", () => {
  for (const axis of [axisOf([0.01], [5]), axisOf([-3], [7])]) {
    for (const place of [0, 0.2, 0.5, 0.99, 1]) assert.ok(Math.abs(axis.place(axis.at(place)) - place) < 1e-12);
  }
});

test("an infinite score is beyond the axis, and no score at all is one from 0 to 1", () => {
  const axis = axisOf([0.1, Infinity], []);
  assert.deepEqual([axis.low, axis.high], [0.1, 0.1]);
  assert.equal(axis.place(Infinity), Infinity);
  assert.deepEqual([axisOf([], []).low, axisOf([], []).high], [0, 1]);
});
