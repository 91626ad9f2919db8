/** Files of tensors (.safetensors): eight bytes of header length, a JSON header, then the values. */

/** @typedef {Float32Array | Uint8Array | Int8Array | Int32Array} Values */
/** @typedef {{values: Values, shape: number[]}} Tensor */
/** @typedef {Record<string, Tensor>} Tensors */
/** @typedef {{dtype: string, shape: number[], data_offsets: [number, number]}} Entry */

const LENGTH_BYTES = 8;
const MAX_HEADER = 10_000_000; // bytes: a longer header is no header

/** @type {Record<string, (bytes: ArrayBuffer) => Values>} */
const READERS = {
  F16: (bytes) => halvesToFloats(new Uint16Array(bytes)),
  F32: (bytes) => new Float32Array(bytes),
  I8: (bytes) => new Int8Array(bytes),
  I32: (bytes) => new Int32Array(bytes),
  U8: (bytes) => new Uint8Array(bytes),
};

/**
 * The value of an IEEE 754 half-precision number, with subnormals, infinities and NaN.
 * @param {number} bits
 */
export function halfToFloat(bits) {
  const sign = bits & 0x8000 ? -1 : 1, exponent = (bits >> 10) & 31, fraction = bits & 1023;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * 2 ** (exponent - 15) * (1 + fraction / 1024);
}

/** @type {Float32Array | undefined} the value of each of the 65,536 halves, made when first needed */
let table;

/** @param {Uint16Array} halves */
export function halvesToFloats(halves) {
  const values = (table ??= Float32Array.from({ length: 65536 }, (_, bits) => halfToFloat(bits)));
  const floats = new Float32Array(halves.length);
  for (let i = 0; i < halves.length; i++) floats[i] = values[halves[i]]; // from() takes far longer
  return floats;
}

/**
 * The tensors of a file by name. Throws an Error that says what is wrong with it.
 * @param {ArrayBuffer} buffer
 * @returns {Tensors}
 */
export function parseTensors(buffer) {
  const { header, begin } = parseHeader(buffer);
  /** @type {Tensors} */
  const tensors = {};
  for (const [name, entry] of Object.entries(header)) {
    if (name !== "__metadata__") tensors[name] = readTensor(name, entry, buffer, begin);
  }
  return tensors;
}

/**
 * @param {ArrayBuffer} buffer
 * @returns {{header: Record<string, Entry>, begin: number}}
 */
function parseHeader(buffer) {
  if (buffer.byteLength < LENGTH_BYTES) throw new Error(`a file of ${buffer.byteLength} bytes holds no tensors`);
  const length = Number(new DataView(buffer).getBigUint64(0, true)), begin = LENGTH_BYTES + length;
  if (length > MAX_HEADER || begin > buffer.byteLength) throw new Error(`its header of ${length} bytes is cut off`);
  const text = new TextDecoder().decode(new Uint8Array(buffer, LENGTH_BYTES, length));
  return { header: JSON.parse(text), begin };
}

/**
 * @param {string} name
 * @param {Entry} entry
 * @param {ArrayBuffer} buffer
 * @param {number} begin of the values, in bytes
 * @returns {Tensor}
 */
function readTensor(name, { dtype, shape, data_offsets: [from, to] }, buffer, begin) {
  const read = READERS[dtype];
  if (!read) throw new Error(`${name} has the type ${dtype}: only ${Object.keys(READERS).join(", ")} can be read`);
  if (from < 0 || to < from || begin + to > buffer.byteLength) throw new Error(`${name} is cut off`);
  const values = read(buffer.slice(begin + from, begin + to));
  if (values.length !== shape.reduce((product, n) => product * n, 1)) {
    throw new Error(`${name} has ${values.length} values where its shape ${JSON.stringify(shape)} asks for others`);
  }
  return { values, shape };
}

/**
 * The values of a tensor of floats. Throws an Error where it is missing or of another type.
 * @param {Tensors} tensors
 * @param {string} name
 * @returns {Float32Array}
 */
export function floatsOf(tensors, name) {
  const values = tensors[name]?.values;
  if (!(values instanceof Float32Array)) throw new Error(`the tensor ${name} is missing, or holds no floats`);
  return values;
}

/**
 * The values of a tensor of bytes. Throws an Error where it is missing or of another type.
 * @param {Tensors} tensors
 * @param {string} name
 * @returns {Uint8Array}
 */
export function bytesOf(tensors, name) {
  const values = tensors[name]?.values;
  if (!(values instanceof Uint8Array)) throw new Error(`the tensor ${name} is missing, or holds no bytes`);
  return values;
}
