import assert from "node:assert/strict";
import { test } from "node:test";

import {
  areMerges, choose, countsOf, errorOf, errorOfNames, membersOf, merge, nameRow, rowsOf, split, UNNAMED,
} from "../../aae/web/math/clusters.js";
import { matchingWords, ownWords, paperWords } from "../../aae/web/panels/cluster-errors.js";

/** @typedef {import("../../aae/web/math/clusters.js").Choice} Choice */

const CLUSTERS = [0, 0, 0, 1, 1, 2, 3], LABELS = [1, 1, 0, 0, 0, 1, 2];
const COUNTS = countsOf(CLUSTERS, LABELS, 4, 3);
/** @type {Choice} */
const NONE = { merged: [], named: [] };

test("images are counted by cluster and class", () => {
  assert.deepEqual(COUNTS, [[1, 2, 0], [2, 0, 0], [0, 1, 0], [0, 0, 1]]);
});

test("rows join the first, also those that had others; the first name stays; split undoes it", () => {
  const named = nameRow(NONE, 2, 1), two = merge(named, [rowsOf(4, named)[1], rowsOf(4, named)[2]]);
  const told = rowsOf(4, two).map(({ clusters, name }) => [clusters, name]);
  assert.deepEqual(told, [[[0], null], [[1, 2], 1], [[3], null]]);
  const rows = rowsOf(4, two), all = merge(two, [rows[2], rows[1], rows[0]]);
  assert.deepEqual(rowsOf(4, all), [{ first: 3, clusters: [3, 1, 2, 0], name: 1 }]);
  assert.ok(areMerges(all.merged, 4));
  assert.deepEqual(rowsOf(4, split(all, 3)).map(({ clusters }) => clusters), [[0], [1], [2], [3]]);
  assert.equal(rowsOf(4, split(all, 3))[2].name, 1);
  assert.deepEqual(nameRow(named, 2, null), NONE);
  assert.deepEqual(NONE, { merged: [], named: [] });
});

test("a merge onto a row with a name keeps that name", () => {
  const named = nameRow(nameRow(NONE, 0, 2), 1, 0), rows = rowsOf(4, named);
  assert.equal(rowsOf(4, merge(named, [rows[0], rows[1]]))[0].name, 2);
});

for (const [pairs, fine] of /** @type {[[number, number][], boolean][]} */ ([
  [[[1, 0], [2, 0]], true], [[], true], [[[1, 0], [0, 2]], false], [[[1, 1]], false], [[[1, 0], [1, 2]], false],
  [[[4, 0]], false], [[[0, 4]], false],
])) {
  test(`merges ${JSON.stringify(pairs)} can ${fine ? "" : "not "}be`, () => assert.equal(areMerges(pairs, 4), fine));
}

test("the error counts images under another name or none, and what the best names would leave", () => {
  const named = nameRow(nameRow(NONE, 0, 1), 1, 2), rows = rowsOf(4, named);
  assert.deepEqual(errorOf(rows, COUNTS), { wrong: 5, unnamed: 2, least: 1, n: 7 });
  const merged = rowsOf(4, merge(named, [rows[0], rows[1]]));
  assert.deepEqual(errorOf(merged, COUNTS), { wrong: 5, unnamed: 2, least: 2, n: 7 });
  assert.deepEqual(errorOfNames([1, 0, 1, 2], COUNTS), { wrong: 1, unnamed: 0, least: 1, n: 7 });
  assert.equal(errorOfNames([1, 0, UNNAMED, 2], COUNTS).wrong, 2);
});

test("members are in the order of confidence; both ends, or a sample without repeats", () => {
  const order = Int32Array.from([6, 5, 4, 3, 2, 1, 0]), members = membersOf([0, 2], CLUSTERS, order);
  assert.deepEqual([...members], [5, 2, 1, 0]);
  assert.deepEqual([...choose(members, "most", 2)], [5, 2]);
  assert.deepEqual([...choose(members, "least", 2)], [0, 1]);
  assert.deepEqual([...choose(members, "random", 9)].sort(), [0, 1, 2, 5]);
  assert.equal(new Set(choose(members, "random", 3)).size, 3);
  assert.deepEqual([...choose(members, "random", 2, () => 0.999)], [0, 5]);
  assert.deepEqual([...choose(new Int32Array(0), "least", 2)], []);
});

/** @param {object} payload */
function shown(payload, revealed = true) {
  const assigned = { clusters: null, confidence: null, order: null, counts: COUNTS };
  const scores = { named: [1, 0, 1, 2], matched: [1, 0, UNNAMED, 2], mutual_information: 0.75 };
  const usual = { data_title: "MNIST", noun: "digit", recorded: 0.25, recorded_by: "training", scores };
  return /** @type {any} */ ({ assigned, revealed, payload: { ...usual, ...payload } });
}

test("before the labels are revealed no number of them is said", () => {
  const named = nameRow(NONE, 0, 1), [number, words] = ownWords(rowsOf(4, named), shown({}, false));
  assert.equal(number, "");
  assert.equal(words, "1 of 4 rows are named, with 42.9\u00a0% of the 7 test images.");
});

test("each error is said with what it counts", () => {
  const [own, ownText] = ownWords(rowsOf(4, nameRow(NONE, 0, 1)), shown({}));
  assert.equal(own, "error 71.43\u00a0%");
  assert.match(ownText, /^5 of 7 test images .* \(4 of them are in a row without a name\)\. /);
  assert.match(ownText, / would leave 14.29\u00a0%\.$/);
  const [paper, paperText] = paperWords(shown({}));
  assert.equal(paper, "error 14.29\u00a0%");
  assert.match(paperText, /Named by training images, in the run's file: 25.00\u00a0%\.$/);
  const [matching, matchingText] = matchingWords(shown({}));
  assert.equal(matching, "error 28.57\u00a0%");
  assert.match(matchingText, /left over \(1 cluster, 1 image\) count as wrong/);
  assert.match(matchingText, /0\.75/);
});

test("without the images the paper's error is the one that the file has", () => {
  const absent = /** @type {any} */ ({ ...shown({ scores: null }), assigned: null });
  assert.equal(paperWords(absent)[0], "error 25.00\u00a0%");
  assert.match(ownWords(rowsOf(4, NONE), absent)[1], /^0 of 4 rows are named; .*MNIST/);
});
