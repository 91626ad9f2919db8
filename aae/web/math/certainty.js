/** The class with the largest q(y|x), and how certain it is. */

/**
 * The first class with the largest probability.
 * @param {ArrayLike<number>} q [K]
 */
export function largest(q) {
  let most = 0;
  for (let k = 1; k < q.length; k++) if (q[k] > q[most]) most = k;
  return most;
}

/**
 * From 0, where all classes are equally likely, to 1, where one has all probability.
 * @param {ArrayLike<number>} q [K]
 */
export function certainty(q) {
  return q.length > 1 ? Math.max(0, (q[largest(q)] * q.length - 1) / (q.length - 1)) : 1;
}
