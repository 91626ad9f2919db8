/** Numbers in words. */

/**
 * A share in percent.
 * @param {number} share in [0, 1]
 */
export function percent(share) {
  return `${(100 * share).toFixed(1)}\u00a0%`;
}
