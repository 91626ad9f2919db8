/** Numbers in words. */

/**
 * A share in percent.
 * @param {number} share in [0, 1]
 * @param {number} digits after the point
 */
export function percent(share, digits = 1) {
  return `${(100 * share).toFixed(digits)}\u00a0%`;
}
