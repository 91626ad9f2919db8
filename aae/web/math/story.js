/** Which scene of a story follows, and where its link leads. */

/** @type {Record<string, number>} also those of a presenter's remote control */
const KEYS = { PageDown: 1, PageUp: -1, ArrowRight: 1, ArrowLeft: -1 };

/**
 * How many scenes a key goes on, or back; 0: it is none of the story's.
 * @param {string} key
 * @param {boolean} hasArrows whether what has the focus has a use for arrows of its own
 */
export function stepOf(key, hasArrows) {
  return hasArrows && key.startsWith("Arrow") ? 0 : KEYS[key] ?? 0;
}

/**
 * A page's address with these parameters; a later one of a name takes the place of those before.
 * @param {string} page
 * @param {Record<string, string | string[] | null>[]} parameters null: none of that name
 */
export function addressOf(page, ...parameters) {
  const query = new URLSearchParams();
  for (const [name, value] of parameters.flatMap((each) => Object.entries(each))) {
    query.delete(name);
    for (const text of value === null ? [] : [value].flat()) query.append(name, text);
  }
  return `${page}?${query}`;
}
