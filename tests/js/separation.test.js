import assert from "node:assert/strict";
import { test } from "node:test";

import {
  auroc, averagePrecision, below, curveOf, ordered, quantile, rates, shares, thinned,
} from "../../aae/web/math/separation.js";
import { assertClose, golden } from "./helpers.js";

for (const [k, given] of golden("separation").cases.entries()) {
  const normal = ordered(given.normal), odd = ordered(given.odd), curve = curveOf(normal, odd);
  test(`the curves of case ${k} are scikit-learn's`, () => {
    assertClose(curve.fpr.slice(1), given.fpr);
    assertClose(curve.tpr.slice(1), given.tpr);
    assertClose(curve.precision.slice(1), given.precision);
    assertClose([auroc(curve), averagePrecision(curve)], [given.auroc, given.average_precision]);
  });

  test(`the rates at each threshold of case ${k} are a point of its curves`, () => {
    for (let i = 1; i < curve.threshold.length; i++) {
      const { fpr, tpr, precision } = rates(normal, odd, curve.threshold[i]);
      assertClose([fpr, tpr, precision ?? NaN], [curve.fpr[i], curve.tpr[i], curve.precision[i]], 1e-12);
    }
  });
}

test("by hand: above all scores nothing is found, and ties count half", () => {
  const normal = ordered([2, 1]), odd = ordered([3, 2]);
  assert.deepEqual(rates(normal, odd, 4), { fpr: 0, tpr: 0, precision: null });
  assert.deepEqual(rates(normal, odd, 2), { fpr: 0.5, tpr: 1, precision: 2 / 3 });
  assert.equal(auroc(curveOf(normal, odd)), (1 + 1 + 1 + 0.5) / 4);
  assert.equal(auroc(curveOf(ordered([1, 1]), ordered([1]))), 0.5);
});

test("a score of infinity is the oddest", () => {
  const curve = curveOf(ordered([1, 2]), ordered([Infinity]));
  assert.equal(auroc(curve), 1);
  assert.equal(averagePrecision(curve), 1);
});

test("places among ordered scores", () => {
  const scores = ordered([5, 1, 3, 3]);
  assert.deepEqual([0, 1, 3, 4, 6].map((t) => below(scores, t)), [0, 0, 1, 3, 4]);
  assert.deepEqual([0, 0.5, 1].map((share) => quantile(scores, share)), [1, 3, 5]);
});

test("a histogram holds every score once", () => {
  const counts = shares([-1, 0, 0.5, 0.99, 1, 7], (x) => x, 2);
  assertClose(counts, [2 / 6, 4 / 6], 1e-12);
});

test("some points of a curve are points of it, with its ends", () => {
  const curve = curveOf(ordered(Array.from({ length: 101 }, (_, i) => i)), ordered([20, 30, 200]));
  const some = thinned(curve, 10), last = curve.threshold.length - 1;
  assert.ok(some.threshold.length > 5 && some.threshold.length <= 11);
  assert.deepEqual([some.fpr[0], some.tpr[0], some.fpr.at(-1), some.tpr.at(-1)], [0, 0, 1, 1]);
  assert.equal(some.threshold.at(-1), curve.threshold[last]);
  for (const [i, threshold] of some.threshold.entries()) {
    assert.equal(some.tpr[i], curve.tpr[curve.threshold.indexOf(threshold)]);
  }
});
