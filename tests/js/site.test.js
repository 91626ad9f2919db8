/** What a page of a site is given, chooses and shows. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync } from "node:zlib";

import { unpacked } from "../../aae/web/data/fetch.js";
import { FIELDS, read, withChosen } from "../../aae/web/site/fields.js";
import { enclosing, shownOn } from "../../aae/web/site/shown.js";

const COLOURS = ["#0a8f9c", "#a0522d", "#7a7a00"];
const HERE = "https://site.example/any/path/compare.html";

/** @param {string} id */
function run(id, dim = 2) {
  const payload = { kind: "map", view: [0, 0, 1], radius: 0.1, conditional: null, data_title: "MNIST", dataset: "mnist",
    models: [{ run: id, colour: "#e07000" }] };
  const controls = { kind: "controls", group: "compare", epochs: [0, 10], runs: { [id]: id }, view: [], noun: "digit",
    prior_view: [0, 0, dim] };
  return { id, title: `the ${id}`, group: "Group", dim, caption: id, payload, controls, regularized: id !== "ae" };
}

/** @param {string} page @param {string} key @param {string[]} ids @returns {any} */
function data(page, key, ids) {
  const runs = ids.map((id) => run(id));
  return { page, title: "", about: "", key, usual: ids.slice(0, 2), most: 3, colours: COLOURS, runs };
}

test("an address names what is chosen, in its order, and leaves out what is usual", () => {
  const page = data("compare", "runs", ["ae", "vae", "aae"]);
  const { chosen, wrong } = read(page, "?runs=aae&runs=ae&runs=gone&pointer=image&z=1,2&seed=3");
  assert.deepEqual(chosen, { runs: ["aae", "ae"], pointer: ["image"], draws: ["none"], seed: ["0"] });
  assert.deepEqual(wrong, ['No model "gone" on this page; showing the ae, the aae.',
    'seed="3" in the address must be one of 0; showing 0.']);
  const link = withChosen(page, chosen, `${HERE}?z=1,2`);
  assert.equal(link, `${HERE}?z=1,2&runs=aae&runs=ae&pointer=image`);
  const usual = { runs: ["ae", "vae"], pointer: ["code"], draws: ["none"], seed: ["0"] };
  assert.equal(withChosen(page, usual, link), `${HERE}?z=1,2`);
});

test("every field gives something where the address names nothing", () => {
  for (const page of Object.keys(FIELDS).filter((name) => name !== "home")) {
    const given = data(page, FIELDS[page].find(({ title }) => title.startsWith("Run"))?.name ?? "", ["ae", "vae"]);
    const { chosen, wrong } = read(given, "");
    assert.deepEqual(wrong, []);
    assert.ok(shownOn(given, chosen).parts.length);
  }
});

test("maps side by side have one square, the radius of those with a prior, and epochs that all have", () => {
  const page = data("compare", "runs", ["ae", "vae"]), [ae, vae] = page.runs;
  Object.assign(ae.payload, { view: [2, 0, 1], radius: 5 });
  vae.controls.epochs = [10];
  Object.assign(vae, { draws: { marks: [[1, 2]], picture: "a.webp", caption: "draws" } });
  const shown = shownOn(page, { runs: ["ae", "vae"], pointer: ["image"], draws: ["the prior"] });
  const [controls, first, second] = shown.parts;
  assert.deepEqual([first.payload.marks, second.payload.marks], [[], [[1, 2]]]);
  assert.deepEqual(shown.pictures, [{ address: "a.webp", caption: "draws" }]);
  assert.deepEqual(first.payload.view, [1, 0, 2]);
  assert.deepEqual([first.payload.radius, first.payload.linked, first.payload.small], [0.1, "image", true]);
  assert.deepEqual([controls.payload.epochs, controls.payload.runs], [[10], { ae: "ae", vae: "vae" }]);
  assert.deepEqual(enclosing([[0, 0, 1], [0, 4, 1]]), [0, 2, 3]);
});

test("models side by side have colours of their own, and images by the longest codes", () => {
  const names = ["ae", "mine", "yours", "ours"], page = data("denoise", "restorers", names);
  page.runs[1] = run("mine", 15);
  page.runs[1].payload.dataset = "of mine";
  for (const { payload: { models: [model] } } of page.runs.slice(1)) model.colour = COLOURS[0];
  const [{ payload }] = shownOn(page, { dataset: ["MNIST"], restorers: names }).parts;
  assert.equal(payload.dataset, "of mine");
  assert.deepEqual(payload.models.map((/** @type {any} */ { colour }) => colour), ["#e07000", ...COLOURS]);
  assert.deepEqual(read(page, "?restorers=ours&restorers=yours&restorers=mine&restorers=ae").chosen.restorers,
    ["ours", "yours", "mine"]);
});

test("packed files are unpacked, others are left as they are", async () => {
  const bytes = Uint8Array.of(8, 0, 0, 0, 1), packed = Uint8Array.from(gzipSync(bytes)).buffer;
  assert.deepEqual(new Uint8Array(await unpacked(packed)), bytes);
  assert.deepEqual(new Uint8Array(await unpacked(bytes.buffer)), bytes);
  assert.equal((await unpacked(new ArrayBuffer(0))).byteLength, 0);
});
