import assert from "node:assert/strict";
import { test } from "node:test";

import { addressOf, stepOf } from "../../aae/web/math/story.js";
import { COMMANDS } from "../../aae/web/commands/table.js";

test("keys go on and back, arrows only where nothing else has a use for them", () => {
  const keys = ["PageDown", "PageUp", "ArrowRight", "ArrowLeft", "a"];
  const steps = keys.map((key) => [stepOf(key, false), stepOf(key, true)]);
  assert.deepEqual(steps, [[1, 1], [-1, -1], [1, 0], [-1, 0], [0, 0]]);
});

test("no key of a map is one of the story's while the map has the focus", () => {
  for (const key of COMMANDS.flatMap(({ keys }) => keys)) assert.equal(stepOf(key, true), 0, key);
});

test("a link holds a scene's parameters, then what the visitor changed", () => {
  const address = addressOf("compare", { runs: ["ae", "my run"], draws: "the prior" }, { fade: "0.8", layers: "prior" },
    { fade: "0.5", image: null, layers: null });
  const query = new URLSearchParams(address.replace("compare?", ""));
  assert.deepEqual([...query], [["runs", "ae"], ["runs", "my run"], ["draws", "the prior"], ["fade", "0.5"]]);
});
