/** A painted prior as text: a hexadecimal digit for each cell, row by row from the top left, how opaque it is. */

/**
 * @param {ArrayLike<number>} alpha from 0 to 255
 */
export function toDigits(alpha) {
  return Array.from(alpha, (value) => Math.round(value / 17).toString(16)).join("");
}

/**
 * The opacity of each cell, from 0 to 255; of a text that is no drawing of so many cells, none.
 * @param {string} digits
 * @param {number} cells
 */
export function fromDigits(digits, cells) {
  const alpha = new Uint8ClampedArray(cells);
  if (digits.length === cells && /^[0-9a-f]*$/.test(digits)) {
    for (let i = 0; i < cells; i++) alpha[i] = 17 * parseInt(digits[i], 16);
  }
  return alpha;
}

/**
 * Whether nothing is drawn.
 * @param {string} digits
 */
export function isEmpty(digits) {
  return !/[1-9a-f]/.test(digits);
}
