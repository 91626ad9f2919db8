/** What the tests share: golden values, and numbers that are nearly equal. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

/** @param {string} name */
export function golden(name) {
  return JSON.parse(readFileSync(new URL(`golden/${name}.json`, import.meta.url), "utf8"));
}

/** @param {string} text base64 */
export function bufferOf(text) {
  return Uint8Array.from(Buffer.from(text, "base64")).buffer;
}

/**
 * A number, or one of the words for what JSON has no number for.
 * @param {number | string} value
 */
export function number(value) {
  return typeof value === "number" ? value : { inf: Infinity, "-inf": -Infinity, nan: NaN }[value];
}

/**
 * @param {ArrayLike<number>} actual
 * @param {ArrayLike<number>} expected
 * @param {number} within
 */
export function assertClose(actual, expected, within = 1e-4) {
  assert.equal(actual.length, expected.length);
  for (let i = 0; i < expected.length; i++) {
    const near = Object.is(actual[i], expected[i]) || Math.abs(actual[i] - expected[i]) <= within;
    assert.ok(near, `at ${i}: ${actual[i]} is not ${expected[i]}`);
  }
}
