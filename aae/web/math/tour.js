/** Whether a step of a tour is done, by the address and by what is seen of maps and of the painter. */

/** @typedef {import("../payload-tour.js").TourGoal} TourGoal */
/**
 * @typedef {object} Facts
 * @property {URLSearchParams} query of the address
 * @property {URLSearchParams} start of the address at which the step begins
 * @property {import("../payload-tour.js").Sight[]} sights
 * @property {Set<number>} visited the places of the goal that the cursor has been at; it is added to
 */

/** @type {Record<TourGoal["kind"], (goal: TourGoal, facts: Facts) => boolean>} */
const MET = {
  held({ name, values }, { query, start }) {
    const text = query.get(name);
    if (text === null) return false;
    return values.length ? values.some((value) => text === value || text.split(",").includes(value))
      : text !== start.get(name);
  },
  empty: ({ name }, { sights }) => of(sights, name).some(({ isEmpty, place }) => isEmpty && place),
  visited({ name, places }, { sights, visited }) {
    for (const place of of(sights, name).flatMap(({ trail = [] }) => trail)) {
      places.forEach((circle, i) => { if (isIn(place, circle)) visited.add(i); });
    }
    return visited.size === places.length;
  },
  pinned: ({ name, places: [pair] }, { sights }) => of(sights, name).some(({ pinned = [] }) =>
    pair.every((label) => pinned.some((labels) => labels.includes(label))) && pinned.length >= pair.length),
  drawn: (_goal, { sights }) => sights.some(({ isDrawn }) => isDrawn),
  painted: (_goal, { sights }) => sights.some(({ isPainted }) => isPainted),
};

/**
 * @param {TourGoal} goal
 * @param {Facts} facts
 */
export function isMet(goal, facts) {
  return MET[goal.kind](goal, facts);
}

/**
 * What is seen of a run.
 * @param {Facts["sights"]} sights
 * @param {string} run
 */
function of(sights, run) {
  return sights.filter((each) => each.run === run);
}

/**
 * @param {ArrayLike<number>} place
 * @param {number[]} circle x, y, radius
 */
function isIn(place, [x, y, radius]) {
  return Math.hypot(place[0] - x, place[1] - y) <= radius;
}
