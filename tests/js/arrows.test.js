import assert from "node:assert/strict";
import test from "node:test";

import { arrowsOf } from "../../aae/web/math/arrows.js";
import { assertClose } from "./helpers.js";

const AXES = [[1, 0, 0], [0, 1, 0]];

test("arrows keep their directions and the ratios of their lengths, but for the longest", () => {
  const pushes = [3, 4, 9, -1.5, 2, 0, 0, 0, 1, ...Array(8).fill([0, 5, 0]).flat(), 1000, 0, 0];
  const arrows = arrowsOf(pushes, AXES, 10);
  const unit = (0.06 * 10) / 5; // nine tenths are at most 5 long
  assertClose(arrows.slice(0, 6), [3 * unit, 4 * unit, -1.5 * unit, 2 * unit, 0, 0], 1e-6);
  assertClose(arrows.slice(-2), [0.12 * 10, 0], 1e-6);
});

test("where nothing is pushed there are no arrows", () => {
  assertClose(arrowsOf([0, 0, 0, 0, 0, 0], AXES, 10), [0, 0, 0, 0]);
  assert.equal(arrowsOf([], AXES, 10).length, 0);
});
