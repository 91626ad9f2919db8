/** How odd images are to a model: histograms of a score with a threshold, its curves, the images at it, one's own. */

import { dress } from "../css.js";
import { fetchPictures, sampleOf } from "../data/anomalies.js";
import { fetchTensors } from "../data/fetch.js";
import { make, write } from "../dom.js";
import { axisOf } from "../math/axis.js";
import { shortNumber } from "../math/scales.js";
import { auroc, averagePrecision, quantile, rates, thinned } from "../math/separation.js";
import { percent } from "../math/words.js";
import { Examples } from "../panels/examples.js";
import { Histogram, NORMAL, ODD } from "../panels/histogram.js";
import { OwnScore } from "../panels/own-score.js";
import { CurvePlot } from "../panels/roc.js";
import { savable } from "../panels/savable.js";

/** @typedef {import("../data/anomalies.js").Sample} Sample */
/** @typedef {import("../math/axis.js").Axis} Axis */
/** @typedef {import("../math/separation.js").Curve} Curve */
/** @typedef {import("../payload-uses.js").AnomaliesPayload} AnomaliesPayload */
/** @typedef {import("../payload.js").Host} Host */

const POINTS = 500; // of a curve that is drawn
const CHANCE = 0.5; // the AUROC of random scores
const INVERTED = "AUROC below 0.5: more often than not an odd image has a lower score than a normal one.";
const USUAL = 0.95; // of the normal images are below the threshold at first
const PARAMETER = "threshold"; // of the address

class Anomalies {
  /**
   * @param {Element | ShadowRoot} root
   * @param {AnomaliesPayload} payload
   * @param {Host} host
   */
  constructor(root, payload, host) {
    this.payload = payload;
    this.host = host;
    this.histogram = new Histogram((threshold, done) => this.choose(threshold, done));
    this.key = make("p", { className: "key" });
    this.words = make("p", { className: "readout", role: "status" });
    this.notice = make("p", { className: "notice", role: "alert", hidden: true });
    this.roc = new CurvePlot("ROC curve", "false positive rate", "true positive rate");
    this.pr = new CurvePlot("Precision-recall curve", "recall", "precision");
    this.examples = new Examples();
    this.own = new OwnScore(payload.noun, () => this.draw());
    const of = () => `${this.payload.run}, ${this.payload.score_title}`, plots = [this.roc.element, this.pr.element];
    const curves = savable(make("div", { className: "roc" }, ...plots), { name: "ROC and precision-recall", of, host });
    const histogram = make("div", {}, this.key, this.histogram.element, this.words);
    const shares = savable(histogram, { name: "Scores of normal and odd images", of, host });
    const scores = make("div", { className: "scores" }, shares, this.notice, this.examples.element);
    this.element = make("div", { className: "pad anomalies" }, scores,
      make("div", { className: "beside" }, curves, this.own.element));
    this.element.ontransitionend = () => this.draw(); // another theme
    Object.assign(this.histogram.canvas, { anomalies: this });
    root.append(this.element);
    dress(this.element);
    /** @type {{sample: Sample, axis: Axis, line: Curve, auroc: number, ap: number} | null} */
    this.shown = null;
    this.threshold = 0;
    this.painting = 0;
    /** @type {((painted: {painting: number}) => void) | undefined} for benchmarks */
    this.onpaint = undefined;
    this.sized = new ResizeObserver(() => this.draw());
    this.sized.observe(this.histogram.canvas);
    this.load(payload, this.linked());
  }

  /** @param {AnomaliesPayload} payload */
  update(payload) {
    const isSame = payload.scores === this.payload.scores && payload.score === this.payload.score;
    if (isSame && payload.run === this.payload.run) return void (this.payload = payload);
    this.host.link.write({ [PARAMETER]: null });
    this.load(payload, null);
  }

  /**
   * @param {AnomaliesPayload} payload
   * @param {number | null} threshold null: the usual one
   */
  async load(payload, threshold) {
    const { canvas } = this.histogram;
    this.payload = payload;
    canvas.dataset.ready = "false";
    try {
      const sample = sampleOf(await fetchTensors(payload.scores), payload.score);
      const pictures = await fetchPictures(payload);
      if (this.payload !== payload) return;
      const { normal, odd, curve } = sample, axis = axisOf(normal, odd);
      const figures = { auroc: auroc(curve), ap: averagePrecision(curve) };
      this.shown = { sample, axis, line: thinned(curve, POINTS), ...figures };
      this.threshold = threshold ?? quantile(normal, USUAL);
      this.examples.pictures = pictures;
    } catch (error) {
      return this.say(`The scores could not be fetched. ${error instanceof Error ? error.message : error}`);
    }
    this.say("");
    await this.own.load(payload);
    if (this.payload !== payload) return;
    this.draw();
    canvas.dataset.ready = "true";
  }

  /** The threshold of the address, where it is a number. */
  linked() {
    const text = new URLSearchParams(this.host.link.read()).get(PARAMETER), value = Number(text);
    return text && Number.isFinite(value) ? value : null;
  }

  /** @param {string} text */
  say(text) {
    this.notice.hidden = !text;
    write(this.notice, text);
  }

  /**
   * @param {number} threshold
   * @param {boolean} done
   */
  choose(threshold, done) {
    this.threshold = threshold;
    if (done) this.host.link.write({ [PARAMETER]: String(threshold) });
    this.draw();
  }

  /** Show everything at the threshold. */
  draw() {
    const { shown, payload, threshold } = this;
    if (!shown) return;
    const { axis, sample, line } = shown, { normal, odd } = sample, now = rates(normal, odd, threshold);
    const title = `${payload.score_title} (${payload.unit})`, share = odd.length / (odd.length + normal.length);
    this.histogram.show({ axis, normal, odd, title }, threshold, this.own.score);
    this.roc.show({ x: line.fpr, y: line.tpr, point: [now.fpr, now.tpr], chance: [[0, 0], [1, 1]] },
      `ROC: AUROC ${shown.auroc.toFixed(3)}`);
    this.pr.show({
      x: line.tpr, y: line.precision, point: now.precision === null ? null : [now.tpr, now.precision],
      chance: [[0, share], [1, share]],
    }, `Precision-recall: average precision ${shown.ap.toFixed(3)}`);
    this.key.replaceChildren(...keyOf(NORMAL, normal.length, payload.normal), ...keyOf(ODD, odd.length, payload.odd),
      make("span", { className: "note" }, "A bar: the share of these images whose score is in its range."));
    const found = now.precision === null ? "nothing is counted as odd" : `precision ${percent(now.precision)}`;
    write(this.words, `Threshold ${shortNumber(threshold)}: ${percent(now.tpr)} of the odd images are at or above it ` +
      `(true positive rate), and ${percent(now.fpr)} of the normal ones (false positive rate); ${found}.` +
      (shown.auroc < CHANCE ? ` ${INVERTED}` : ""));
    this.own.show(sample, threshold);
    this.examples.show(sample.all, threshold, payload);
    this.onpaint?.({ painting: ++this.painting });
  }

  /** What is shown, for tests. */
  snapshot() {
    const { threshold, shown, own, words, key } = this;
    const [normal, odd] = [shown?.sample.normal, shown?.sample.odd].map((scores) => Array.from(scores ?? []));
    return {
      threshold, normal, odd, auroc: shown?.auroc, ap: shown?.ap, words: words.textContent, key: key.textContent,
      own: own.pixels && { pixels: Array.from(own.pixels), score: own.score, words: own.words.textContent },
    };
  }

  close() {
    this.own.close();
    this.sized.disconnect();
    this.element.remove();
  }
}

/**
 * @param {string} colour
 * @param {number} n
 * @param {string} text
 */
function keyOf(colour, n, text) {
  return [make("span", { style: `color:${colour}` }, "■ "), `${n.toLocaleString("en")} ${text}`, make("br")];
}

/**
 * @param {Element | ShadowRoot} root
 * @param {AnomaliesPayload} payload
 * @param {Host} host
 */
export function openAnomalies(root, payload, host) {
  const page = new Anomalies(root, payload, host);
  return { update: (/** @type {AnomaliesPayload} */ next) => page.update(next), close: () => page.close() };
}
