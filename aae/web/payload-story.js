/** What Home gives to the browser: a story in scenes; the rest in payload.js. */

/** @typedef {import("./payload.js").LivePayload} LivePayload */
/** @typedef {import("./payload.js").MapPayload} MapPayload */
/** @typedef {import("./payload.js").StylePayload} StylePayload */

/**
 * A scene of the story: a sentence, and what it is of.
 * @typedef {object} StoryScene
 * @property {string} title
 * @property {string} text
 * @property {"pixels" | "maps" | "style" | "film"} picture
 * @property {string} address of what it shows, a StoryPicture
 * @property {string} page where one goes on
 * @property {Record<string, string | string[]>} parameters of that page's address
 * @property {string} label of the link to it
 * @property {string} note small, beside the link
 */

/**
 * The story of Home, a scene at a time.
 * @typedef {object} StoryPayload
 * @property {"story"} kind
 * @property {StoryScene[]} scenes
 */

/**
 * What a scene of the story shows: maps of one group, and where they differ from other maps at first.
 * @typedef {object} StoryPicture
 * @property {(MapPayload | StylePayload | LivePayload)[]} maps
 * @property {string[]} layers
 * @property {number} fade
 * @property {[number, number] | null} cursor a place
 * @property {number | null} image that is looked at
 */

export {};
