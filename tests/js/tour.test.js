import assert from "node:assert/strict";
import { test } from "node:test";

import { isMet } from "../../aae/web/math/tour.js";

/** @typedef {import("../../aae/web/payload-tour.js").TourGoal} TourGoal */

/** @param {TourGoal["kind"]} kind @param {Partial<TourGoal>} more @returns {TourGoal} */
const goal = (kind, more = {}) => ({ kind, name: "ae", values: [], places: [], ...more });
/** @param {import("../../aae/web/payload-tour.js").Sight[]} sights @param {string} query @param {string} start */
const facts = (sights, query = "", start = "") => ({
  sights, query: new URLSearchParams(query), start: new URLSearchParams(start), visited: new Set(),
});

test("a parameter is held where it has another value than at the beginning, or one of those that are asked for", () => {
  const any = goal("held", { name: "image" }), one = goal("held", { name: "layers", values: ["regions"] });
  const met = (/** @type {TourGoal} */ each, /** @type {string} */ query, start = "") =>
    isMet(each, facts([], query, start));
  assert.deepEqual([met(any, ""), met(any, "image=3"), met(any, "image=0", "image=0"), met(any, "image=1", "image=0")],
    [false, true, false, true]);
  assert.deepEqual([met(one, "layers=prior"), met(one, "layers=prior,regions"), met(one, "layers=regions")],
    [false, true, true]);
});

test("a place counts as empty where the map's words say so, on the map of the run, where the cursor was put", () => {
  const empty = goal("empty");
  const met = (/** @type {any} */ sight) => isMet(empty, facts([sight]));
  assert(met({ run: "ae", place: [1, 1], isEmpty: true }) && met({ run: "ae", place: [-8, -6], isEmpty: true }));
  for (const sight of [
    { run: "ae", place: [1, 1], isEmpty: false },
    { run: "vae", place: [1, 1], isEmpty: true }, { run: "ae", place: null, isEmpty: true }, { run: "ae" },
  ]) assert(!met(sight), JSON.stringify(sight));
});

test("places are visited one after the other, in any order", () => {
  const visit = goal("visited", { places: [[0, 0, 1], [5, 5, 1]] }), known = facts([{ run: "ae", trail: [[5, 5]] }]);
  assert(!isMet(visit, known));
  known.sights = [{ run: "ae", trail: [] }, { run: "vae", trail: [[0, 0]] }, { run: "ae" }];
  assert(!isMet(visit, known));
  known.sights = [{ run: "ae", trail: [[3, 3], [0.5, 0.5], [3, 3]] }];
  assert(isMet(visit, known));
});

test("two pins have the classes around them, whichever comes first", () => {
  const pinned = goal("pinned", { places: [[4, 9]] });
  const met = (/** @type {number[][]} */ ...pins) => isMet(pinned, facts([{ run: "ae", pinned: pins }]));
  assert(met([4, 4], [9, 4]) && met([9], [1], [4]));
  assert(!met([4, 9]) && !met([4], [4]) && !met());
});

test("what is drawn or painted is done", () => {
  assert(isMet(goal("drawn"), facts([{ isDrawn: false }, { isDrawn: true }])) && !isMet(goal("drawn"), facts([{}])));
  assert(isMet(goal("painted"), facts([{ isPainted: true }])) && !isMet(goal("painted"), facts([])));
});
