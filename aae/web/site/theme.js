/** Light or dark: as the system is, until the visitor chooses the other. */

import { button, write } from "../dom.js";

const KEPT = "aae-theme"; // the page's own first script reads it, before anything is drawn
const SYSTEM = matchMedia("(prefers-color-scheme: dark)");

const NAMES = { light: "Light", dark: "Dark" };

/** A button that names what it switches to. */
export function themeButton() {
  const made = button("", () => choose(other()), { className: "theme", title: "Light or dark pages" });
  /** @param {string} theme */
  const show = (theme) => {
    document.documentElement.dataset.theme = theme;
    write(made, NAMES[other()]);
  };
  /** @param {string} theme */
  const choose = (theme) => {
    keep(theme === system() ? null : theme);
    show(theme);
  };
  SYSTEM.addEventListener("change", () => choose(system()));
  show(document.documentElement.dataset.theme ?? system());
  return made;
}

function system() {
  return SYSTEM.matches ? "dark" : "light";
}

function other() {
  return document.documentElement.dataset.theme === "dark" ? "light" : "dark";
}

/** @param {string | null} theme null: that of the system */
function keep(theme) {
  try {
    if (theme) localStorage.setItem(KEPT, theme);
    else localStorage.removeItem(KEPT);
  } catch {} // eslint-disable-line no-empty -- a browser that keeps nothing: it is so on this page alone
}
