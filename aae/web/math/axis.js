/** An axis of scores: logarithmic where they are positive and spread over more than a decade, else linear. */

import { linearTicks, logTicks } from "./scales.js";

/** @typedef {import("./scales.js").Tick} Tick */

const WIDE = 10; // the ratio of two scores from which the axis is logarithmic

/**
 * @typedef {object} Axis
 * @property {number} low
 * @property {number} high
 * @property {(score: number) => number} place from 0 to 1 between them; of an infinite score beyond
 * @property {(place: number) => number} at the score at a place from 0 to 1; exact at both ends
 * @property {(n: number) => Tick[]} ticks about n
 */

/**
 * The axis that holds all finite scores.
 * @param {ArrayLike<number>[]} parts of ascending scores
 * @returns {Axis}
 */
export function axisOf(...parts) {
  const finite = parts.flatMap((scores) => endsOf(Array.from(scores).filter(Number.isFinite)));
  const [low, high] = finite.length ? [Math.min(...finite), Math.max(...finite)] : [0, 1];
  const isWide = low > 0 && high / low > WIDE;
  const [to, from] = isWide ? [Math.log, Math.exp] : [(/** @type {number} */ x) => x, (/** @type {number} */ x) => x];
  const span = to(high) - to(low) || 1;
  const ends = new Map([[0, low], [1, high]]); // the logarithm would round them
  return {
    low, high,
    place: (score) => (to(score) - to(low)) / span,
    at: (place) => ends.get(place) ?? from(to(low) + place * span),
    ticks: (n) => (isWide ? logTicks(low, high, n) : linearTicks(low, high, n)),
  };
}

/** @param {number[]} scores */
function endsOf(scores) {
  return scores.length ? [scores[0], scores[scores.length - 1]] : [];
}
