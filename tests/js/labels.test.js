import assert from "node:assert/strict";
import { test } from "node:test";

import { countLabelled, nextUnlabelled, readLabels, writeLabels } from "../../aae/web/math/labels.js";

test("labels are read from an address as they were written", () => {
  for (const labels of [[null, null, null], [3, null, 0], [9, 9, 9], [null, null, 12]]) {
    assert.deepEqual(readLabels(writeLabels(labels), 3, 20), labels);
  }
  assert.equal(writeLabels([3, null, 0]), "3..0");
});

test("what cannot be labels is not read", () => {
  for (const text of ["", "3.4", "3.4.5.6", "3.x.4", "3.10.4", "3.-1.4", "3. 1.4", "1e0.1.1", "3.4.123"]) {
    assert.equal(readLabels(text, 3, 10), null, text);
  }
});

test("the next image without a label is sought from here on, and then from the first", () => {
  assert.equal(nextUnlabelled([null, 1, null], 0), 0);
  assert.equal(nextUnlabelled([null, 1, null], 1), 2);
  assert.equal(nextUnlabelled([null, 1, 2], 1), 0);
  assert.equal(nextUnlabelled([4, 1, 2], 1), 1);
  assert.equal(countLabelled([null, 0, 2]), 2);
});
