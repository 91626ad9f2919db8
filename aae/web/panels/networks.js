/** The networks and how they are joined: the phase that is at work is lit, as in the paper's algorithm. */

import { make, write } from "../dom.js";

/** @typedef {import("../payload.js").Phase} Phase */

const LIT = 1200; // ms that a phase is lit; in truth it takes milliseconds
const SLOWED = " (slowed down: each step does all)";

export class Networks {
  /** @param {Phase[]} phases of a step, in their order */
  constructor(phases) {
    this.phases = phases;
    this.caption = make("figcaption");
    this.element = make("figure", { className: "networks" });
    this.element.innerHTML = drawing(phases.some(({ name }) => name === "discriminator"), phases.length > 1);
    this.element.append(this.caption);
    /** @type {Phase[]} */
    this.lit = [];
    /** @type {ReturnType<typeof setInterval> | undefined} */
    this.running = undefined;
    this.light([phases[0]]);
  }

  /** @param {string[]} names of phases */
  choose(names) {
    this.light(this.phases.filter(({ name }) => names.includes(name)));
  }

  /**
   * Light what these phases train.
   * @param {Phase[]} lit
   * @param {string} more words
   */
  light(lit, more = "") {
    this.lit = lit;
    for (const part of this.element.querySelectorAll("[data-part]")) {
      const name = /** @type {SVGElement} */ (part).dataset.part ?? "";
      part.classList.toggle("lit", lit.some(({ parts }) => parts.includes(name)));
    }
    write(this.caption, lit.map(({ text }) => text).join(" ") + more);
  }

  /**
   * Light phase after phase while training runs.
   * @param {boolean} on
   */
  run(on) {
    if (on && this.running !== undefined) return;
    clearInterval(this.running);
    this.running = undefined;
    if (!on) return this.light(this.lit);
    const next = () => this.phases[(this.phases.indexOf(this.lit[0]) + 1) % this.phases.length];
    this.running = setInterval(() => this.light([next()], SLOWED), LIT);
  }

  close() {
    clearInterval(this.running);
  }

  snapshot() {
    const partOf = (/** @type {any} */ element) => element.dataset.part;
    return { lit: [...this.element.querySelectorAll("g.lit")].map(partOf), phases: this.lit.map(({ name }) => name) };
  }
}

/**
 * @param {string} part
 * @param {number} x
 * @param {number} y
 * @param {number} width
 */
function box(part, x, y, width) {
  return `<g data-part="${part}"><rect x="${x}" y="${y}" width="${width}" height="30" rx="5"/>
    <text x="${x + width / 2}" y="${y + 20}">${part}</text></g>`;
}

/**
 * @param {number} x
 * @param {number} y
 * @param {string} text
 */
function word(x, y, text) {
  return `<text x="${x}" y="${y}">${text}</text>`;
}

/**
 * @param {string} part
 * @param {string} path
 */
function arrow(part, path) {
  return `<path data-part="${part}" d="${path}" marker-end="url(#arrow)"/>`;
}

/**
 * The networks as SVG. Nothing of a payload goes into it.
 * @param {boolean} hasDiscriminator
 * @param {boolean} hasPrior
 */
function drawing(hasDiscriminator, hasPrior) {
  const scores = `${arrow("e5", "M196 32V62")}${box("discriminator", 146, 65, 100)}
    ${word(318, 85, "code, or prior?")}${arrow("e5", "M246 80H272")}`;
  const prior = word(90, 85, "prior") + arrow("e6", hasDiscriminator ? "M108 80H143" : "M108 76Q180 72 192 34");
  return `<svg viewBox="-12 0 424 ${hasPrior ? 100 : 40}" role="img" aria-label="The networks and how they are joined">
    <defs><marker id="arrow" viewBox="0 0 6 6" refX="5" refY="3" markerUnits="userSpaceOnUse" markerWidth="9"
    markerHeight="9" orient="auto-start-reverse"><path d="M0 0L6 3L0 6z"/></marker></defs>
    ${word(12, 24, "image")}${arrow("e1", "M36 19H62")}${box("encoder", 65, 4, 80)}${arrow("e2", "M145 19H178")}
    ${word(196, 24, "code")}${arrow("e3", "M212 19H247")}${box("decoder", 250, 4, 80)}${arrow("e4", "M330 19H360")}
    ${word(386, 24, "output")}${hasDiscriminator ? scores : ""}${hasPrior ? prior : ""}</svg>`;
}
