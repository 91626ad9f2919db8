import assert from "node:assert/strict";
import { test } from "node:test";

import { classColour, haloOf, rankColour, shorten, shortNames } from "../../aae/web/math/colours.js";

const FASHION = [
  "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot",
];

test("digits keep their names", () => {
  const digits = Array.from({ length: 10 }, (_, k) => String(k));
  assert.deepEqual(shortNames(digits), digits);
});

test("names are cut to the fewest letters that tell them apart", () => {
  assert.deepEqual(shortNames(FASHION), ["T-", "Tr", "P", "D", "C", "Sa", "Sh", "Sn", "B", "A"]);
  assert.deepEqual(shortNames(["cats", "dogs"]), ["c", "d"]);
  assert.deepEqual(shortNames(["1", "10", "2"]), ["1", "10", "2"]);
});

for (const names of [
  Array.from({ length: 100 }, (_, k) => `class ${k}`), Array.from({ length: 100 }, (_, k) => String(k)),
  ["same", "same"], ["🙂", "🙃"], [" a", "a"], ["only"], ["", "x"],
]) {
  test(`short names are unique and not empty: ${names.slice(0, 3)} (${names.length})`, () => {
    const short = shortNames(names);
    assert.equal(new Set(short).size, names.length);
    assert.ok(short.every((name) => name && [...name].length <= 3));
  });
}

test("after the last colour the palette begins again", () => {
  assert.deepEqual([0, 1, 2, 3, 99].map((label) => classColour(["a", "b", "c"], label)), ["a", "b", "c", "a", "a"]);
});

test("ranks run from blue over grey to yellow", () => {
  const [blue, grey, yellow] = ["rgb(43 80 184)", "rgb(128 128 128)", "rgb(214 158 0)"];
  assert.deepEqual([-1, 0, 0.5, 1, 2].map(rankColour), [blue, blue, grey, yellow, yellow]);
});

test("a long name is cut by letters, not by code units", () => {
  assert.equal(shorten("short", 9), "short");
  assert.equal(shorten("🙂🙂🙂🙂", 3), "🙂🙂…");
});

test("a name of a dark colour on a dark map has an outline of the ink, else of the ground", () => {
  const [white, dark] = ["#ffffff", "#191814"];
  const on = (/** @type {string} */ ground, /** @type {string} */ ink) =>
    ["#1147ff", "#c50009", "#3193ff"].map((colour) => haloOf(colour, ground, ink));
  assert.deepEqual([on(dark, white), on(white, dark)], [[white, white, dark], [white, white, white]]);
});
