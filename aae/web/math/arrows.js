/** Arrows of gradients on a plane, drawn so long that most are seen and none covers the map. */

const TYPICAL = 0.06, LONGEST = 0.12; // of the square's side: nine tenths of the arrows, and all of them

/**
 * The arrows [m, 2] on the plane, one scale for all, but for the longest, which are cut off.
 * @param {ArrayLike<number>} pushes [m, D]
 * @param {number[][]} basis [2, D] of the plane
 * @param {number} side of the square that is shown
 */
export function arrowsOf(pushes, [right, up], side) {
  const n = pushes.length / right.length, arrows = new Float32Array(2 * n);
  for (let i = 0; i < n; i++) {
    for (let d = 0; d < right.length; d++) {
      arrows[2 * i] += pushes[i * right.length + d] * right[d];
      arrows[2 * i + 1] += pushes[i * right.length + d] * up[d];
    }
  }
  const lengths = Float32Array.from({ length: n }, (_, i) => Math.hypot(arrows[2 * i], arrows[2 * i + 1]));
  const usual = Float32Array.from(lengths).sort()[Math.floor(0.9 * (n - 1))];
  const scale = usual ? (TYPICAL * side) / usual : 0, most = LONGEST * side;
  return arrows.map((x, k) => x * Math.min(scale, most / (lengths[k >> 1] || 1)));
}
