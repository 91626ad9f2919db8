import assert from "node:assert/strict";
import { test } from "node:test";

import { readChoices, writeChoices } from "../../aae/web/kinds/choices.js";
import { bestWords, rangeOf } from "../../aae/web/panels/curves.js";
import { likenessWords } from "../../aae/web/panels/restored.js";

const CORRUPTIONS = [{ name: "gaussian" }, { name: "hole" }];
const PAYLOAD = /** @type {any} */ ({ n: 20, class_names: ["a"], corruptions: CORRUPTIONS });

/** @param {string} query */
function linkOf(query) {
  /** @type {Record<string, string | null>} */
  const written = {};
  const write = (/** @type {Record<string, string | null>} */ parameters) => void Object.assign(written, parameters);
  return { written, link: { read: () => query, write, forget: () => {}, wrote: () => false, share: () => "" } };
}

test("what is chosen is written to the address and read again; what is usual is left out", () => {
  /** @type {import("../../aae/web/kinds/choices.js").Choices} */
  const choices = { corruption: "hole", strength: 0.25, draw: 3, hole: [0.5, 0.1], again: true };
  const { written, link } = linkOf("");
  writeChoices(PAYLOAD, link, choices, 7);
  const query = new URLSearchParams(/** @type {Record<string, string>} */ (written)).toString();
  assert.deepEqual(readChoices(PAYLOAD, linkOf(`?${query}`).link), { choices, image: 7, complaint: "" });
  const usual = readChoices(PAYLOAD, linkOf("?z=nonsense").link);
  assert.deepEqual([usual.image, usual.complaint, usual.choices.corruption], [0, "", "gaussian"]);
  writeChoices(PAYLOAD, link, usual.choices, null);
  assert.ok(Object.values(written).every((text) => text === null));
});

test("what an address cannot mean is named", () => {
  const { complaint } = readChoices(PAYLOAD, linkOf("?corruption=blur&strength=7&image=20").link);
  for (const each of ["corruption=blur", "strength=7", "image=20"]) assert.ok(complaint.includes(each), complaint);
});

const MEASURED = /** @type {any} */ ({
  strengths: [0, 0.5, 1],
  lines: [{ name: "no model", title: "corrupted image" }, { name: "ae", title: "AE" }],
  curves: { hole: {
    "no model": { psnr: [null, [12, 0.1], [8, 0.1]], ssim: [[1, 0], [0.3, 0.01], [-0.1, 0.01]] },
    "ae": { psnr: [[14, 0.1], [13, 0.04], [7, 0.1]], ssim: [[0.6, 0.01], [0.2, 0.01], [0.1, 0.01]] },
  } },
});

test("the highest curves at a strength are named, an unchanged image included", () => {
  const words = bestWords(MEASURED, "hole", 0.6);
  assert.match(words, /strength 0\.5.*PSNR AE \(13\.0 ± 0\.04\), highest SSIM corrupted image/);
  assert.match(bestWords(MEASURED, "hole", 0.2), /strength 0\.0.*PSNR corrupted image \(infinite\)/);
});

test("axes hold every point that is finite", () => {
  assert.deepEqual(rangeOf("psnr", [null, [12, 1], [8, 1], [21, 0]]), [5, 25]);
  assert.deepEqual([rangeOf("ssim", [[0.2, 0]]), rangeOf("ssim", [[-0.1, 0]])], [[0, 1], [-0.1, 1]]);
});

test("PSNR and SSIM in words", () => {
  assert.equal(likenessWords({ psnr: 12.34, ssim: 0.567 }), "PSNR\u00a012.3\u00a0dB, SSIM\u00a00.57");
  assert.match(likenessWords({ psnr: Infinity, ssim: 1 }), /∞/);
});
