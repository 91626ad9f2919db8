import assert from "node:assert/strict";
import { test } from "node:test";

import { normals } from "../../aae/web/math/normal.js";
import { crossEntropy, klToGaussian, squaredError, termsOf, total } from "../../aae/web/math/objective.js";
import { assertClose, golden } from "./helpers.js";

const expected = golden("objective");
const rows = expected.pixels.map((/** @type {number[]} */ pixels, /** @type {number} */ i) => ({
  pixels, decoded: expected.decoded[i], mean: expected.mean[i], std: expected.std[i], score: expected.scores[i],
}));

test("the terms of a loss are torch's", () => {
  const { prior_std: prior } = expected;
  for (const [i, { pixels, decoded, mean, std }] of rows.entries()) {
    assertClose([squaredError(pixels, decoded)], [expected.squared_error[i]]);
    assertClose([crossEntropy(pixels, decoded)], [expected.cross_entropy[i]]);
    assertClose([klToGaussian(mean, std, prior)], [expected.kl[i]]);
  }
});

test("a loss is what its model was trained with, weighted", () => {
  const [{ pixels, decoded, mean, std, score }] = rows, prior_std = expected.prior_std;
  const usual = { likelihood: "gaussian", regularizer: "none", weight: 3, prior_std };
  const of = (/** @type {any} */ changes, posterior = { mean, std }, d = score) =>
    termsOf({ ...usual, ...changes }, pixels, decoded, posterior, d);
  assertClose(of({}).map(({ value }) => value), [expected.squared_error[0]]);
  const vae = of({ likelihood: "bernoulli", regularizer: "kl" });
  assertClose(vae.map(({ value }) => value), [expected.cross_entropy[0], expected.kl[0]]);
  assertClose([total(vae)], [expected.cross_entropy[0] + 3 * expected.kl[0]]);
  assertClose(of({ regularizer: "adversarial" }).map(({ value }) => value),
    [expected.squared_error[0], expected.generator[0]]);
  assert.equal(of({ regularizer: "kl" }, { mean, std: null }).length, 1); // a place has no posterior
  assert.equal(of({ regularizer: "adversarial" }, undefined, null).length, 1);
});

test("black and white pixels have a finite cross-entropy", () => {
  assert.ok(Number.isFinite(crossEntropy([1, 0], [0, 1])));
  assert.equal(crossEntropy([1, 0], [1, 0]), 0);
});

test("normals have the moments of the standard normal distribution", () => {
  const draws = normals(20000), mean = draws.reduce((a, b) => a + b, 0) / draws.length;
  const variance = draws.reduce((a, b) => a + b * b, 0) / draws.length;
  assert.ok(Math.abs(mean) < 0.05 && Math.abs(variance - 1) < 0.06);
});
