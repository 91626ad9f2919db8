/** What a page of a site is given; as in aae/site/pages.py. */

/**
 * A run on a page.
 * @typedef {object} RunData
 * @property {string} id what links call it
 * @property {string} title
 * @property {string} group in choosers
 * @property {number} dim of its codes
 * @property {string} caption
 * @property {any} payload of what is mounted
 * @property {Record<string, object>} [planes] what differs in the payload on each plane
 * @property {{names: string[], words: string[]} | null} [labels] its decoder may be conditioned on
 * @property {Record<string, {payload: object, caption: string}>} [scores] of images, by their titles
 * @property {import("../payload.js").ControlsPayload} [controls] of it alone
 * @property {boolean} [regularized] whether its codes have a prior
 * @property {{marks: number[][], picture: string, caption: string}} [draws] of its prior, and what is decoded of them
 */

/**
 * @typedef {object} PageData
 * @property {string} page
 * @property {string} title nothing: what is mounted has its own
 * @property {string} about
 * @property {string} key of the address, which names the runs
 * @property {string[]} usual the runs that are shown first
 * @property {number} most runs that are shown at once
 * @property {string[]} colours of models that have none of their own
 * @property {RunData[]} runs
 * @property {any} [payload] of a page that has nothing to choose
 * @property {{address: string, text: string}[]} [links] where one can go on
 */

export {};
