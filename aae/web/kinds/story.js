/** The story of Home: scenes one at a time, each a sentence and a live picture. No scene asks the page for anything. */

import { dress } from "../css.js";
import { Pictures } from "../data/story.js";
import { make, write } from "../dom.js";
import { ofPads } from "../follow/route.js";
import { defaults, FIELDS, format, parse } from "../link/link.js";
import { addressOf, stepOf } from "../math/story.js";
import { Steps } from "../panels/steps.js";
import { OPEN } from "./scenes.js";

/** @typedef {import("../payload-story.js").StoryPayload} StoryPayload */
/** @typedef {import("../payload-story.js").StoryPicture} StoryPicture */
/** @typedef {import("../payload.js").Host} Host */

const HAVE_ARROWS = "input, select, textarea, canvas.map, [role=tab], [role=slider]";
const NEAR = 1000; // ms between two looks whether a scene is there, and the next one can be fetched

export class Story {
  /**
   * @param {Element | ShadowRoot} root
   * @param {StoryPayload} payload
   * @param {Host} host
   */
  constructor(root, payload, host) {
    this.host = { ...host, report: () => {} };
    this.scenes = payload.scenes;
    this.pictures = new Pictures();
    /** @type {StoryPicture | null} */
    this.picture = null;
    /** @type {import("./scenes.js").Closable[]} */
    this.open = [];
    this.index = -1;
    this.turn = 0; // which opening of a scene is the last
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.waiting = undefined;
    this.title = make("h1", { "aria-live": "polite" });
    this.text = make("p", { className: "text", "aria-live": "polite" });
    this.steps = new Steps(this.scenes.map(({ title }) => title), (index) => this.show(index));
    const aim = () => this.aim();
    this.link = make("a", { onpointerdown: aim, onclick: aim, onfocus: aim });
    this.notice = make("p", { className: "notice", role: "alert", hidden: true });
    this.stage = make("div", { className: "picture" });
    this.note = make("p", { className: "note" });
    this.element = make("div", { className: "story" }, this.title, this.steps.element, this.text, this.notice,
      this.stage, make("div", { className: "on" }, this.link, this.note));
    root.append(this.element);
    dress(this.element);
    this.onkey = (/** @type {KeyboardEvent} */ event) => this.press(event);
    document.addEventListener("keydown", this.onkey);
    this.take = (/** @type {string} */ query) => this.follow(query);
    host.follow?.takers.add(this.take);
    this.read();
  }

  /** Show the scene of the address. */
  read() {
    const { index, wrong } = sceneOf(this.host.link.read(), this.scenes.length);
    if (index !== this.index) this.begin(index);
    if (wrong) this.say(`Not understood in the address: scene=${wrong.text} (${wrong.rule}). The first is shown.`);
  }

  /** Show the scene that a presenter shows; within it, its maps follow. @param {string} query */
  follow(query) {
    const { index } = sceneOf(query, this.scenes.length);
    if (index === this.index) return;
    this.leave();
    this.host.link.write(ofPads(query));
    this.begin(index);
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    const [target] = event.composedPath(), { ctrlKey, metaKey, altKey, shiftKey } = event;
    if (event.defaultPrevented || ctrlKey || metaKey || altKey || shiftKey) return;
    const step = stepOf(event.key, target instanceof Element && target.matches(HAVE_ARROWS));
    if (!step) return;
    event.preventDefault();
    if (this.scenes[this.index + step]) this.show(this.index + step);
  }

  /**
   * Show another scene as it is at first, and write it to the address.
   * @param {number} index
   */
  show(index) {
    const root = /** @type {Document | ShadowRoot} */ (this.element.getRootNode());
    if (this.stage.contains(root.activeElement)) this.steps.next.focus({ preventScroll: true }); // what has it now goes
    this.leave();
    this.host.link.write(format({ ...defaults(), scene: index ? index + 1 : null }));
    this.begin(index);
  }

  /** @param {number} index */
  async begin(index) {
    const { address } = this.scenes[index], turn = ++this.turn;
    this.leave();
    this.index = index;
    this.tell();
    try {
      const picture = await this.pictures.get(address);
      if (turn === this.turn) this.fill(picture);
    } catch (error) {
      const why = error instanceof Error ? error.message : error;
      if (turn === this.turn) this.say(`The scene could not be fetched: ${why}`);
    }
  }

  /** The words of the scene, and which it is. */
  tell() {
    const { index, scenes } = this, { title, text, picture, label, note } = scenes[index];
    write(this.title, title);
    write(this.text, text);
    write(this.link, `${label} →`);
    write(this.note, note);
    this.say("");
    this.aim();
    this.stage.dataset.picture = picture;
    this.steps.mark(index);
  }

  /** @param {StoryPicture} picture */
  fill(picture) {
    this.picture = picture;
    this.stage.dataset.maps = String(picture.maps.length);
    this.open = OPEN[this.scenes[this.index].picture](this.stage, picture, this.host);
    this.waiting = setTimeout(() => this.prepare(), NEAR);
  }

  /** Once the picture is there, fetch what the next scene shows. */
  prepare() {
    const next = this.scenes[this.index + 1], maps = this.stage.querySelectorAll("canvas.map");
    const isThere = [...maps].every((map) => map.matches("[data-ready=true]:not([data-exact=false])"));
    if (!isThere) this.waiting = setTimeout(() => this.prepare(), NEAR);
    else if (next) this.pictures.prepare(next.address);
  }

  /** Let the link lead to what is shown now. */
  aim() {
    this.link.href = addressThere(this.scenes[this.index], this.picture, this.host.link.read());
  }

  /** @param {string} text */
  say(text) {
    Object.assign(this.notice, { textContent: text, hidden: !text });
  }

  /** Close what is open. */
  leave() {
    clearTimeout(this.waiting);
    for (const each of this.open) each.close();
    this.open = [];
    this.picture = null;
  }

  close() {
    this.turn++;
    this.leave();
    document.removeEventListener("keydown", this.onkey);
    this.host.follow?.takers.delete(this.take);
    this.element.remove();
  }
}

/**
 * The scene of an address, and what is wrong with it.
 * @param {string} query
 * @param {number} scenes how many there are
 */
function sceneOf(query, scenes) {
  const { state, misread } = parse(query, { images: 0, classes: 0, scenes });
  return { index: (state.scene ?? 1) - 1, wrong: misread.find(({ name }) => name === "scene") };
}

/**
 * Where a scene can be played with: the address holds where what is shown differs from the scene at first.
 * @param {import("../payload-story.js").StoryScene} scene
 * @param {StoryPicture | null} picture
 * @param {string} query of the address
 */
function addressThere({ page, parameters }, picture, query) {
  const { layers = null, fade = null, image = null, cursor: z = null } = picture ?? {};
  const here = [...new URLSearchParams(query)].filter(([name]) => name !== "scene" && Object.hasOwn(FIELDS, name));
  return addressOf(page, parameters, format({ layers, fade, image, z }), Object.fromEntries(here));
}

/**
 * @param {Element | ShadowRoot} root
 * @param {StoryPayload} payload
 * @param {Host} host
 */
export function openStory(root, payload, host) {
  const story = new Story(root, payload, host);
  return { update: () => story.read(), close: () => story.close() };
}
