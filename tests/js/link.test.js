import assert from "node:assert/strict";
import { test } from "node:test";

import { defaults, FIELDS, format, parse, runCalled, withParameters } from "../../aae/web/link/link.js";
import { MAX_PINS } from "../../aae/web/link/values.js";

/** @typedef {import("../../aae/web/link/link.js").LinkState} LinkState */

const CONTEXT = {
  images: 500, classes: 12, epochs: [0, 10], layouts: ["ae", "my run"], layers: ["prior", "radius"], colours: ["slant"],
  rows: { clusters: 16, classes: 12 },
  corruptions: ["hole"], scenes: 10,
};

/** @type {LinkState} */
const FULL = {
  z: [0.5, -1.25], pins: [[0, 0], [1.5, -2]], image: 77, digit: 11, view: { x: 0.1, y: -0.2, half: 1.5 }, only: 3,
  layers: ["prior"], fade: 0.25, stretch: true, epoch: 10, layout: "my run", sample: true, moment: 0.5, colour: "slant",
  merged: [[4, 0], [5, 0]], named: [[0, 11], [15, 2]], revealed: true, members: "least",
  corruption: "hole", cell: [[4, 9]], strength: 0.4, draw: 12, hole: [0.25, 0.5], again: true, scene: 10,
};

test("what is written is read again, every field", () => {
  assert.deepEqual(Object.keys(FULL).sort(), Object.keys(FIELDS).sort());
  const href = withParameters("http://x/explore?run=aae", format(FULL));
  const { state, misread } = parse(new URL(href).search, CONTEXT);
  assert.deepEqual(state, FULL);
  assert.deepEqual(misread, []);
  assert.ok(href.includes("run=aae") && href.includes("pins=0,0;1.5,-2"));
});

test("defaults are left out of an address, and removed from it", () => {
  const href = withParameters("http://x/?z=1,1&pins=0,0&run=aae", format(defaults()));
  assert.equal(href, "http://x/?run=aae");
  assert.deepEqual(parse("", CONTEXT), { state: defaults(), misread: [] });
});

test("a run that was renamed is found by the number that it keeps", () => {
  const runs = ["aae", "Heart #1f3a", "mine #00ff"];
  for (const run of runs) assert.equal(runCalled(run, runs), run);
  assert.equal(runCalled("mine #1f3a", runs), "Heart #1f3a");
  for (const text of ["vae", "", "#12", "mine #9999", "#1f3a and more"]) assert.equal(runCalled(text, runs), null);
  const context = { ...CONTEXT, layouts: ["Heart #1f3a"] };
  assert.deepEqual(parse("?layout=mine+%231f3a", context).misread, []);
});

test("no layer at all is not the same as the usual ones", () => {
  const { layers } = format({ layers: [] });
  assert.equal(layers, "");
  assert.deepEqual(parse("?layers=", CONTEXT).state.layers, []);
});

for (const [name, text] of [
  ["z", "abc"], ["z", "1"], ["z", "nan,1"], ["z", "1,2,3"], ["z", ",1"], ["z", "1e999,0"], ["z", "<script>,1"],
  ["pins", "0,0;x"], ["pins", Array(MAX_PINS + 1).fill("1,1").join(";")], ["image", "500"], ["image", "-1"],
  ["image", "²"], ["image", "9".repeat(5000)], ["digit", "12"], ["only", "1.5"], ["view", "0,0,0"],
  ["view", "0,0,-1"], ["view", "0,0"],
  ["layers", "prior,nonsense"], ["fade", "1.5"], ["fade", ""], ["stretch", "yes"], ["epoch", "5"], ["layout", "vae"],
  ["moment", "-0.1"], ["colour", "weight"],
  ["merged", "4:0,0:1"], ["merged", "4:4"], ["merged", "16:0"], ["merged", "4:0,4:1"], ["merged", "4"], ["merged", ""],
  ["named", "0:12"], ["named", "16:0"], ["named", "3:1,3:2"], ["named", "1:2:3"], ["named", "a:b"], ["named", "1.5:2"],
  ["revealed", "maybe"], ["members", "best"],
  ["corruption", "blur"], ["strength", "2"], ["draw", "-1"], ["hole", "0.5"], ["again", "yes"],
  ["scene", "11"], ["scene", "0"],
]) {
  test(`${name}=${text.slice(0, 20)} gives the default and is listed`, () => {
    const { state, misread } = parse(`?${new URLSearchParams({ [name]: text })}`, CONTEXT);
    assert.deepEqual(state, defaults());
    assert.deepEqual(misread.map((each) => each.name), [name]);
    assert.ok(misread[0].rule && misread[0].text.length <= 40);
  });
}

test("one bad value does not spoil the others, nor those of others", () => {
  const { state, misread } = parse("?z=1,2&image=x&run=%00&seed=abc", CONTEXT);
  assert.deepEqual([state.z, misread.length], [[1, 2], 1]);
});

test("numbers keep six digits", () => assert.equal(format({ z: [1 / 3, -1e-7] }).z, "0.333333,-1e-7"));
