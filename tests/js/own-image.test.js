import assert from "node:assert/strict";
import { test } from "node:test";

import { ownWords } from "../../aae/web/map/words.js";
import { Encoder } from "../../aae/web/math/encoder.js";
import { blurred, inkOfPhoto, luminance } from "../../aae/web/math/photo.js";
import { parseTensors } from "../../aae/web/math/tensors.js";
import { assertClose, bufferOf, golden } from "./helpers.js";

for (const [name, { file, dim, gaussian, images, ...expected }] of Object.entries(golden("encoders"))) {
  test(`an encoder (${name}) gives torch's code, posterior and q(y|x)`, () => {
    const encoder = new Encoder(parseTensors(bufferOf(file)), dim, gaussian);
    for (const [i, pixels] of images.entries()) {
      const encoded = encoder.encode(pixels);
      assertClose(encoded.mean, expected.mean[i]);
      assertClose(encoded.code, expected.code[i]);
      assertClose(encoded.std ?? [], expected.std?.[i] ?? []);
      assertClose(encoded.y ?? [], expected.y?.[i] ?? []);
    }
  });
}

const SIDE = 40;

/**
 * A bar of ink on paper that is lit from one side.
 * @param {number} paper
 * @param {number} ink
 */
function photograph(paper, ink) {
  return Float32Array.from({ length: SIDE * SIDE }, (_, i) => {
    const x = i % SIDE, y = Math.floor(i / SIDE), isInk = x >= 18 && x < 22 && y >= 8 && y < 32;
    return (isInk ? ink : paper) * (0.7 + (0.3 * x) / SIDE) + 0.01 * ((7 * i) % 3);
  });
}

/** @type {[string, number, number][]} */
const PAPERS = [["dark", 0.9, 0.1], ["light", 0.1, 0.9]];
for (const [name, paper, ink] of PAPERS) {
  test(`${name} ink is found on paper that is lit from one side`, () => {
    const found = inkOfPhoto(photograph(paper, ink), SIDE);
    for (let i = 0; i < found.length; i++) {
      const x = i % SIDE, y = Math.floor(i / SIDE), isInk = x >= 18 && x < 22 && y >= 8 && y < 32;
      assert.ok(isInk ? found[i] > 200 : found[i] < 40, `${x}, ${y}: ${found[i]}`);
    }
  });
}

test("an even surface has no ink", () => {
  assert.ok(inkOfPhoto(new Float32Array(SIDE * SIDE).fill(0.6), SIDE).every((value) => value === 0));
});

test("luminance: white where the picture is transparent; a blur of one radius is the mean of what there is", () => {
  assertClose(luminance([255, 255, 255, 255, 0, 0, 0, 0, 0, 0, 0, 255, 255, 0, 0, 255]), [1, 1, 0, 0.299], 1e-3);
  assertClose(blurred(Float32Array.from([1, 2, 3, 4]), 2, 1), [2.5, 2.5, 2.5, 2.5]);
  assertClose(blurred(Float32Array.from([9, 0, 0, 0, 0, 0, 0, 0, 0]), 3, 1), [2.25, 1.5, 0, 1.5, 1, 0, 0, 0, 0]);
});

test("what a network makes of an image, in words", () => {
  const first = "Reconstruction MSE 0.0500 per pixel (test images: 0.0300).";
  const payload = { class_names: ["cat", "dog"], mse: 0.03, categories: null, nouns: "classes", conditional: null };
  const own = { mse: 0.05, y: null, near: [1, 1, 0], condition: null };
  assert.equal(ownWords(own, payload), `${first} Of the 3 nearest test codes 2 are dog, 1 are cat.`);
  const conditional = { ...payload, conditional: "classes" };
  assert.match(ownWords({ ...own, condition: 1 }, conditional), /Of the classes, dog reconstructs it best/);
  const y = Float32Array.from([0.004, 0.996]);
  assert.match(ownWords({ ...own, y }, { ...payload, categories: "classes" }), /q\(y\|x\): dog 100 %\.$/);
  assert.match(ownWords({ ...own, y }, { ...payload, categories: "clusters" }), /q\(y\|x\): cluster 1 100 %\.$/);
});
