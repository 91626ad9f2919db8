import assert from "node:assert/strict";
import { test } from "node:test";

import { linearScale, linearTicks, logScale, logTicks, roundStep, shortNumber } from "../../aae/web/math/scales.js";
import { assertClose } from "./helpers.js";

const texts = (/** @type {{text: string}[]} */ ticks) => ticks.map((tick) => tick.text);

test("a linear scale, and one of no extent", () => {
  assertClose([0, 5, 10].map(linearScale([0, 10], [100, 0])), [100, 50, 0]);
  assert.ok(Number.isFinite(linearScale([3, 3], [0, 1])(3)));
});

test("on a logarithmic scale equal ratios are equally long", () => {
  assertClose([1, 10, 100].map(logScale([1, 100], [0, 2])), [0, 1, 2]);
});

test("ticks of a linear axis are round and within", () => {
  assert.deepEqual(texts(linearTicks(-2.9, 2.9, 5)), ["-2", "0", "2"]);
  assert.deepEqual(texts(linearTicks(0, 100, 4)), ["0", "50", "100"]);
  assert.deepEqual(texts(linearTicks(-0.03, 0.03, 6)), ["-0.03", "-0.02", "-0.01", "0.00", "0.01", "0.02", "0.03"]);
  assert.equal(linearTicks(2, 2, 4).length, 1);
});

test("ticks of a logarithmic axis, ever fewer over more decades", () => {
  assert.deepEqual(texts(logTicks(0.9, 60, 8)), ["1", "2", "5", "10", "20", "50"]);
  assert.deepEqual(texts(logTicks(0.9, 60, 4)), ["1", "3", "10", "30"]);
  assert.deepEqual(texts(logTicks(0.01, 2000, 6)), ["0.01", "0.1", "1", "10", "100", "1000"]);
  for (let power = -6; power < 9; power++) {
    const ticks = logTicks(2e-7, 3 * 10 ** power, 5);
    assert.ok(ticks.length >= 2 && ticks.length <= 5 && ticks.every((tick) => tick.value <= 3.001 * 10 ** power));
  }
});

test("steps are 1, 2 or 5 times a power of ten", () => {
  assertClose([0.3, 1, 1.1, 4, 6, 0.02].map(roundStep), [0.5, 1, 2, 5, 10, 0.02]);
});

test("numbers in three digits", () => {
  assert.deepEqual([0, 0.12345, 1234.5, -2, 1e-9, 3e7].map(shortNumber), ["0", "0.123", "1230", "-2", "1e-9", "3e7"]);
});
