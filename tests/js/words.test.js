import assert from "node:assert/strict";
import { test } from "node:test";

import { wrapped } from "../../aae/web/math/words.js";
import { imageWords, markedWords, nearWords, placeWords, shownWords } from "../../aae/web/map/words.js";

const AROUND = { count: 12, expected: 97.2, distance: 0.2, nearest: [], radius: 0.15, dim: 2, other: false, of: null };

for (const [changes, words] of /** @type {[object, string][]} */ ([
  [{}, "12 test codes within 0.15 of z (the prior expects 97)."],
  [{ count: 1, expected: 0.3 }, "1 test code within 0.15 of z (the prior expects fewer than 1)."],
  [{ count: 0 }, "No test code within 0.15 of z (the prior expects 97), a hole: the decoder extrapolates here."],
  [{ count: 0, expected: 2 }, "No test code within 0.15 of z (the prior expects 2); the nearest is 0.20 away."],
  [{ count: 0, expected: 2, distance: 0.9 },
    "No test code within 0.15 of z (the prior expects 2); the nearest is 0.90 away: the decoder extrapolates here."],
  [{ count: 0, expected: null }, "No test code within 0.15 of z: the decoder extrapolates here."],
  [{ dim: 8, expected: null }, "12 test codes within 0.15 of z in all 8 dimensions."],
  [{ other: true }, "12 other test codes within 0.15 of z (the prior expects 97)."],
  [{ expected: null, of: "49 test codes of class 7" }, "12 of the 49 test codes of class 7 within 0.15 of z."],
  [{ count: 0, expected: null, of: "49 test codes of class 7" },
    "None of the 49 test codes of class 7 within 0.15 of z."],
])) {
  test(words, () => assert.equal(nearWords({ ...AROUND, ...changes }), words));
}

test("a place of two dimensions is the code, of more it is on a plane; nothing is -0.00", () => {
  assert.equal(placeWords([0.5, -0.001], 2), "z = (0.50, 0.00)");
  assert.equal(placeWords([0.5, -2], 8), "place (0.50, -2.00) on the plane");
});

test("what is shown, marked and looked at", () => {
  assert.equal(shownWords({ n: 49, other: false, marked: false, name: "7" }), "49 test codes of class 7");
  assert.equal(shownWords({ n: 49, other: true, marked: true, name: null }), "48 other marked test codes");
  assert.equal(imageWords(7, "cats"), "Test image 7, labelled cats: ");
  assert.match(markedWords(1234), /^1,234 images are marked/);
});

test("a text is wrapped between words, and an address that fits no line within it", () => {
  const fits = (/** @type {string} */ line) => line.length <= 10;
  assert.deepEqual(wrapped("a map of digits", fits), ["a map of", "digits"]);
  assert.deepEqual(wrapped("http://localhost/explore x", fits), ["http://loc", "alhost/exp", "lore x"]);
  assert.deepEqual(wrapped("", fits), []);
});
