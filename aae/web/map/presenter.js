/** Full screen: the map and its image alone, over everything else; it outlives a change of the model. */

/** @typedef {import("./latent-map.js").LatentMap} LatentMap */

let presenting = false; // what is mounted next fills the screen too

export class Presenter {
  /** @param {LatentMap} map */
  constructor(map) {
    this.map = map;
    this.onchange = () => document.fullscreenElement === null && this.set(false);
    document.addEventListener("fullscreenchange", this.onchange);
    if (presenting) this.set(true);
  }

  get isOn() {
    return this.map.element.classList.contains("full");
  }

  /** @param {boolean} on */
  set(on) {
    presenting = on;
    this.map.element.classList.toggle("full", on);
    this.map.redraw();
  }

  toggle() {
    const on = !this.isOn;
    this.set(on);
    if (on) document.documentElement.requestFullscreen?.().catch(() => {}); // refused: it fills the window
    else if (document.fullscreenElement) document.exitFullscreen();
  }

  close() {
    document.removeEventListener("fullscreenchange", this.onchange);
  }

  snapshot() {
    return { full: this.isOn };
  }
}
