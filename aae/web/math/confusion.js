/** Which images are in the cells of a confusion matrix: rows are labels, columns predicted classes. */

/** @typedef {[number, number]} Cell a label, and a predicted class */

/**
 * Images in an order, with their labels and predicted classes [N].
 * @typedef {object} Predictions
 * @property {ArrayLike<number>} labels
 * @property {ArrayLike<number>} predicted
 * @property {Int32Array} order
 */

/**
 * The images of a cell, in the order of all.
 * @param {Predictions} predictions
 * @param {Cell} cell
 * @returns {number[]}
 */
export function imagesIn({ labels, predicted, order }, [label, guess]) {
  return Array.from(order).filter((i) => labels[i] === label && predicted[i] === guess);
}

/**
 * How many images are off the diagonal.
 * @param {number[][]} counts [K][K]
 */
export function mistakesIn(counts) {
  return counts.reduce((total, row, k) => total + row.reduce((sum, n, j) => sum + (j === k ? 0 : n), 0), 0);
}

/**
 * How dark each cell is, from 0 to 1: off the diagonal its share of the largest count there; on it 0.
 * @param {number[][]} counts [K][K]
 * @returns {number[][]}
 */
export function shades(counts) {
  const most = Math.max(1, ...counts.map((row, k) => Math.max(0, ...row.filter((_, j) => j !== k))));
  return counts.map((row, k) => row.map((n, j) => (j === k ? 0 : n / most)));
}
