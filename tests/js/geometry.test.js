import assert from "node:assert/strict";
import { test } from "node:test";

import * as geometry from "../../aae/web/math/geometry.js";
import { assertClose, golden } from "./helpers.js";

/** @typedef {import("../../aae/web/math/geometry.js").Place} Place */

const values = golden("geometry");
const VIEW = { x: 1, y: -2, half: 4 };

test("codes of five dimensions lie on the plane where torch projects them, and places are lifted as there", () => {
  assertClose(geometry.project(values.codes.flat(), values.plane), values.projected.flat());
  values.places.forEach((/** @type {Place} */ place, /** @type {number} */ i) =>
    assertClose(geometry.lift(place, values.plane), values.lifted[i]));
});

test("places and pixels are each other's inverse, on linear and on percentile axes", () => {
  for (const axis of [geometry.LINEAR, geometry.percentileAxis(2)]) {
    const view = axis === geometry.LINEAR ? VIEW : { x: 0.5, y: 0.5, half: 0.5 };
    for (const place of /** @type {Place[]} */ ([[0, 0], [1.5, -2.5], [-1, 1]])) {
      assertClose(geometry.fromPixel(geometry.toPixel(place, view, 300, axis), view, 300, axis), place, 1e-3);
    }
  }
  assert.deepEqual(geometry.toPixel([1, -2], VIEW, 300), [150, 150]);
  assert.deepEqual(geometry.toPixel([5, 2], VIEW, 300), [300, 0]); // up is up
});

test("percentiles are those of the normal distribution", () => {
  const { std, p, x } = values.percentiles, axis = geometry.percentileAxis(std);
  assertClose(p.map(axis.fromMap), x, 1e-4);
  assertClose(x.map(axis.toMap), p, 1e-6);
  assert.ok(Number.isFinite(axis.fromMap(0)) && Number.isFinite(axis.fromMap(1)));
});

test("zooming keeps the point under the pointer, within limits", () => {
  const at = [3, 1], near = geometry.zoomed(VIEW, at, 0.5, 4);
  assert.deepEqual(geometry.toPixel(at, near, 300), geometry.toPixel(at, VIEW, 300));
  assert.equal(near.half, 2);
  assert.equal(geometry.zoomed(VIEW, at, 1e-9, 4).half, 4 / geometry.ZOOM_IN);
  assert.equal(geometry.zoomed(VIEW, at, 1e9, 4).half, 4 * geometry.ZOOM_OUT);
});

test("a point outside a square is moved to its edge; four digits of it still lie within", () => {
  assert.deepEqual(geometry.clampTo([9, -9], VIEW), [5, -6]);
  assert.deepEqual(geometry.clampTo([2, 0], VIEW), [2, 0]);
  const within = [[5.001, 0], [5.1, 0], [0, 2.1]].map((point) => geometry.isWithin(point, VIEW));
  assert.deepEqual(within, [true, false, false]);
});

test("a loop holds the points that it winds around", () => {
  const { loop, points, inside } = values.lasso;
  assert.deepEqual(points.map((/** @type {Place} */ point) => geometry.isInside(point, loop)), inside);
  assert.ok(inside.includes(true) && inside.includes(false));
});

test("a path goes through its stops, leg by leg", () => {
  const stops = /** @type {Place[]} */ ([[0, 0], [2, 0], [2, 4]]);
  assert.deepEqual([0, 0.25, 0.5, 0.75, 1, 7].map((share) => geometry.along(stops, share)),
    [[0, 0], [1, 0], [2, 0], [2, 2], [2, 4], [2, 4]]);
});
