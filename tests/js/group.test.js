import assert from "node:assert/strict";
import { test } from "node:test";

import { enter, leave } from "../../aae/web/map/group.js";

function member() {
  /** @type {string[][]} */
  const heard = [];
  return { heard, changed: (/** @type {Set<string>} */ names) => void heard.push([...names]) };
}

test("members of one name share a state and hear of changes, of what really changed", () => {
  const [a, b, alone] = [member(), member(), member()], group = enter(a, "x");
  assert.equal(enter(b, "x"), group);
  const other = enter(alone);
  group.change({ fade: 0.5, only: null });
  assert.deepEqual([a.heard, b.heard, alone.heard], [[["fade"]], [["fade"]], []]);
  group.change({ fade: 0.5 });
  assert.equal(a.heard.length, 1);
  assert.notEqual(other.state.fade, 0.5);
  for (const each of [a, b]) leave(each, group);
});

test("a group ends with its last member, and begins with what is usual for its first", () => {
  const [a, b] = [member(), member()], group = enter(a, "y", { fade: 0.9 });
  assert.equal(group.state.fade, 0.9);
  leave(a, group);
  assert.equal(enter(b, "y").state.fade, 0.6);
  leave(b, group);
});

test("undo restores places, marks and classes, step by step", () => {
  const a = member(), group = enter(a);
  group.remember();
  group.change({ cursor: [1, 1], only: 3 });
  group.remember();
  group.change({ cursor: [2, 2], pins: [[2, 2]] });
  group.undo();
  assert.deepEqual([group.state.cursor, group.state.pins, group.state.only], [[1, 1], [], 3]);
  group.undo();
  assert.deepEqual([group.state.cursor, group.state.only], [[0, 0], null]);
  group.undo();
  assert.deepEqual(group.state.cursor, [0, 0]);
});
