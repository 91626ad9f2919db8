/** The standard normal distribution, for percentile axes. */

/**
 * Φ(x), to 1e-7 (Abramowitz and Stegun 26.2.17).
 * @param {number} x
 */
export function normalCdf(x) {
  const t = 1 / (1 + 0.2316419 * Math.abs(x));
  const poly = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  const tail = 0.3989422804 * Math.exp((-x * x) / 2) * poly;
  return x > 0 ? 1 - tail : tail;
}

/**
 * The x whose Φ(x) is p, within ±5, by bisection.
 * @param {number} p
 */
export function normalQuantile(p) {
  let low = -5, high = 5;
  for (let i = 0; i < 50; i++) {
    const middle = (low + high) / 2;
    if (normalCdf(middle) < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/**
 * Independent draws of the standard normal distribution (Box and Muller).
 * @param {number} n
 * @param {() => number} random uniform in [0, 1)
 */
export function normals(n, random = Math.random) {
  return Float32Array.from({ length: n }, () =>
    Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()));
}
