/** Long work in slices, between which gestures and frames go on. */

/** @typedef {import("../map/latent-map.js").LatentMap} LatentMap */

const FREE = { slice: 8, rest: 4 }; // ms of work, ms until the next slice
const DRAGGED = { slice: 1, rest: 30 }; // a frame of a drag has 16 ms; a pointer may stay down for long

/**
 * Do cells one after the other, until all are done or nobody wants them any more.
 * @param {LatentMap} map
 * @param {number} n of cells
 * @param {{isWanted: () => boolean, step: (cell: number) => void, end: () => void}} work
 * @param {number} [cell] the next one
 */
export function inSlices(map, n, work, cell = 0) {
  if (map.closed || !work.isWanted()) return;
  const { slice, rest } = map.dragging ? DRAGGED : FREE, until = performance.now() + slice;
  while (cell < n && performance.now() < until) work.step(cell++);
  if (cell < n) setTimeout(() => inSlices(map, n, work, cell), rest);
  else work.end();
}
