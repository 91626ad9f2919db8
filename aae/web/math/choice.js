/** Which test image comes next, among all or among those of one class. */

/**
 * The next image in a direction, around the ends; the same where there is no other.
 * @param {ArrayLike<number>} labels of the images
 * @param {number} from
 * @param {1 | -1} step
 * @param {number | null} only the class that is chosen from; null: any
 */
export function following(labels, from, step, only) {
  const n = labels.length;
  for (let k = 1; k <= n; k++) {
    const i = (((from + step * k) % n) + n) % n;
    if (only === null || labels[i] === only) return i;
  }
  return from;
}

/**
 * One of the images, each as likely; -1 where there is none.
 * @param {ArrayLike<number>} labels
 * @param {number | null} only
 * @param {number} share a random number from 0 to 1
 */
export function anyOf(labels, only, share) {
  const fit = Array.from(labels, (_, i) => i).filter((i) => only === null || labels[i] === only);
  return fit[Math.min(Math.floor(share * fit.length), fit.length - 1)] ?? -1;
}
