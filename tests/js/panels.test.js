import assert from "node:assert/strict";
import { test } from "node:test";

import { Training } from "../../aae/web/data/training.js";
import { accuracyWords, figureWords, leftWords, stateWords, whenWords } from "../../aae/web/map/training-words.js";
import { fromDigits, isEmpty, toDigits } from "../../aae/web/math/drawing.js";
import { bounds, centreOfMass, placement } from "../../aae/web/math/sketch.js";
import { sourceWords } from "../../aae/web/panels/nearest.js";
import { sharesAt } from "../../aae/web/panels/ring.js";
import { assertClose } from "./helpers.js";

test("a drawing is bounded, scaled into a box of 20 of 28 pixels, and not when images are small", () => {
  const ink = new Uint8Array(100).fill(0);
  for (const i of [22, 24, 43, 62]) ink[i] = 255;
  assert.deepEqual(bounds(ink, 10), { left: 2, top: 2, width: 3, height: 5 });
  assert.equal(bounds(new Uint8Array(100), 10), null);
  const { scale, x, y, byMass } = placement({ left: 2, top: 2, width: 3, height: 5 }, 28, 28, true);
  assertClose([scale, x, y], [4, 8, 4]);
  assert.ok(byMass && !placement({ left: 0, top: 0, width: 8, height: 8 }, 8, 8, true).byMass);
  const filled = placement({ left: 2, top: 2, width: 3, height: 5 }, 28, 28, false);
  assertClose([filled.scale, filled.x, filled.y], [5.6, 5.6, 0]);
  assert.ok(!filled.byMass);
  assert.deepEqual(centreOfMass([0, 0, 0, 3, 0, 1], 3), { x: 0.5, y: 1 });
});

test("a painted prior is a digit a cell, and read again; what is no drawing is empty", () => {
  const alpha = Uint8ClampedArray.from([0, 17, 255, 136]);
  assert.equal(toDigits(alpha), "01f8");
  assert.deepEqual([...fromDigits("01f8", 4)], [...alpha]);
  assert.deepEqual([...fromDigits("zz", 4)], [0, 0, 0, 0]);
  assert.ok(isEmpty("000") && isEmpty("") && !isEmpty("0a0"));
});

for (const n of [2, 10, 40]) {
  test(`the shares of ${n} classes sum to one, and the nearest has the most`, () => {
    const shares = sharesAt([0, -0.8], n);
    assertClose([shares.reduce((a, b) => a + b)], [1], 1e-9);
    assert.equal(shares.indexOf(Math.max(...shares)), 0);
    assertClose(sharesAt([0, 0], n), Array(n).fill(1 / n), 1e-9);
    assert.ok(sharesAt([1e3, 1e3], n).every(Number.isFinite));
  });
}

const PROGRESS = { status: "running", step: 10, steps: 100, epochs: 5, frames: [], history: [], seconds: 20 };

test("the words about a training", () => {
  assert.equal(stateWords({ ...PROGRESS, status: "queued", place: 3 }, true), "Queued, position 3.");
  assert.equal(stateWords(PROGRESS, true), "Starting…");
  assert.equal(stateWords(PROGRESS, false), "");
  assert.equal(stateWords({ ...PROGRESS, doing: "measuring" }, false), "Measuring…");
  assert.equal(leftWords(PROGRESS), ", about 3 min left");
  assert.equal(leftWords({ ...PROGRESS, seconds: 1 }), ", about 9 s left");
  assert.equal(leftWords({ ...PROGRESS, step: 0 }) + leftWords({ ...PROGRESS, status: "paused" }), "");
  assert.equal(whenWords(1.52, 20, "epoch"), "epoch 1.5 of 20");
  assert.equal(whenWords(12.4, 20, "minibatch"), "minibatch 12 of 20");
  const figures = { reconstruction_mse: 0.0359, prior_distance: 0.039, prior_distance_floor: 0.021 };
  assert.equal(figureWords(figures, "test", null),
    "On test images: reconstruction MSE 0.0359 per pixel; codes 1.9 times as far from the prior as draws of it.");
  assert.match(figureWords(figures, "training", "Gaussian"), /no prior: codes 1.9 times as far from the Gaussian as/);
  assert.match(figureWords({ ...figures, prior_distance_floor: 0 }, "test", null), /distance to the prior 0.039/);
  assert.match(accuracyWords(0.512), /images: 51 %/);
});

function training() {
  /** @type {boolean[]} */
  const news = [];
  const made = new Training("feed", [1, 8, 8], { news: (isNew) => news.push(isNew), gone() {}, silent() {} });
  return { made, news };
}

test("what a job tells is put together: moments in order, epochs once, though answers overlap", () => {
  const { made, news } = training(), record = (/** @type {number} */ epoch) => ({ epoch, reconstruction: epoch });
  made.receive({ ...PROGRESS, frames: [0, 10], history: [record(1), record(2)] });
  made.receive({ ...PROGRESS, frames: [10, 0, 20], history: [record(2), record(3)] });
  made.receive({ ...PROGRESS, status: "paused", frames: [0, 10, 20], history: [] });
  assert.deepEqual(made.moments.map(({ step, address }) => [step, address]),
    [[0, "feed/frames/0"], [10, "feed/frames/10"], [20, "feed/frames/20"]]);
  assert.deepEqual(made.history.map(({ epoch }) => epoch), [1, 2, 3]);
  assert.deepEqual(news, [false, false, true]);
});

test("the moment of a share, and while it is fetched, the last before it that is here", () => {
  const { made } = training();
  made.receive({ ...PROGRESS, frames: [0, 40, 80, 100] });
  const [first, , third] = made.moments;
  first.here = true;
  assert.deepEqual([made.at(0.8)?.latest, made.at(0.8)?.shown], [third, first]);
  third.here = true;
  assert.deepEqual([made.at(0.9)?.latest, made.at(0.9)?.shown], [third, third]);
  assert.equal(made.at(1)?.shown.step, 100);
  assert.equal(training().made.at(1), null);
});

test("a moment has the record of the last epoch that was over", () => {
  const { made } = training();
  made.receive({ ...PROGRESS, frames: [0, 50], history: [{ epoch: 1 }, { epoch: 2 }, { epoch: 3 }] });
  assert.deepEqual(made.moments.map((moment) => made.recordAt(moment)?.epoch), [undefined, 2]);
});

test("beside the nearest images it says what they are, and why reconstructions where there is a reason", () => {
  const here = { data_title: "MNIST", no_images: "" }, away = { ...here, no_images: "is not on this machine" };
  assert.equal(sourceWords(here, false, true, null), "the nearest test images");
  assert.equal(sourceWords(here, false, false, null), "reconstructions of the nearest test images");
  assert.equal(sourceWords(away, true, false, 3),
    "reconstruction of the test image as cluster 3 (MNIST is not on this machine)");
});
