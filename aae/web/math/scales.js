/** Scales and ticks of axes, linear and logarithmic. */

/** @typedef {{value: number, text: string}} Tick */

const STEPS = [1, 2, 5, 10]; // of a power of ten
const LOG_STEPS = [[1, 2, 5], [1, 3], [1]]; // ever fewer ticks in a decade

/**
 * A function from a domain to a range.
 * @param {ArrayLike<number>} domain
 * @param {ArrayLike<number>} range
 */
export function linearScale(domain, range) {
  const span = domain[1] - domain[0] || 1;
  return (/** @type {number} */ x) => range[0] + ((x - domain[0]) / span) * (range[1] - range[0]);
}

/**
 * A function from a domain of positive numbers to a range, equal ratios at equal lengths.
 * @param {ArrayLike<number>} domain
 * @param {ArrayLike<number>} range
 */
export function logScale(domain, range) {
  const scale = linearScale([Math.log(domain[0]), Math.log(domain[1])], range);
  return (/** @type {number} */ x) => scale(Math.log(x));
}

/**
 * About n round numbers from low to high.
 * @param {number} low
 * @param {number} high
 * @param {number} n
 * @returns {Tick[]}
 */
export function linearTicks(low, high, n) {
  if (!(high > low)) return [{ value: low, text: roundText(low, 1) }];
  const step = roundStep((high - low) / n), first = Math.ceil(low / step - 1e-9);
  const count = Math.floor(high / step + 1e-9) - first + 1;
  const values = Array.from({ length: count }, (_, i) => (first + i) * step);
  return values.map((value) => ({ value, text: roundText(value, step) }));
}

/**
 * The smallest of 1, 2, 5, 10, ... that is no less than a positive number.
 * @param {number} least
 */
export function roundStep(least) {
  const power = 10 ** Math.floor(Math.log10(least));
  return power * (STEPS.find((step) => step * power >= least * (1 - 1e-9)) ?? 10);
}

/**
 * @param {number} value
 * @param {number} step
 */
function roundText(value, step) {
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  return (value === 0 ? 0 : value).toFixed(Math.min(decimals, 20));
}

/**
 * Round numbers from low to high on a logarithmic axis, n at most: 1, 2, 5 of each decade, or 1 and 3, or powers.
 * @param {number} low positive
 * @param {number} high
 * @param {number} n
 * @returns {Tick[]}
 */
export function logTicks(low, high, n) {
  const decades = Math.ceil(Math.log10(high / low)) + 1, first = Math.floor(Math.log10(low));
  const within = (/** @type {number} */ x) => x >= low * (1 - 1e-9) && x <= high * (1 + 1e-9);
  const every = (/** @type {number[]} */ steps, k = 1) =>
    Array.from({ length: decades + 1 }, (_, i) => first + i)
      .filter((power) => power % k === 0)
      .flatMap((power) => steps.map((step) => step * 10 ** power))
      .filter(within);
  const choices = [...LOG_STEPS.map((steps) => every(steps)), ...[2, 3, 5, 10].map((k) => every([1], k))];
  const values = choices.find((choice) => choice.length <= n && choice.length > 1);
  if (!values) return linearTicks(low, high, n - 1); // within a part of a decade
  return values.map((value) => ({ value, text: shortNumber(value) }));
}

/**
 * A number in three digits at most.
 * @param {number} x
 */
export function shortNumber(x) {
  const size = Math.abs(x);
  if (size !== 0 && (size < 1e-3 || size >= 1e5)) return x.toExponential(0).replace("e+", "e");
  return String(Number(x.toPrecision(3)));
}
