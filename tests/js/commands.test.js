import assert from "node:assert/strict";
import { test } from "node:test";

import { COMMANDS, commandOf, mapFor } from "../../aae/web/commands/table.js";
import { effectOf, MESSAGES, startState } from "../../aae/web/map/messages.js";

/** @param {(string | string[])[]} values */
function assertUnique(values) {
  const all = values.flat();
  assert.deepEqual([...new Set(all)], all);
}

test("commands have names, keys and labels of their own, and say what they do", () => {
  assertUnique(COMMANDS.map(({ name }) => name));
  assertUnique(COMMANDS.map(({ keys }) => keys));
  assertUnique(COMMANDS.map(({ label }) => label).filter(Boolean));
  for (const { name, keys, shown, help, label } of COMMANDS) {
    assert.ok(keys.length && shown && help.length > label.length, name);
    assert.ok(keys.every((key) => key.length > 1 || key === key.toLowerCase()), name);
  }
});

test("a key finds its command, capital or small", () => {
  const names = ["G", "g", "Escape", "ArrowUp", "?", "Tab", "F1"].map((key) => commandOf(key)?.name);
  assert.deepEqual(names, ["stretch", "stretch", "escape", "move", "keys", undefined, undefined]);
});

test("a command acts on its map, or where all share what it changes, on the first that has it", () => {
  const [bare, full] = [false, true].map((has) => /** @type {any} */ ({ payload: { has_prior: has } }));
  const named = (/** @type {string} */ name) => /** @type {any} */ (COMMANDS.find((each) => each.name === name));
  const [prior, save] = [named("prior"), named("save")];
  assert.equal(mapFor(prior, bare, [bare, full]), full);
  assert.equal(mapFor(prior, bare, [bare]), undefined);
  assert.equal(mapFor(prior, full, [bare, full]), full);
  assert.equal(mapFor(save, bare, [full]), bare);
  assert.equal(mapFor(prior, undefined, [bare, full]), full);
});

test("every message says what it is about, has a start and an effect", () => {
  for (const [name, { about, effect, start }] of Object.entries(MESSAGES)) {
    assert.ok(about.length > 10 && ["paint", "redraw"].includes(effect) && start !== undefined, name);
  }
  assert.deepEqual(Object.keys(startState()), Object.keys(MESSAGES));
  assertUnique(Object.values(MESSAGES).map(({ about }) => about));
});

test("the larger effect wins", () => {
  assert.equal(effectOf(["cursor", "view"]), "redraw");
  assert.equal(effectOf(["cursor", "peek"]), "paint");
});
