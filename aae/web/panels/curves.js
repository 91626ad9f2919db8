/** PSNR and SSIM against the strength of the chosen corruption: means over test images, and the image that is shown. */

import { resolve } from "../data/fetch.js";
import { drawn, make, write } from "../dom.js";
import { linearScale, linearTicks } from "../math/scales.js";

/** @typedef {import("./restored.js").Figures} Figures */
/** @typedef {"psnr" | "ssim"} Metric */
/** @typedef {{name: string, title: string, colour: string}} Line */
/** @typedef {[number, number] | null} Point mean and standard error; null: infinite */
/**
 * @typedef {object} Measured
 * @property {string} command
 * @property {string} about
 * @property {number[]} strengths
 * @property {Line[]} lines
 * @property {Record<string, Record<string, Record<Metric, Point[]>>>} curves by corruption and model
 */

const WIDTH = 340, HEIGHT = 240, LEFT = 44, RIGHT = 10, TOP = 10, BOTTOM = 42;
export const NO_MODEL = "no model";
/** @type {[Metric, string][]} */
const CHARTS = [["psnr", "PSNR (dB)"], ["ssim", "SSIM"]];

/**
 * The least and the most of some points, rounded outwards.
 * @param {Metric} metric
 * @param {Point[]} points
 * @returns {[number, number]}
 */
export function rangeOf(metric, points) {
  const means = points.flatMap((point) => (point ? [point[0]] : []));
  if (metric === "ssim") return [Math.min(0, ...means), 1];
  return [5 * Math.floor(Math.min(...means) / 5), 5 * Math.ceil(Math.max(...means) / 5)];
}

/**
 * Which curves are highest at the measured strength that is nearest.
 * @param {Measured} measured
 * @param {string} corruption
 * @param {number} strength
 */
export function bestWords({ strengths, lines, curves }, corruption, strength) {
  const distances = strengths.map((each) => Math.abs(each - strength)), at = distances.indexOf(Math.min(...distances));
  const best = (/** @type {Metric} */ metric, /** @type {number} */ digits) => {
    const points = lines.map(({ name }) => curves[corruption][name][metric][at] ?? [Infinity, 0]);
    const k = points.reduce((most, point, i) => (point[0] > points[most][0] ? i : most), 0), [mean, error] = points[k];
    const figures = mean === Infinity ? "infinite" : `${mean.toFixed(digits)} ± ${error.toFixed(digits + 1)}`;
    return `${lines[k].title} (${figures})`;
  };
  const where = `At strength ${strengths[at].toFixed(1)}, mean over test images ± standard error`;
  return `${where}: highest PSNR ${best("psnr", 1)}, highest SSIM ${best("ssim", 2)}.`;
}

class Chart {
  /**
   * @param {Metric} metric
   * @param {string} title of the vertical axis
   */
  constructor(metric, title) {
    this.metric = metric;
    this.title = title;
    this.element = drawn("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img" });
    this.x = linearScale([0, 1], [LEFT, WIDTH - RIGHT]);
    this.y = linearScale([0, 1], [HEIGHT - BOTTOM, TOP]);
    this.now = drawn("line", { class: "now", y1: TOP, y2: HEIGHT - BOTTOM });
    this.dots = drawn("g");
  }

  /**
   * @param {Measured} measured
   * @param {string} corruption
   * @param {string} strength in words
   */
  draw({ lines, strengths, curves }, corruption, strength) {
    const points = curves[corruption], { metric, title, element } = this;
    const range = rangeOf(metric, Object.values(points).flatMap((each) => each[metric]));
    this.y = linearScale(range, [HEIGHT - BOTTOM, TOP]);
    const paths = lines.map((line) => this.curve(line, strengths, points[line.name][metric]));
    element.setAttribute("aria-label", `${title} against the strength of the corruption`);
    element.replaceChildren(...this.axes(range, strength), this.now, ...paths, this.dots);
  }

  /**
   * @param {[number, number]} range of the vertical axis
   * @param {string} strength what it is
   */
  axes([low, high], strength) {
    const bottom = HEIGHT - BOTTOM, middle = (TOP + bottom) / 2;
    const across = linearTicks(0, 1, 5).flatMap(({ value, text }) => [
      drawn("line", { x1: this.x(value), x2: this.x(value), y1: bottom, y2: bottom + 4 }),
      drawn("text", { x: this.x(value), y: bottom + 16 }, text)]);
    const up = linearTicks(low, high, 5).flatMap(({ value, text }) => [
      drawn("line", { class: "grid", x1: LEFT, x2: WIDTH - RIGHT, y1: this.y(value), y2: this.y(value) }),
      drawn("text", { x: LEFT - 6, y: this.y(value) + 4, "text-anchor": "end" }, text)]);
    return [...across, ...up,
      drawn("text", { x: (LEFT + WIDTH - RIGHT) / 2, y: HEIGHT - 6 }, strength),
      drawn("text", { transform: `translate(12 ${middle}) rotate(-90)` }, this.title)];
  }

  /**
   * @param {Line} line
   * @param {number[]} strengths
   * @param {Point[]} points
   */
  curve({ name, colour }, strengths, points) {
    const places = points.map((point, i) => point && [this.x(strengths[i]), this.y(point[0])]).filter((each) => each);
    const dash = name === NO_MODEL ? "5 4" : "none";
    return drawn("polyline", { points: places.join(" "), stroke: colour, "stroke-dasharray": dash });
  }

  /**
   * The image that is shown, at its strength.
   * @param {Line[]} lines
   * @param {number} strength
   * @param {Record<string, Figures>} found
   */
  mark(lines, strength, found) {
    const x = this.x(strength), shown = lines.filter(({ name }) => Number.isFinite(found[name]?.[this.metric]));
    for (const side of ["x1", "x2"]) this.now.setAttribute(side, String(x));
    this.dots.replaceChildren(...shown.map(({ name, colour }) => {
      const y = Math.min(Math.max(this.y(found[name][this.metric]), TOP), HEIGHT - BOTTOM);
      return drawn("circle", { cx: x, cy: y, r: 4, stroke: colour });
    }));
  }
}

export class Curves {
  constructor() {
    this.charts = CHARTS.map(([metric, title]) => new Chart(metric, title));
    this.heading = make("h4");
    this.legend = make("ul", { className: "legend" });
    this.best = make("p", { className: "best" });
    this.source = make("p", { className: "note" });
    const { heading, legend, best, source } = this, charts = make("div", { className: "charts" });
    charts.append(...this.charts.map(({ element }) => element));
    this.element = make("div", { className: "curves", hidden: true }, heading, charts, legend, best, source);
    this.address = "";
    this.drawn = ""; // the corruption whose curves are drawn
    /** @type {Measured | null} */
    this.measured = null;
  }

  /**
   * @param {string | null} address of the figures
   * @param {() => void} onload
   */
  async load(address, onload) {
    if (address === this.address) return;
    this.address = address ?? "";
    this.measured = address ? await fetch(resolve(address)).then((answer) => answer.json()).catch(() => null) : null;
    this.drawn = "";
    if (this.measured) this.explain(this.measured);
    onload();
  }

  /** @param {Measured} measured */
  explain({ lines, command, about }) {
    const items = [...lines, { title: "○ the image above", colour: "", name: "" }].map(({ title, colour, name }) => {
      const sign = make("span", {}, colour ? (name === NO_MODEL ? "┅" : "━") : "");
      sign.style.color = colour;
      return make("li", {}, sign, ` ${title}`);
    });
    this.legend.replaceChildren(...items);
    write(this.source, `Measured by ${command}. ${about}`);
  }

  /**
   * @param {{name: string, title: string, strength: string}} corruption
   * @param {number} strength
   * @param {Record<string, Figures>} found of the image that is shown
   */
  show({ name, title, strength: what }, strength, found) {
    const { measured } = this;
    this.element.hidden = !measured;
    if (!measured) return;
    if (this.drawn !== name) for (const chart of this.charts) chart.draw(measured, name, what);
    this.drawn = name;
    write(this.heading, `PSNR and SSIM against the strength: ${title}`);
    write(this.best, bestWords(measured, name, strength));
    for (const chart of this.charts) chart.mark(measured.lines, strength, found);
  }
}
