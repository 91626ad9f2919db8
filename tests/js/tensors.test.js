import assert from "node:assert/strict";
import { test } from "node:test";

import { bytesOf, floatsOf, halfToFloat, halvesToFloats, parseTensors } from "../../aae/web/math/tensors.js";
import { bufferOf, golden, number } from "./helpers.js";

const { halves, file, expected } = golden("tensors");

test("halves are what NumPy reads: subnormals, infinities, NaN and all", () => {
  const values = halves.values.map(number), table = halvesToFloats(Uint16Array.from(halves.bits));
  halves.bits.forEach((/** @type {number} */ bits, /** @type {number} */ i) => {
    const value = halfToFloat(bits);
    assert.ok(Object.is(value, values[i]) || Math.abs(value - values[i]) <= 1e-6 * Math.abs(values[i]));
    assert.ok(Object.is(table[i], Math.fround(value)));
  });
});

test("a file gives its tensors, with types and shapes", () => {
  const tensors = parseTensors(bufferOf(file));
  assert.deepEqual(Object.keys(tensors).sort(), Object.keys(expected).sort());
  for (const [name, { shape, values }] of Object.entries(expected)) {
    assert.deepEqual(tensors[name].shape, shape);
    values.map(number).forEach((/** @type {number} */ value, /** @type {number} */ i) => {
      assert.ok(Object.is(tensors[name].values[i], value) || Math.abs(tensors[name].values[i] / value - 1) < 1e-6);
    });
  }
});

/** @param {object} header @param {number} [values] bytes of them */
function made(header, values = 0) {
  const text = new TextEncoder().encode(JSON.stringify(header)), buffer = new ArrayBuffer(8 + text.length + values);
  new DataView(buffer).setBigUint64(0, BigInt(text.length), true);
  new Uint8Array(buffer, 8).set(text);
  return buffer;
}

for (const [what, buffer, words] of /** @type {[string, ArrayBuffer, RegExp][]} */ ([
  ["no file", new ArrayBuffer(3), /3 bytes/],
  ["a header that is longer than the file", made({}).slice(0, 9), /cut off/],
  ["values beyond the end", made({ a: { dtype: "F32", shape: [2], data_offsets: [0, 8] } }, 4), /a is cut off/],
  ["an unknown type", made({ a: { dtype: "F64", shape: [1], data_offsets: [0, 8] } }, 8), /F64/],
  ["another number of values", made({ a: { dtype: "U8", shape: [3], data_offsets: [0, 2] } }, 2), /a has 2 values/],
])) {
  test(`${what} is refused with its reason`, () => assert.throws(() => parseTensors(buffer), words));
}

test("a tensor that is missing or of another type is named", () => {
  const tensors = parseTensors(bufferOf(file));
  assert.throws(() => floatsOf(tensors, "byte"), /byte/);
  assert.throws(() => bytesOf(tensors, "nothing"), /nothing/);
});
