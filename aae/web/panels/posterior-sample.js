/** Whether the mean of a Gaussian posterior is decoded, or a draw of it, which is then marked on the map. */

import { button, make, write } from "../dom.js";
import { RING } from "../layers/marks.js";
import { project } from "../math/geometry.js";
import { normals } from "../math/normal.js";

/** @typedef {import("../link/link.js").LinkState} LinkState */
/** @typedef {import("../map/latent-map.js").LatentMap} LatentMap */

export class PosteriorSample {
  /** @param {LatentMap} map */
  constructor(map) {
    this.map = map;
    this.mean = button("mean", () => this.choose(null), { title: "decode the mean of the posterior q(z|x)" });
    const title = "decode a draw of the posterior q(z|x), not its mean; with every press another one";
    this.sample = button("sample", () => this.choose(normals(this.dim)), { title });
    this.element = make("div", { className: "buttons" }, this.mean, this.sample);
    /** @type {Float32Array | null} of a draw [D]; null: the mean is decoded */
    this.noise = null;
    this.mark();
  }

  get dim() {
    return this.map.payload.origin.length;
  }

  /** @param {any} payload */
  load({ gaussian_posterior: isGaussian }) {
    this.element.hidden = !isGaussian;
  }

  /** @param {LinkState} link */
  restore({ sample }) {
    this.noise = sample ? normals(this.dim) : null;
    this.mark();
  }

  /** @param {Float32Array | null} noise */
  choose(noise) {
    this.noise = noise;
    this.mark();
    this.map.show();
    for (const part of this.map.parts) part.later?.();
  }

  mark() {
    this.mean.setAttribute("aria-pressed", String(!this.noise));
    this.sample.setAttribute("aria-pressed", String(!!this.noise));
    write(this.sample, this.noise ? "another sample" : "sample");
  }

  /** The draw that is decoded [D]. @returns {Float32Array | null} */
  get drawn() {
    const { noise, map: { ownShown } } = this, std = ownShown?.std;
    return noise && std ? ownShown.code.map((z, d) => z + std[d] * noise[d]) : null;
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {number} size
   */
  paint(context, size) {
    const { drawn, map } = this, unit = size / (map.canvas.clientWidth || size);
    if (!drawn) return;
    const [x, y] = map.camera.toPixel(project(drawn, map.plane), size);
    Object.assign(context, { fillStyle: RING, strokeStyle: "white", lineWidth: 2 * unit });
    context.beginPath();
    context.arc(x, y, 6 * unit, 0, 2 * Math.PI);
    context.fill();
    context.stroke();
  }

  legend() {
    return this.drawn ? [{ sign: "●", colour: RING, text: "sample of the posterior" }] : [];
  }

  link() {
    return { sample: this.noise !== null };
  }

  snapshot() {
    return { drawn: this.drawn && [...this.drawn] };
  }
}
