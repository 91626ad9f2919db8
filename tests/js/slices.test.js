import assert from "node:assert/strict";
import { test } from "node:test";

import { inSlices } from "../../aae/web/layers/slices.js";

const N = 576, CELL = 0.5, LIMIT = 60_000; // ms of a cell, of all

/**
 * Do cells on a clock that moves by them and by what is waited for.
 * @param {import("node:test").TestContext} context
 * @param {any} map
 * @param {(cell: number) => boolean} isWanted asked after each cell
 */
function work(context, map, isWanted = () => true) {
  let now = 0, longest = 0, ended = false, wanted = true;
  /** @type {number[]} */
  const done = [];
  /** @type {[() => void, number][]} */
  const waiting = [];
  context.mock.method(performance, "now", () => now);
  const wait = (/** @type {() => void} */ next, /** @type {number} */ rest) => waiting.push([next, rest]);
  context.mock.method(globalThis, "setTimeout", wait);
  const step = (/** @type {number} */ cell) => { done.push(cell); now += CELL; wanted = isWanted(cell); };
  inSlices(map, N, { isWanted: () => wanted, step, end: () => { ended = true; } });
  while (waiting.length && now < LIMIT) {
    const [next, rest] = waiting.splice(0, 1)[0], start = (now += rest);
    next();
    longest = Math.max(longest, now - start);
  }
  return { done, longest, ended, now };
}

for (const [dragging, most] of /** @type {[boolean, number][]} */ ([[false, 8], [true, 1]])) {
  test(`all cells are done once and in order, in slices; dragged: ${dragging}`, (context) => {
    const { done, longest, ended, now } = work(context, { dragging, closed: false });
    assert.deepEqual(done, Array.from({ length: N }, (_, i) => i));
    assert.ok(ended && longest <= most && now < 20_000, `${longest} ms at a time, ${now} ms in all`);
  });
}

test("work that nobody wants any more stops, and does not end", (context) => {
  const map = { dragging: false, closed: false };
  const left = work(context, map, (cell) => cell < 20);
  assert.ok(left.done.length < 40 && !left.ended);
  const closed = work(context, map, (cell) => { map.closed = cell >= 20; return true; });
  assert.ok(closed.done.length < 40 && !closed.ended);
});
