/** What maps are made of. */

/** @typedef {import("../link/link.js").LinkState} LinkState */
/** @typedef {import("../payload.js").AnyMapPayload} AnyMapPayload */
/** @typedef {import("./look.js").Look} Look */
/** @typedef {import("./messages.js").Shared} Shared */
/** @typedef {{sign: string, colour: string, text: string, ramp?: string}} Sign of a legend; ramp: a scale, as CSS */

/**
 * A layer that is painted on the map, or a panel beside it; every method may be missing.
 * @typedef {object} Part
 * @property {(payload: AnyMapPayload) => void} [load] another payload came
 * @property {() => void} [ready] the model is there
 * @property {(names: Set<keyof Shared>) => void} [changed] of the shared state
 * @property {() => void} [pressed] a drag begins
 * @property {() => void} [redraw] what is kept between frames
 * @property {(context: CanvasRenderingContext2D, size: number) => void} [paint] on the map
 * @property {(look: Look) => void} [show] what moves with every frame
 * @property {() => Sign[]} [legend]
 * @property {string} [says] a line of the readout
 * @property {() => Partial<LinkState>} [link] what the address holds of it
 * @property {(state: LinkState) => void} [restore] from the address
 * @property {() => object} [snapshot] for tests
 * @property {() => void} [conditioned] the decoder's condition changed
 * @property {() => void} [later] the address is to be written
 * @property {() => void} [flush] what is waiting is done now
 * @property {(strokes: number[][][]) => void} [trace] lines on a board, in shares of its side
 * @property {() => void} [close]
 */

export {};
