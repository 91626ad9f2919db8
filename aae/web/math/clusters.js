/** Clusters of images, merged into rows and named: what is in a row, and how often the names are wrong. */

/** @typedef {[number, number]} Pair */

/**
 * What a visitor has made of the clusters.
 * @typedef {object} Choice
 * @property {Pair[]} merged a cluster, and the one whose row it joined
 * @property {Pair[]} named the first cluster of a row, and its class
 */

/**
 * Clusters that stand together.
 * @typedef {object} Row
 * @property {number} first the cluster that the others joined
 * @property {number[]} clusters the first one, then the others
 * @property {number | null} name its class
 */

export const UNNAMED = -1; // in place of a class

/**
 * How many images of each class are in each cluster [K][classes].
 * @param {ArrayLike<number>} clusters [N]
 * @param {ArrayLike<number>} labels [N]
 * @param {number} k
 * @param {number} classes
 */
export function countsOf(clusters, labels, k, classes) {
  const counts = Array.from({ length: k }, () => Array(classes).fill(0));
  for (let i = 0; i < clusters.length; i++) counts[clusters[i]][labels[i]]++;
  return counts;
}

/**
 * The rows of K clusters, by the number of their first ones.
 * @param {number} k
 * @param {Choice} choice
 * @returns {Row[]}
 */
export function rowsOf(k, { merged, named }) {
  const joined = new Map(merged), names = new Map(named);
  const firsts = Array.from({ length: k }, (_, each) => each).filter((each) => !joined.has(each));
  const others = (/** @type {number} */ first) => merged.filter(([, into]) => into === first).map(([each]) => each);
  return firsts.map((first) => ({ first, clusters: [first, ...others(first)], name: names.get(first) ?? null }));
}

/**
 * Whether the pairs of an address can be merges of K clusters: each joins once, and only what joined none is joined.
 * @param {Pair[]} merged
 * @param {number} k
 */
export function areMerges(merged, k) {
  const joined = new Set(merged.map(([each]) => each));
  return joined.size === merged.length && merged.every(([each, into]) => each < k && into < k && !joined.has(into));
}

/**
 * Let rows join the first of them; it takes the first name that one of them has.
 * @param {Choice} choice
 * @param {Row[]} rows two at least
 * @returns {Choice}
 */
export function merge(choice, [into, ...rows]) {
  const moved = rows.flatMap(({ clusters }) => clusters), name = [into, ...rows].find((row) => row.name !== null)?.name;
  const merged = choice.merged.filter(([each]) => !moved.includes(each));
  const next = { ...choice, merged: [...merged, .../** @type {Pair[]} */ (moved.map((each) => [each, into.first]))] };
  return name == null ? next : nameRow(next, into.first, name);
}

/**
 * Let the clusters of a row stand alone again.
 * @param {Choice} choice
 * @param {number} first
 * @returns {Choice}
 */
export function split(choice, first) {
  return { ...choice, merged: choice.merged.filter(([, into]) => into !== first) };
}

/**
 * Name the row of a cluster; null: take its name away.
 * @param {Choice} choice
 * @param {number} first
 * @param {number | null} name
 * @returns {Choice}
 */
export function nameRow(choice, first, name) {
  const others = choice.named.filter(([each]) => each !== first);
  return { ...choice, named: name === null ? others : [...others, [first, name]] };
}

/**
 * How many images of each class are in some clusters [classes].
 * @param {number[]} clusters
 * @param {number[][]} counts
 */
export function totalsOf(clusters, counts) {
  return (counts[0] ?? []).map((_, label) => sum(clusters.map((k) => counts[k][label])));
}

/** @param {number[]} values */
export function sum(values) {
  return values.reduce((a, b) => a + b, 0);
}

/**
 * How many images are in a row with another name, or none; how many in rows without one; and how many would be wrong
 * under the best name of each row.
 * @param {Row[]} rows
 * @param {number[][]} counts
 */
export function errorOf(rows, counts) {
  let wrong = 0, unnamed = 0, least = 0, n = 0;
  for (const { clusters, name } of rows) {
    const totals = totalsOf(clusters, counts), size = sum(totals);
    n += size;
    wrong += size - (name === null ? 0 : totals[name]);
    if (name === null) unnamed += size;
    least += size - Math.max(...totals);
  }
  return { wrong, unnamed, least, n };
}

/**
 * The same for clusters that stand alone, by their classes; UNNAMED: none.
 * @param {number[]} names [K]
 * @param {number[][]} counts
 */
export function errorOfNames(names, counts) {
  const rows = names.map((name, k) => ({ first: k, clusters: [k], name: name === UNNAMED ? null : name }));
  return errorOf(rows, counts);
}

/** @typedef {"most" | "least" | "random"} Which */

/**
 * The images of some clusters, the most confident first.
 * @param {number[]} clusters
 * @param {ArrayLike<number>} of the cluster of each image [N]
 * @param {Int32Array} order of the images by confidence, the highest first [N]
 */
export function membersOf(clusters, of, order) {
  return order.filter((i) => clusters.includes(of[i]));
}

/**
 * At most so many of a row's images: the most or the least confident ones, or others at each call.
 * @param {Int32Array} members the most confident first
 * @param {Which} which
 * @param {number} most
 * @param {() => number} random in [0, 1)
 */
export function choose(members, which, most, random = Math.random) {
  if (which === "most") return members.slice(0, most);
  if (which === "least") return members.slice(-most).reverse();
  const pool = members.slice(), n = Math.min(most, pool.length);
  for (let i = 0; i < n; i++) {
    const j = i + Math.floor(random() * (pool.length - i));
    [pool[i], pool[j]] = [pool[j], pool[i]];
  }
  return pool.slice(0, n);
}
