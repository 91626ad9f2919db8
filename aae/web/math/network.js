/** Networks as plain loops: an MLP with ReLU between its layers, and the decoder of images. */

import { bytesOf, floatsOf } from "./tensors.js";

/** @typedef {import("./tensors.js").Tensors} Tensors */
/**
 * @typedef {object} Layer
 * @property {Float32Array} weight [in, n]
 * @property {Float32Array} bias [n]
 * @property {number} n outputs
 * @property {Float32Array} out [n]
 * @property {Int32Array} active [in] room for the numbers of the inputs that are not 0
 * @property {Float32Array} [scale] of each column
 */

const LATER = 128, UNKNOWN = 63.5; // what the lower 7 bits are taken for until they are here

/** An MLP; weights are [in, out], so that a unit that is off costs nothing. */
export class Network {
  /** @param {Tensors} tensors weight0, bias0, weight1, ... */
  constructor(tensors) {
    /** @type {Layer[]} */
    this.layers = [];
    for (let i = 0; tensors[`bias${i}`]; i++) {
      const bias = floatsOf(tensors, `bias${i}`), n = bias.length;
      const weights = weightOf(tensors, i), active = new Int32Array(weights.weight.length / n);
      this.layers.push({ ...weights, bias, n, out: new Float32Array(n), active });
    }
    if (!this.layers.length) throw new Error("the network has no layers");
  }

  /**
   * Make weights exact of which only the upper bits were here.
   * @param {Tensors} tensors their lower bits: lower0, lower1, ...
   */
  refine(tensors) {
    for (const [i, { weight, n, scale }] of this.layers.entries()) {
      if (!scale || !tensors[`lower${i}`]) continue;
      bytesOf(tensors, `lower${i}`).forEach((bits, k) => { weight[k] += scale[k % n] * (bits - UNKNOWN); });
    }
  }

  /**
   * The output for an input; the array is used again by the next call.
   * @param {ArrayLike<number>} input
   * @param {Float32Array} firstBias
   */
  forward(input, firstBias = this.layers[0].bias) {
    accumulate(input, this.layers[0], firstBias, false);
    for (let i = 1; i < this.layers.length; i++) {
      accumulate(this.layers[i - 1].out, this.layers[i], this.layers[i].bias, true);
    }
    return this.layers[this.layers.length - 1].out;
  }
}

/**
 * The weights of a layer, and where they are its upper bits alone, the scale of each column.
 * @param {Tensors} tensors
 * @param {number} i
 */
function weightOf(tensors, i) {
  const upper = tensors[`upper${i}`]?.values;
  if (!upper) return { weight: floatsOf(tensors, `weight${i}`) };
  const scale = floatsOf(tensors, `scale${i}`), n = scale.length, weight = new Float32Array(upper.length);
  for (let k = 0; k < upper.length; k++) weight[k] = scale[k % n] * (LATER * upper[k] + UNKNOWN); // not from()
  return { weight, scale };
}

/**
 * out = bias + x W, with the ReLU of the layer before where it has one. Four rows of W at a time take half as long.
 * @param {ArrayLike<number>} x
 * @param {Layer} layer
 * @param {Float32Array} bias
 * @param {boolean} rectify
 */
function accumulate(x, { weight, n, out, active }, bias, rectify) {
  const count = activeInputs(x, active, rectify);
  out.set(bias);
  let k = 0;
  for (; k + 3 < count; k += 4) {
    const a = active[k], b = active[k + 1], c = active[k + 2], d = active[k + 3];
    const xa = x[a], xb = x[b], xc = x[c], xd = x[d], ra = a * n, rb = b * n, rc = c * n, rd = d * n;
    for (let j = 0; j < n; j++) {
      out[j] += xa * weight[ra + j] + xb * weight[rb + j] + xc * weight[rc + j] + xd * weight[rd + j];
    }
  }
  for (; k < count; k++) {
    const value = x[active[k]], row = active[k] * n;
    for (let j = 0; j < n; j++) out[j] += value * weight[row + j];
  }
}

/**
 * List the inputs that count; how many they are.
 * @param {ArrayLike<number>} x
 * @param {Int32Array} active that takes them
 * @param {boolean} rectify whether negative ones are 0
 */
function activeInputs(x, active, rectify) {
  let count = 0;
  for (let i = 0; i < x.length; i++) {
    if (x[i] !== 0 && !(rectify && x[i] < 0)) active[count++] = i;
  }
  return count;
}

/** A decoder of images; one that is conditioned on a class has a first bias for each. */
export class Decoder extends Network {
  /** @param {Tensors} tensors of the network, and "conditional" [K, hidden] of a conditional one */
  constructor(tensors) {
    super(tensors);
    /** @type {Float32Array[]} */
    this.conditional = tensors.conditional ? rows(floatsOf(tensors, "conditional"), tensors.conditional.shape) : [];
    this.bias = this.conditional[0] ?? this.layers[0].bias;
    this.version = 0; // another after each change of the condition
  }

  /**
   * Condition on one class or cluster; a decoder without a condition stays as it is.
   * @param {number} label
   */
  condition(label) {
    const bias = this.conditional[label] ?? this.conditional[0] ?? this.layers[0].bias;
    if (bias !== this.bias) this.version++;
    this.bias = bias;
  }

  /**
   * Condition on a mixture of classes.
   * @param {ArrayLike<number>} weights a share for each class; they sum to 1
   */
  mix(weights) {
    this.bias = this.biasOf(weights);
    this.version++;
  }

  /**
   * The first bias under a condition.
   * @param {number | ArrayLike<number> | null} condition a class, a share for each class, or the one conditioned on
   */
  biasOf(condition) {
    if (condition === null) return this.bias;
    if (typeof condition === "number") return this.conditional[condition] ?? this.bias;
    if (!this.conditional.length) return this.bias;
    const bias = new Float32Array(this.layers[0].n);
    this.conditional.forEach((row, k) => row.forEach((value, j) => { bias[j] += condition[k] * value; }));
    return bias;
  }

  /**
   * Pixels in [0, 1] of a code; the array is used again by the next call.
   * @param {ArrayLike<number>} z
   * @param {number | ArrayLike<number> | null} condition another one than that conditioned on
   */
  decode(z, condition = null) {
    const pixels = this.forward(z, this.biasOf(condition));
    for (let j = 0; j < pixels.length; j++) pixels[j] = 1 / (1 + Math.exp(-pixels[j]));
    return pixels;
  }
}

/**
 * @param {Float32Array} values
 * @param {number[]} shape [rows, columns]
 */
function rows(values, [n, width]) {
  return Array.from({ length: n }, (_, k) => values.subarray(k * width, (k + 1) * width));
}
