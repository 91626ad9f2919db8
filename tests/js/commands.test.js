import assert from "node:assert/strict";
import { test } from "node:test";

import { COMMANDS, commandOf } from "../../aae/web/commands/table.js";
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

test("a key finds its command, capital or small; one that the map lacks does not", () => {
  const map = /** @type {any} */ ({ payload: { has_prior: false, percentile_std: 1 }, part: () => undefined });
  assert.equal(commandOf(map, "G")?.name, "stretch");
  assert.equal(commandOf(map, "Escape")?.name, "escape");
  assert.equal(commandOf(map, "ArrowUp")?.name, "move");
  assert.equal(commandOf(map, "m"), undefined);
  assert.equal(commandOf(map, "Tab"), undefined);
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
