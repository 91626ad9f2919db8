/** A few images to be labelled by the visitor, one at a time; all labels are reported at once. */

import { dress } from "../css.js";
import { fetchTensors } from "../data/fetch.js";
import { button, contextOf, enable, inkOf, inkPixels, make, pictureOf, write } from "../dom.js";
import { countLabelled, nextUnlabelled, readLabels, writeLabels } from "../math/labels.js";
import { bytesOf } from "../math/tensors.js";

/** @typedef {import("../math/labels.js").Labels} Labels */
/** @typedef {import("../payload.js").Host} Host */
/** @typedef {import("../payload-uses.js").LabelPayload} LabelPayload */

const FIELD = "labels"; // of the address: which images, a colon, and their labels

class Labelling {
  /**
   * @param {Element | ShadowRoot} root
   * @param {LabelPayload} payload
   * @param {Host} host
   */
  constructor(root, payload, host) {
    this.payload = payload;
    this.host = host;
    /** @type {Map<string, Labels>} of all images that were shown, by what they are called */
    this.given = new Map();
    /** @type {Uint8Array | null} */
    this.images = null;
    this.here = 0;
    this.asked = ""; // the last report
    this.closed = false;
    this.canvas = make("canvas", { className: "digit", role: "img" });
    this.classes = make("div", { className: "classes", role: "group" });
    this.strip = make("div", { className: "ten", role: "group", "aria-label": "The images and their labels" });
    this.words = make("p", { className: "note", role: "status" });
    this.train = button("Train on my labels", () => this.report(), { className: "train" });
    this.element = make("div", { className: "pad labelling", tabIndex: 0, role: "group", "aria-label":
      "Images to be labelled: keys 0 to 9 label the image that is shown, left and right go to another one" },
    this.canvas, this.classes, this.strip, this.words, this.train);
    this.element.onkeydown = (event) => this.press(event);
    this.element.ontransitionend = () => this.redraw(); // another theme
    Object.assign(this.element, { labelling: this });
    root.append(this.element);
    dress(this.element);
    this.open();
  }

  /** @param {LabelPayload} payload */
  update(payload) {
    const isOther = payload.ten !== this.payload.ten || payload.images !== this.payload.images;
    this.payload = payload;
    if (isOther) this.open();
    else this.show();
  }

  /** Fetch the images, and begin with the labels that they were given before. */
  async open() {
    const { payload } = this;
    this.images = null;
    this.misread = this.restore();
    this.here = nextUnlabelled(this.labels, 0);
    [this.canvas.height, this.canvas.width] = payload.shape.slice(-2);
    this.classes.setAttribute("aria-label", `The ${payload.noun}`);
    this.classes.replaceChildren(...payload.class_names.map((name, k) => button(name, () => this.give(k))));
    this.strip.replaceChildren(...this.labels.map((_, i) => this.thumbnail(i)));
    this.show();
    try {
      const tensors = await fetchTensors(payload.images);
      if (this.payload.images !== payload.images || this.closed) return;
      this.images = bytesOf(tensors, "images");
      this.redraw();
    } catch (error) {
      write(this.words, `The images could not be fetched. ${error instanceof Error ? error.message : error}`);
    }
  }

  /** Take the labels of the address, if they are of these images; what is not understood there. */
  restore() {
    const { ten, n, class_names: names } = this.payload, known = this.given.get(ten);
    const text = new URLSearchParams(this.host.link.read()).get(FIELD) ?? "", [of, labels] = text.split(":");
    const read = of === ten ? readLabels(labels ?? "", n, names.length) : null;
    this.given.set(ten, known ?? read ?? Array(n).fill(null));
    const isOwn = !text || read || this.given.size > 1;
    this.save();
    return isOwn ? "" : `labels=${text.slice(0, 40)} in the address is not of these images; none is labelled. `;
  }

  /** @returns {Labels} of the images that are shown */
  get labels() {
    return this.given.get(this.payload.ten) ?? [];
  }

  /** @param {number} i */
  thumbnail(i) {
    const made = button("", () => this.look(i));
    made.append(make("span"));
    return made;
  }

  /** @param {number} i */
  look(i) {
    this.here = i;
    this.show();
    this.draw();
  }

  /** Label the image that is shown, and go on to the next. @param {number} label */
  give(label) {
    this.labels[this.here] = label;
    this.misread = "";
    this.save();
    this.look(nextUnlabelled(this.labels, this.here));
  }

  save() {
    const text = `${this.payload.ten}:${writeLabels(this.labels)}`;
    this.host.link.write({ [FIELD]: countLabelled(this.labels) ? text : null });
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    const { key } = event, step = { ArrowLeft: -1, ArrowRight: 1 }[key], label = /^\d$/.test(key) ? Number(key) : -1;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (step) this.look((this.here + step + this.labels.length) % this.labels.length);
    else if (label >= 0 && label < this.payload.class_names.length) this.give(label);
    else return;
    event.preventDefault();
  }

  report() {
    this.asked = `${Date.now()}-${Math.random()}`;
    this.show();
    this.host.report("chosen", { ten: this.payload.ten, labels: this.labels, asked: this.asked });
  }

  /** Show which labels there are, and what can be done. */
  show() {
    const { labels, here, asked, payload: { noun, class_names: names, answered } } = this;
    const n = countLabelled(labels), waits = asked !== "" && asked !== answered;
    [...this.classes.children].forEach((each, k) => each.setAttribute("aria-pressed", String(labels[here] === k)));
    [...this.strip.children].forEach((each, i) => {
      const label = labels[i], name = label === null ? "?" : names[label];
      each.setAttribute("aria-pressed", String(i === here));
      each.setAttribute("aria-label", `image ${i + 1}, ${label === null ? "no label" : `labelled ${name}`}`);
      write(/** @type {HTMLElement} */ (each.lastElementChild), name);
    });
    this.canvas.setAttribute("aria-label", `Image ${here + 1} of ${labels.length}`);
    const next = n < labels.length ? `Image ${here + 1}: which ${noun} is it? Press a button, or a key.` : "";
    const sent = n < labels.length ? "Nothing is sent before all are labelled." : "Press one to change its label.";
    write(this.words, `${this.misread}${next} ${n} of ${labels.length} labelled. ${sent}`.trim());
    enable(this.train, n === labels.length && !waits);
  }

  /** Draw all images, in the colour of the text. */
  redraw() {
    const { images, payload: { shape } } = this, ink = inkOf(this.element);
    if (!images) return;
    [...this.strip.children].forEach((each, i) => {
      each.replaceChildren(pictureOf(this.pixels(images, i), shape, ink), /** @type {Node} */ (each.lastChild));
    });
    this.draw();
  }

  /** Draw the image that is to be labelled. */
  draw() {
    const { images, here, payload: { shape } } = this;
    if (!images) return;
    inkPixels(contextOf(this.canvas), this.pixels(images, here), shape, inkOf(this.element));
    this.canvas.dataset.ready = "true";
  }

  /**
   * @param {Uint8Array} images
   * @param {number} i
   */
  pixels(images, i) {
    const size = images.length / this.payload.n;
    return Float32Array.from(images.subarray(i * size, (i + 1) * size), (byte) => byte / 255);
  }

  /** What is labelled, for tests. */
  snapshot() {
    return { ten: this.payload.ten, labels: this.labels, here: this.here, words: this.words.textContent };
  }

  close() {
    this.closed = true;
    this.element.remove();
  }
}

/**
 * @param {Element | ShadowRoot} root
 * @param {LabelPayload} payload
 * @param {Host} host
 */
export function openLabel(root, payload, host) {
  const labelling = new Labelling(root, payload, host);
  return { update: (/** @type {LabelPayload} */ next) => labelling.update(next), close: () => labelling.close() };
}
