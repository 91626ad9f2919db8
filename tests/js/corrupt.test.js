import assert from "node:assert/strict";
import { test } from "node:test";

import { CORRUPTIONS, drawsOf, holeOf, stroke } from "../../aae/web/math/corrupt.js";
import { psnr, Ssim } from "../../aae/web/math/quality.js";
import { assertClose, golden } from "./helpers.js";

const { image, height, width, cases } = golden("corrupt"), SIZE = { height, width };

/** @param {number[]} numbers */
function replay(numbers) {
  const left = [...numbers], next = () => left.shift() ?? NaN;
  return { uniform: next, normal: next };
}

for (const { name, strength, drawn, made } of cases) {
  test(`${name} of strength ${strength} is that of the library`, () => {
    const pixels = Float32Array.from(image), draws = replay(drawn);
    assertClose(CORRUPTIONS[name]({ pixels, size: SIZE, strength, draws }), made, 1e-6);
    assertClose(pixels, image, 1e-6);
  });
}

test("every corruption of the library is here", () => {
  assert.deepEqual(Object.keys(CORRUPTIONS), [...new Set(cases.map((/** @type {any} */ each) => each.name))]);
});

test("a hole that is dragged stays in the image", () => {
  const hole = (/** @type {[number, number]} */ at) => holeOf({ size: SIZE, strength: 0.5, draws: drawsOf(0), at });
  assert.deepEqual(hole([0.5, 0.5]), { left: 4, top: 2, n: 5 });
  assert.deepEqual([hole([-9, -9]), hole([9, 9])], [{ left: 0, top: 0, n: 5 }, { left: 7, top: 4, n: 5 }]);
});

test("a pen leaves its value along its way, and a point where it was pressed", () => {
  const pixels = new Float32Array(25), size = { height: 5, width: 5 };
  stroke(pixels, size, [0.5, 2.5], [4.5, 2.5], 1);
  assert.deepEqual([...pixels], [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
  stroke(pixels, size, [1.5, 2.5], [1.5, 2.5], 0);
  assert.deepEqual([...pixels.slice(10, 15)], [1, 0, 1, 1, 1]);
});

test("a seed gives the same numbers every time, another seed others, uniform and normal", () => {
  const many = (/** @type {number} */ seed) => Array.from({ length: 5000 }, drawsOf(seed).uniform);
  const [a, b, normals] = [many(1), many(2), Array.from({ length: 5000 }, drawsOf(3).normal)];
  assert.deepEqual(a, many(1));
  assert.notDeepEqual(a, b);
  assert.ok(Math.min(...a) >= 0 && Math.max(...a) < 1);
  const moments = (/** @type {number[]} */ x) => [0, 1].map((k) => x.reduce((sum, y) => sum + y ** (k + 1), 0) / 5000);
  assertClose(moments(a), [1 / 2, 1 / 3], 0.03);
  assertClose(moments(normals), [0, 1], 0.1);
});

for (const { shape, x, y, ...expected } of golden("likeness").cases) {
  test(`PSNR and SSIM of images of ${shape} are those of the library`, () => {
    assertClose([psnr(x, y), new Ssim(y, shape).of(x)], [expected.psnr, expected.ssim], 1e-4);
    assertClose([new Ssim(x, shape).of(x)], [1], 1e-9);
    assert.equal(psnr(x, x), Infinity);
  });
}
