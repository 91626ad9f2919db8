/** What the guided tour gives to the browser, a step at a time; the rest in payload.js. */

/**
 * By what is seen that a step of a tour is done.
 * @typedef {object} TourGoal
 * @property {"held" | "empty" | "visited" | "pinned" | "drawn" | "painted"} kind
 * @property {string} name of the parameter of the address that is held, or of the map's run
 * @property {string[]} values one of which the parameter holds; none: any other than at the beginning
 * @property {number[][]} places visited: circles [x, y, radius]; pinned: one pair of classes
 */

/**
 * A step of a guided tour; addresses are relative to the app.
 * @typedef {object} TourPayload
 * @property {"tour"} kind
 * @property {number} number
 * @property {number} of
 * @property {string} ask what is to be done
 * @property {string} answer once it is done
 * @property {TourGoal} goal
 * @property {string} here the address at which it begins
 * @property {string | null} back
 * @property {string | null} next
 * @property {string[]} kept parameters of the address that the next step keeps
 * @property {string | null} shown the address that shows it
 * @property {number[][]} path along which the cursor then moves
 * @property {number[][][]} strokes that are drawn on the board, in shares of its side
 * @property {boolean} paints whether a prior is painted
 */

/**
 * What a guided tour sees, and does to it.
 * @typedef {object} Staged
 * @property {() => Sight} sight
 * @property {(deed: Deed) => void} perform
 */

/**
 * What is seen of a map or painter.
 * @typedef {object} Sight
 * @property {string} [run]
 * @property {boolean} [isFull] whether it fills the screen
 * @property {[number, number] | null} [place] where the cursor was put
 * @property {[number, number][]} [trail] where the cursor has been since the last look
 * @property {boolean} [isEmpty] whether no code is near the cursor
 * @property {number[][]} [pinned] the classes of the images around each pin
 * @property {boolean} [isDrawn] whether an image of one's own is drawn
 * @property {boolean} [isPainted] whether a prior is painted
 */

/** @typedef {{run: string, path: number[][], strokes: number[][][], paints: boolean}} Deed as in TourPayload */

export {};
