/** How well a score separates odd images from normal ones: what is above a threshold, and the curves over all. */

/**
 * Points of the ROC and the precision-recall curve, one for each distinct threshold from the highest score down; the
 * first lies above all scores.
 * @typedef {object} Curve
 * @property {number[]} threshold
 * @property {number[]} fpr share of the normal images at or above it
 * @property {number[]} tpr share of the odd images at or above it: the recall
 * @property {number[]} precision share of odd ones among what is at or above it
 */

/**
 * The scores in ascending order.
 * @param {ArrayLike<number>} scores
 */
export function ordered(scores) {
  return Float32Array.from(scores).sort();
}

/**
 * How many of ordered scores are below a threshold.
 * @param {Float32Array} scores ascending
 * @param {number} threshold
 */
export function below(scores, threshold) {
  let low = 0, high = scores.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (scores[middle] < threshold) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * The score below which a share of ordered scores lies.
 * @param {Float32Array} scores ascending
 * @param {number} share in [0, 1]
 */
export function quantile(scores, share) {
  return scores[Math.min(scores.length - 1, Math.floor(share * scores.length))];
}

/**
 * The rates at a threshold; precision is null where nothing is at or above it.
 * @param {Float32Array} normal ascending
 * @param {Float32Array} odd ascending
 * @param {number} threshold
 */
export function rates(normal, odd, threshold) {
  const falsely = normal.length - below(normal, threshold), rightly = odd.length - below(odd, threshold);
  const found = falsely + rightly;
  return { fpr: falsely / normal.length, tpr: rightly / odd.length, precision: found ? rightly / found : null };
}

/**
 * @param {Float32Array} normal ascending
 * @param {Float32Array} odd ascending
 * @returns {Curve}
 */
export function curveOf(normal, odd) {
  const curve = { threshold: [Infinity], fpr: [0], tpr: [0], precision: [1] };
  let [i, j] = [normal.length, odd.length];
  while (i > 0 || j > 0) {
    const threshold = Math.max(normal[i - 1] ?? -Infinity, odd[j - 1] ?? -Infinity);
    while (i > 0 && normal[i - 1] >= threshold) i--;
    while (j > 0 && odd[j - 1] >= threshold) j--;
    const [falsely, rightly] = [normal.length - i, odd.length - j];
    curve.threshold.push(threshold);
    curve.fpr.push(falsely / normal.length);
    curve.tpr.push(rightly / odd.length);
    curve.precision.push(rightly / (falsely + rightly));
  }
  return curve;
}

/**
 * The area under the ROC curve: the probability that an odd image has a higher score than a normal one, ties half.
 * @param {Curve} curve
 */
export function auroc({ fpr, tpr }) {
  return fpr.reduce((sum, x, k) => (k ? sum + ((x - fpr[k - 1]) * (tpr[k] + tpr[k - 1])) / 2 : 0), 0);
}

/**
 * The mean precision over the recall, each step of the recall with its own.
 * @param {Curve} curve
 */
export function averagePrecision({ tpr, precision }) {
  return tpr.reduce((sum, x, k) => (k ? sum + (x - tpr[k - 1]) * precision[k] : 0), 0);
}

/**
 * Some points of a curve, evenly taken, with its first and its last.
 * @param {Curve} curve
 * @param {number} n at most, but for the last
 * @returns {Curve}
 */
export function thinned(curve, n) {
  const last = curve.threshold.length - 1, stride = Math.ceil((last + 1) / n);
  const some = (/** @type {number[]} */ values) => values.filter((_, i) => i % stride === 0 || i === last);
  return {
    threshold: some(curve.threshold), fpr: some(curve.fpr), tpr: some(curve.tpr), precision: some(curve.precision),
  };
}

/**
 * The share of scores in each of n equal cells of an axis [n]; what lies beyond is in the cells at its ends.
 * @param {ArrayLike<number>} scores
 * @param {(score: number) => number} place on the axis, from 0 to 1
 * @param {number} n
 */
export function shares(scores, place, n) {
  const counts = new Float64Array(n);
  for (let i = 0; i < scores.length; i++) {
    counts[Math.min(n - 1, Math.max(0, Math.floor(place(scores[i]) * n)))] += 1 / scores.length;
  }
  return counts;
}
