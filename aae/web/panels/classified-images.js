/** Test images in a row, with the label, the predicted class and q(y|x) of both; a press chooses one. */

import { button, make, pictureOf, write } from "../dom.js";
import { classColour, shortNames } from "../math/colours.js";

/** @typedef {import("../data/classified.js").Classified} Classified */
/** @typedef {import("../data/testset.js").TestSet} TestSet */
/** @typedef {import("../dom.js").Ink} Ink */
/** @typedef {import("../payload.js").MapPayload} MapPayload */

const MOST = 48; // images that are shown
const LEAST = 0.001; // of what is written in digits

export class ClassifiedImages {
  /** @param {(image: number) => void} onpress */
  constructor(onpress) {
    this.onpress = onpress;
    this.title = make("p", { className: "note" });
    this.row = make("div", { className: "members", role: "group" });
    this.element = make("div", { className: "classified", hidden: true }, this.title, this.row);
    this.shown = "";
  }

  /**
   * @param {number[]} images
   * @param {string} title
   * @param {Classified} classified
   * @param {TestSet | null} tests
   * @param {MapPayload} payload
   * @param {Ink} ink
   */
  show(images, title, classified, tests, payload, ink) {
    const some = images.slice(0, MOST), key = JSON.stringify([payload.run, some, ink, tests?.decoded]);
    const more = images.length > MOST ? `; the first ${MOST} of ${images.length.toLocaleString("en")}` : "";
    this.element.hidden = !tests;
    const of = `codes${payload.conditional ? " and labels" : ""} (${payload.data_title} ${payload.no_images})`;
    write(this.title, `${title}${more}${tests?.decoded ? `; decoded from their ${of}` : ""}.`);
    if (!tests || key === this.shown) return;
    this.shown = key;
    const short = shortNames(payload.class_names);
    this.row.replaceChildren(...some.map((i) => this.figure(i, classified, tests, payload, short, ink)));
  }

  /**
   * @param {number} i
   * @param {Classified} classified
   * @param {TestSet} tests
   * @param {MapPayload} payload
   * @param {string[]} short names of the classes
   * @param {Ink} ink
   */
  figure(i, classified, tests, { shape, colours, class_names: names }, short, ink) {
    const label = classified.labels[i], guess = classified.predicted[i];
    const title = captionOf(i, classified, names), caption = make("small", {}, `${short[label]}→${short[guess]}`);
    const q = make("small", {}, inDigits((classified.truth ?? classified.confidence)[i]));
    const name = `${caption.textContent}${q.textContent}: ${title}`; // it begins with what is seen
    const made = button("", () => this.onpress(i), { title, "aria-label": name });
    caption.style.borderColor = classColour(colours, guess);
    made.append(pictureOf(tests.pixels(i), shape, ink), caption, q);
    return made;
  }
}

/** @param {number} q */
function inDigits(q) {
  return q < LEAST ? `< ${LEAST}` : q.toFixed(3);
}

/**
 * @param {number} i
 * @param {Classified} classified
 * @param {string[]} names
 */
export function captionOf(i, { labels, predicted, confidence, truth }, names) {
  const label = labels[i], guess = predicted[i], q = `q(${names[guess]}|x) = ${inDigits(confidence[i])}`;
  const known = truth && label !== guess ? `, q(${names[label]}|x) = ${inDigits(truth[i])}` : "";
  return `Test image ${i}: labelled ${names[label]}, predicted ${names[guess]}: ${q}${known}`;
}
