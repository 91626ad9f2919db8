/** What the scenes of a story show, and the files of it: fetched before a scene is opened. */

import { resolve } from "./fetch.js";

/** @typedef {import("../payload-story.js").StoryPicture} StoryPicture */

const FILES = ["decoder", "codes", "decoder_rest", "scene", "timeline"]; // of a map, the first needed first

export class Pictures {
  constructor() {
    /** @type {Map<string, Promise<StoryPicture>>} by their addresses */
    this.kept = new Map();
  }

  /**
   * Fetched once; what fails is tried again. Throws an Error that says what is wrong.
   * @param {string} address
   */
  get(address) {
    const kept = this.kept.get(address) ?? fetchPicture(address);
    this.kept.set(address, kept);
    kept.catch(() => this.kept.delete(address));
    return kept;
  }

  /**
   * Fetch what a scene shows into the browser's cache, one file after the other; what fails is fetched when it is due.
   * @param {string} address
   */
  async prepare(address) {
    try {
      for (const map of (await this.get(address)).maps) {
        for (const name of FILES) {
          const file = /** @type {Record<string, any>} */ (map)[name];
          if (typeof file === "string") await (await fetch(resolve(file))).arrayBuffer();
        }
      }
    } catch {} // eslint-disable-line no-empty
  }
}

/**
 * @param {string} address
 * @returns {Promise<StoryPicture>}
 */
async function fetchPicture(address) {
  const answer = await fetch(resolve(address));
  if (!answer.ok) throw new Error(await answer.text());
  return answer.json();
}
