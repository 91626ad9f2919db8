/** A page of a site: its choosers, and what is mounted below them; the address holds what is chosen. */

import { addressBar } from "../address.js";
import { make, write } from "../dom.js";
import { withParameters } from "../link/link.js";
import { mount } from "../mount.js";
import { chooseOne, chooseSeveral } from "./choosers.js";
import { PAGE, PREPARED } from "./early.js";
import { FIELDS, read, withChosen } from "./fields.js";
import { shownOn } from "./shown.js";
import { themeButton } from "./theme.js";

/** @typedef {import("../mount.js").Mounted} Mounted */
/** @typedef {import("./data.js").PageData} PageData */
/** @typedef {import("./fields.js").Chosen} Chosen */
/** @typedef {import("./shown.js").Part} Part */
/** @typedef {{key: string, root: HTMLElement, mounted: Mounted}} Open */

const LINK = addressBar(window);
const HOST = { link: LINK, report: () => {}, alone: true };

class Page {
  /**
   * @param {HTMLElement} root
   * @param {PageData} data
   */
  constructor(root, data) {
    this.data = data;
    this.choosers = make("div", { className: "choosers" });
    this.caption = make("p", { className: "caption" });
    this.notice = make("p", { className: "wrong", role: "alert" });
    this.parts = make("div", { className: "parts" });
    this.pictures = make("div", { className: "pictures" });
    /** @type {Open[]} */
    this.open = [];
    /** @type {Part[]} */
    this.due = [];
    this.mounts = false; // several maps at once would share the line: the first one comes first
    const head = make("header", { hidden: !data.title }, make("h1", {}, data.title), this.choosers);
    const links = (data.links ?? []).map(({ address, text }) => make("a", { href: address }, text));
    const more = make("p", { className: "more", hidden: !links.length }, ...links);
    root.replaceChildren(head, this.caption, this.notice, this.parts, this.pictures, more);
    this.show();
    PREPARED.then(() => {
      this.mounts = true;
      this.fill(this.due);
    });
    window.addEventListener("popstate", () => (this.close(), this.show()));
  }

  /** Show what the address names. */
  show() {
    const { chosen, wrong } = read(this.data, LINK.read());
    const { caption, parts, pictures = [] } = shownOn(this.data, chosen);
    write(this.notice, wrong.join(" "));
    this.notice.hidden = !wrong.length;
    write(this.caption, caption);
    this.caption.hidden = !caption;
    this.offer(chosen);
    this.pictures.replaceChildren(...pictures.map(pictured));
    this.due = parts;
    if (this.mounts) this.fill(parts);
  }

  /** @param {Chosen} chosen */
  offer(chosen) {
    const isOpen = this.choosers.querySelector("details")?.open, had = focused();
    const fields = FIELDS[this.data.page].map((field) => ({ field, options: field.options(this.data, chosen) }));
    this.choosers.replaceChildren(...fields.filter(({ options }) => options.length > 1).map(({ field, options }) => {
      const values = chosen[field.name], choose = this.choose.bind(this, chosen), { most } = this.data;
      if (field.several) return chooseSeveral(field, options, values, choose, most);
      return chooseOne(field, options, values[0], choose);
    }));
    for (const details of this.choosers.querySelectorAll("details")) details.open = Boolean(isOpen);
    const again = had && this.choosers.querySelector(had);
    if (again instanceof HTMLElement) again.focus();
  }

  /**
   * What the visitor chooses is a new entry of the history: Back shows what was there before.
   * @param {Chosen} chosen
   * @param {string} name
   * @param {string[]} values
   */
  choose(chosen, name, values) {
    const now = new URL(LINK.read(), location.href).href;
    history.pushState(null, "", withChosen(this.data, { ...chosen, [name]: values }, now));
    this.show();
  }

  /**
   * Mount the parts; one that is there already is given its payload.
   * @param {Part[]} parts
   */
  fill(parts) {
    const kept = this.open.filter(({ key }) => parts.some((part) => part.key === key));
    for (const each of this.open) if (!kept.includes(each)) (each.mounted.close(), each.root.remove());
    this.open = parts.map((part) => this.put(part, kept.find(({ key }) => key === part.key)));
    this.parts.append(...this.open.map(({ root }) => root));
  }

  /**
   * @param {Part} part
   * @param {Open | undefined} kept
   * @returns {Open}
   */
  put({ key, payload, title, caption = "" }, kept) {
    if (kept) return (kept.mounted.update(payload), kept);
    const root = make("section", { "data-kind": payload.kind });
    this.parts.append(root);
    if (title) root.append(make("p", { className: "about" }, make("b", {}, title), ` · ${caption}`));
    return { key, root, mounted: mount(root, payload, HOST) };
  }

  close() {
    for (const { root, mounted } of this.open) (mounted.close(), root.remove());
    this.open = [];
  }
}

/** @param {import("./shown.js").Picture} picture */
function pictured({ address, caption }) {
  return make("figure", {}, make("img", { src: address, alt: caption }), make("figcaption", {}, caption));
}

/** What finds the chooser that has the focus, also when it is made anew. */
function focused() {
  const element = /** @type {any} */ (document.activeElement);
  if (element?.name) return `[name="${element.name}"]`;
  return element?.type === "checkbox" ? `[value="${CSS.escape(element.value)}"]` : "";
}

/**
 * Let the link that is clicked on, where it leads to a page of the site, hide what there is to choose there too.
 * @param {Element} clicked
 */
function keepHidden(clicked) {
  const link = clicked.closest("a");
  if (!link || link.origin !== location.origin || link.download) return;
  link.href = withParameters(link.href, { hide: "controls" });
}

/** Fetch what the page shows, and show it. */
async function openPage() {
  const menu = document.querySelector("body > nav");
  menu?.append(themeButton());
  menu?.querySelector("[aria-current]")?.scrollIntoView({ inline: "center", block: "nearest" });
  const hides = new URLSearchParams(location.search).get("hide") === "controls";
  document.documentElement.classList.toggle("bare", hides);
  if (hides) document.addEventListener("click", ({ target }) => keepHidden(/** @type {Element} */ (target)));
  return new Page(document.querySelector("main") ?? document.body, await PAGE);
}

openPage().catch(({ message }) => {
  const why = make("p", { role: "alert" }, `This page cannot be shown: ${message}`);
  document.querySelector("main")?.replaceChildren(why);
});
