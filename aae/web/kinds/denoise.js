/** A corrupted image, and what several models reconstruct of it. */

import { dress } from "../css.js";
import { fetchTestSet } from "../data/testset.js";
import { button, inkOf, make, write } from "../dom.js";
import { CleanImage } from "../panels/clean.js";
import { CorruptionPanel } from "../panels/corruption.js";
import { Curves, NO_MODEL } from "../panels/curves.js";
import { Damage } from "../panels/damage.js";
import { likenessWords, Restored } from "../panels/restored.js";
import { savable } from "../panels/savable.js";
import { Source } from "../panels/source.js";
import { readChoices, writeChoices } from "./choices.js";

/** @typedef {import("../payload-uses.js").DenoisePayload} DenoisePayload */
/** @typedef {import("../payload.js").Host} Host */

const STILL = 300; // ms without a change after which the address is written
const AGAIN = "encode and decode each reconstruction once more";

class Denoise {
  /**
   * @param {Element | ShadowRoot} root
   * @param {DenoisePayload} payload
   * @param {Host} host
   */
  constructor(root, payload, host) {
    const { shape } = payload, { choices, image, complaint } = readChoices(payload, host.link);
    this.payload = payload;
    this.host = host;
    this.choices = choices;
    /** @type {number | null} the test image; null: an own one */
    this.image = image;
    this.clean = new CleanImage(shape);
    /** @type {Record<string, import("../panels/restored.js").Figures>} by model */
    this.figures = {};
    this.tests = ""; // the address of the test images that are shown
    this.frame = this.paintings = 0;
    this.onpaint = (/** @type {{painting: number}} */ _painted) => {};
    this.source = new Source(payload, (pixels, { index }) => this.take(pixels, index));
    this.damage = new Damage(shape, {
      drawn: () => this.redraw(), dragged: (hole) => this.change({ hole }), lifted: () => this.redraw(),
    });
    this.panel = new CorruptionPanel(payload.corruptions, {
      choose: (change) => this.change(change), take: (tool) => this.use(tool), clear: () => this.damage.clear(),
    });
    this.restored = new Restored(shape, (error) => (error ? this.say(error, "alert") : this.redraw()));
    this.curves = new Curves();
    this.likeness = make("p", { className: "likeness" });
    this.again = button("encode again", () => this.change({ again: !this.choices.again }), { title: AGAIN });
    this.notice = make("p", { className: "notice", role: "status" });
    this.element = this.assemble();
    this.element.ontransitionend = () => this.redraw(); // another theme
    Object.assign(this.element, { denoise: this });
    root.append(this.element);
    dress(this.element);
    this.say(complaint);
    this.use(this.usualTool);
    this.update(payload);
  }

  assemble() {
    const part = (/** @type {string} */ name, /** @type {string} */ title, /** @type {HTMLElement[]} */ ...children) =>
      make("section", { className: name }, make("h4", {}, title), ...children);
    const { source, clean, damage, panel, restored, curves, likeness, again, notice, host } = this;
    const kept = (/** @type {HTMLElement} */ each, /** @type {string} */ name) =>
      savable(each, { name, of: () => this.choices.corruption, host });
    return make("div", { className: "pad denoise" },
      part("given", "Clean image", clean.element, source.element),
      part("spoilt", "Corrupted: draw on it", damage.element, likeness, panel.element),
      part("made", "Reconstructions", kept(restored.element, "Reconstructions"), again, notice,
        kept(curves.element, "PSNR and SSIM")));
  }

  /** What the pointer does when a corruption is chosen. */
  get usualTool() {
    return this.choices.corruption === "hole" ? "hole" : "pen";
  }

  /** @param {DenoisePayload} payload */
  update(payload) {
    this.payload = payload;
    this.restored.load(payload.models);
    this.curves.load(payload.figures, () => this.redraw());
    this.fetchTests();
    this.redraw();
  }

  /** The test images, where they are others than before. */
  async fetchTests() {
    const { payload } = this, address = payload.images ?? payload.codes;
    if (address === this.tests) return;
    this.tests = address;
    try {
      const tests = await fetchTestSet(payload);
      if (this.tests === address) this.source.take(tests, this.image);
    } catch (error) {
      this.tests = "";
      this.say(`The test images could not be fetched. ${error instanceof Error ? error.message : error}`, "alert");
    }
  }

  /**
   * @param {Float32Array} pixels
   * @param {number | null} index of a test image
   */
  take(pixels, index) {
    this.clean.take(pixels);
    this.image = index;
    this.redraw();
  }

  /** @param {Partial<import("./choices.js").Choices>} change */
  change(change) {
    Object.assign(this.choices, change);
    if (change.corruption) this.damage.tool = this.usualTool;
    this.redraw();
  }

  /** @param {import("../panels/corruption.js").Tool} tool */
  use(tool) {
    this.damage.tool = tool;
    this.redraw();
  }

  /** Draw in the next frame, once for all that changes until then; and write the address when nothing changes. */
  redraw() {
    this.frame ||= requestAnimationFrame(() => this.draw());
    clearTimeout(this.waiting);
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.waiting = setTimeout(() => this.write(), STILL);
  }

  draw() {
    const { choices: { corruption, strength, again }, clean: { pixels }, damage, element } = this;
    this.frame = 0;
    this.panel.show(this.choices, damage.tool, damage.isDrawn);
    this.again.setAttribute("aria-pressed", String(again));
    if (pixels) this.reconstruct(pixels);
    const chosen = this.payload.corruptions.find(({ name }) => name === corruption);
    if (chosen) this.curves.show(chosen, strength, this.figures);
    element.dataset.ready = String(Boolean(pixels && this.restored.isReady));
    this.onpaint({ painting: ++this.paintings });
  }

  /** @param {Float32Array} pixels clean */
  reconstruct(pixels) {
    const { clean, damage, choices } = this, measure = (/** @type {ArrayLike<number>} */ each) => clean.measure(each);
    const ink = inkOf(this.element), corrupted = damage.corrupt(pixels, choices);
    const seen = corrupted.map((value) => Math.min(Math.max(value, 0), 1)), own = measure(seen);
    clean.show(ink);
    damage.show(seen, ink);
    damage.mark(choices);
    write(this.likeness, likenessWords(own));
    const restored = this.restored.show(corrupted, choices.again ? 2 : 1, measure, ink);
    this.figures = { [NO_MODEL]: own, ...restored };
  }

  /** Write the address, unless a pointer is down. */
  write() {
    if (!this.damage.last && this.clean.pixels) writeChoices(this.payload, this.host.link, this.choices, this.image);
  }

  /**
   * @param {string} text
   * @param {"status" | "alert"} role
   */
  say(text, role = "status") {
    this.notice.setAttribute("role", role);
    write(this.notice, text);
  }

  /** What is shown, for tests. */
  snapshot() {
    const { choices, image, clean: { pixels: clean }, figures, damage, restored: { cards } } = this;
    const corrupted = clean && Array.from(damage.corrupt(clean, choices));
    const models = cards.map(({ model: { run }, pixels }) => ({ run, pixels: Array.from(pixels), ...figures[run] }));
    return { ...choices, image, clean: clean && Array.from(clean), corrupted, models, tool: damage.tool, figures };
  }

  close() {
    clearTimeout(this.waiting);
    cancelAnimationFrame(this.frame);
    this.source.close();
    this.element.remove();
  }
}

/**
 * @param {Element | ShadowRoot} root
 * @param {DenoisePayload} payload
 * @param {Host} host
 */
export function openDenoise(root, payload, host) {
  const denoise = new Denoise(root, payload, host);
  return { update: (/** @type {DenoisePayload} */ next) => denoise.update(next), close: () => denoise.close() };
}
