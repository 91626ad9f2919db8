/** The choosers of a page. */

import { make } from "../dom.js";

/** @typedef {import("./fields.js").Chosen} Chosen */
/** @typedef {import("./fields.js").Field} Field */
/** @typedef {import("./fields.js").Option} Option */
/** @typedef {(name: string, values: string[]) => void} Choose */

/**
 * One of some options, in their groups.
 * @param {Field} field
 * @param {Option[]} options
 * @param {string} chosen
 * @param {Choose} choose
 */
export function chooseOne({ name, title }, options, chosen, choose) {
  const select = make("select", { name }), groups = new Map();
  for (const { value, text, group = "" } of options) {
    if (!groups.has(group)) groups.set(group, group ? make("optgroup", { label: group }) : select);
    groups.get(group).append(new Option(text, value, false, value === chosen));
  }
  select.append(...[...groups.values()].filter((element) => element !== select));
  select.onchange = () => choose(name, [select.value]);
  return make("label", { className: "chooser" }, make("span", {}, title), select);
}

/**
 * Several of some options: one at least, and at most so many.
 * @param {Field} field
 * @param {Option[]} options
 * @param {string[]} chosen
 * @param {Choose} choose
 * @param {number} most
 */
export function chooseSeveral({ name, title }, options, chosen, choose, most) {
  const texts = chosen.map((id) => options.find(({ value }) => value === id)?.text);
  const list = make("div", { className: "options", role: "group", "aria-label": title });
  let last = "";
  for (const option of options) {
    if (option.group && option.group !== last) list.append(make("b", {}, (last = option.group)));
    list.append(boxOf(option, chosen, most, (values) => choose(name, values)));
  }
  const summary = make("summary", {}, texts.join(", ")), element = make("details", {}, summary, list);
  element.onkeydown = ({ key }) => { if (key === "Escape") element.open = false; };
  return make("div", { className: "chooser several" }, make("span", {}, `${title}, at most ${most}`), element);
}

/**
 * @param {Option} option
 * @param {string[]} chosen
 * @param {number} most
 * @param {(values: string[]) => void} choose
 */
function boxOf({ value, text }, chosen, most, choose) {
  const checked = chosen.includes(value), box = make("input", { type: "checkbox", value, checked });
  box.disabled = checked ? chosen.length === 1 : chosen.length >= most;
  box.onchange = () => choose(box.checked ? [...chosen, value] : chosen.filter((each) => each !== value));
  return make("label", {}, box, ` ${text}`);
}
