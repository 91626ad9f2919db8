/** Binary codes: on which side of hyperplanes a code lies, and in how many bits two of them differ. */

export const MAX_BITS = 64;
const WORD = 32; // bits

/**
 * The bits of codes, the first one lowest, in two words each [N, 2].
 * @param {ArrayLike<number>} codes [N, D]
 * @param {ArrayLike<number>} centre [D]
 * @param {ArrayLike<number>} directions [D, MAX_BITS]
 */
export function bitsOf(codes, centre, directions) {
  const dim = centre.length, n = codes.length / dim, words = new Uint32Array(2 * n);
  for (let i = 0; i < n; i++) {
    for (let b = 0; b < MAX_BITS; b++) {
      let sum = 0;
      for (let d = 0; d < dim; d++) sum += (codes[i * dim + d] - centre[d]) * directions[d * MAX_BITS + b];
      if (sum > 0) words[2 * i + Math.floor(b / WORD)] |= 1 << (b % WORD);
    }
  }
  return words;
}

/** @param {number} word of 32 bits */
function count(word) {
  let n = word - ((word >>> 1) & 0x55555555);
  n = (n & 0x33333333) + ((n >>> 2) & 0x33333333);
  return (((n + (n >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24;
}

/** @param {number} bits of a word that count */
function mask(bits) {
  return bits >= WORD ? 0xffffffff : bits <= 0 ? 0 : (1 << bits) - 1;
}

/**
 * In how many of the first bits codes differ from another [N].
 * @param {Uint32Array} words [N, 2]
 * @param {Uint32Array} query [2]
 * @param {number} bits
 */
export function distances(words, query, bits) {
  const low = mask(bits), high = mask(bits - WORD);
  return Uint8Array.from({ length: words.length / 2 }, (_, i) =>
    count((words[2 * i] ^ query[0]) & low) + count((words[2 * i + 1] ^ query[1]) & high));
}

/**
 * The nearest, by distance, then by number.
 * @param {Uint8Array} apart
 * @param {number} n
 * @param {number | null} without this one
 */
export function nearestOf(apart, n, without = null) {
  const at = Array.from({ length: MAX_BITS + 1 }, () => /** @type {number[]} */ ([]));
  apart.forEach((distance, i) => { if (i !== without && at[distance].length < n) at[distance].push(i); });
  return at.flat().slice(0, n);
}

/**
 * The first bits as booleans.
 * @param {Uint32Array} words [2]
 * @param {number} bits
 */
export function bitList(words, bits) {
  return Array.from({ length: bits }, (_, b) => ((words[Math.floor(b / WORD)] >>> (b % WORD)) & 1) === 1);
}
