/** How the values in an address are written and read: anyone can write an address, so that reading is strict. */

/** @typedef {import("../math/geometry.js").Place} Place */
/** @typedef {import("../math/geometry.js").View} View */

/**
 * @template T
 * @typedef {object} Type
 * @property {string} rule in words
 * @property {(text: string) => T | undefined} read undefined: not understood
 * @property {(value: T) => string} write
 */

export const MAX_PINS = 50;
const MAX_PAIRS = 256;
const DIGITS = 6; // that count, of a number

const write = (/** @type {number} */ x) => String(Number(x.toPrecision(DIGITS)));

/** @param {string} text */
function readNumber(text) {
  const value = Number(text);
  return text.trim() !== "" && Number.isFinite(value) ? value : undefined;
}

/** @param {string} text */
function readNumbers(text) {
  const values = text.split(",").map(readNumber);
  return values.every((value) => value !== undefined) ? /** @type {number[]} */ (values) : undefined;
}

/** @param {string} text */
function readPlace(text) {
  const values = readNumbers(text);
  return values?.length === 2 ? /** @type {Place} */ (values) : undefined;
}

/** @type {Type<number>} */
export const WHOLE = {
  rule: "a whole number", read: (text) => (/^\d{1,6}$/.test(text) ? Number(text) : undefined), write: String,
};

/** @type {Type<number>} */
export const SHARE = {
  rule: "a number from 0 to 1",
  read(text) {
    const value = readNumber(text);
    return value !== undefined && value >= 0 && value <= 1 ? value : undefined;
  },
  write,
};

/** @type {Type<boolean>} */
export const SWITCH = {
  rule: "1 or 0",
  read: (text) => (text === "1" || text === "0" ? text === "1" : undefined),
  write: (value) => (value ? "1" : "0"),
};

/** @type {Type<Place>} */
export const PLACE = {
  rule: "two numbers such as 0.5,-1", read: readPlace, write: (place) => place.map(write).join(","),
};

/** @type {Type<Place[]>} */
export const PLACES = {
  rule: `places such as 0,0;1,0.5, ${MAX_PINS} at most`,
  read(text) {
    const places = text.split(";").map(readPlace), sound = places.every((place) => place !== undefined);
    return sound && places.length <= MAX_PINS ? /** @type {Place[]} */ (places) : undefined;
  },
  write: (places) => places.map(PLACE.write).join(";"),
};

/** @type {Type<View>} */
export const VIEW = {
  rule: "a centre and half a side such as 0,0,1.5",
  read(text) {
    const values = readNumbers(text) ?? [], [x, y, half] = values;
    return values.length === 3 && half > 0 ? { x, y, half } : undefined;
  },
  write: ({ x, y, half }) => [x, y, half].map(write).join(","),
};

/** @type {Type<string>} */
export const NAME = { rule: "a name", read: (text) => text || undefined, write: (text) => text };

/** @type {Type<string[]>} */
export const NAMES = {
  rule: "names such as prior,radius", read: (text) => (text ? text.split(",") : []), write: (names) => names.join(","),
};

/** @type {Type<[number, number][]>} */
export const PAIRS = {
  rule: "pairs of whole numbers such as 0:3,4:7",
  read(text) {
    const pairs = text.split(",").map((pair) => pair.split(":").map((number) => WHOLE.read(number)));
    const sound = pairs.length <= MAX_PAIRS && pairs.every((pair) => pair.length === 2 && !pair.includes(undefined));
    return sound ? /** @type {[number, number][]} */ (pairs) : undefined;
  },
  write: (pairs) => pairs.map((pair) => pair.join(":")).join(","),
};
