import assert from "node:assert/strict";
import { test } from "node:test";

import { codesOf } from "../../aae/web/map/codes-file.js";
import { csv } from "../../aae/web/math/csv.js";

test("cells with commas, quotes and line breaks are quoted", () => {
  assert.equal(csv([["a,b", 'say "x"', "two\nlines"], ["plain", 1, -0.333333333]]),
    '"a,b","say ""x""","two\nlines"\r\nplain,1,-0.33333\r\n');
});

test("the file of a map has the codes that are shown", () => {
  const map = /** @type {any} */ ({
    n: 3, codes: Float32Array.from([0, 1, 2, 3, 4, 5]), plane: { origin: [0, 0] },
    shows: (/** @type {number} */ i) => i !== 1,
    nameOf: (/** @type {number} */ i) => ["cat", "dog", "owl, barn"][i],
  });
  assert.equal(codesOf(map), 'image,class,z0,z1\r\n0,cat,0,1\r\n2,"owl, barn",4,5\r\n');
});
