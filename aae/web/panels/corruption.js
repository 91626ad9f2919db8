/** How an image is corrupted: the kind, its strength, and the tools of the pointer. */

import { button, enable, make, write } from "../dom.js";

/** @typedef {import("../payload-uses.js").Corruption} Corruption */
/** @typedef {{corruption: string, strength: number, draw: number}} Chosen */
/** @typedef {"pen" | "eraser" | "hole"} Tool */

/** @type {Record<Tool, string>} */
const TOOLS = { pen: "pen: sets pixels to 1", eraser: "eraser: sets pixels to 0", hole: "move the hole" };

export class CorruptionPanel {
  /**
   * @param {Corruption[]} corruptions
   * @param {{choose: (change: Partial<Chosen>) => void, take: (tool: Tool) => void, clear: () => void}} actions
   */
  constructor(corruptions, actions) {
    this.corruptions = corruptions;
    this.actions = actions;
    this.kinds = corruptions.map(({ name, title }) =>
      button(title, () => actions.choose({ corruption: name }), { role: "radio" }));
    this.strength = make("input", { type: "range", min: 0, max: 1, step: 0.01, "aria-label": "Strength" });
    this.strength.oninput = () => actions.choose({ strength: Number(this.strength.value) });
    this.output = make("output");
    this.what = make("p", { className: "note" });
    this.draw = 0;
    const anew = () => actions.choose({ draw: this.draw + 1 });
    this.anew = button("draw anew", anew, { title: "with other random numbers" });
    this.tools = Object.entries(TOOLS).map(([tool, text]) => this.toolButton(/** @type {Tool} */ (tool), text));
    this.clear = button("clear strokes", actions.clear, { title: "remove what was drawn by hand" });
    const kinds = make("div", { className: "kinds", role: "radiogroup", "aria-label": "Corruption" }, ...this.kinds);
    const strength = make("label", { className: "strength" }, "strength", this.strength, this.output);
    const tools = this.tools.map((each) => each.element);
    const rest = make("div", { className: "buttons" }, this.anew, ...tools, this.clear);
    this.element = make("div", { className: "corruption" }, kinds, strength, this.what, rest);
  }

  /**
   * @param {Tool} tool
   * @param {string} title
   */
  toolButton(tool, title) {
    const text = title.split(":")[0];
    return { tool, element: button(text, () => this.actions.take(tool), { title }) };
  }

  /**
   * @param {Chosen} chosen
   * @param {Tool} tool of the pointer
   * @param {boolean} isDrawn whether there are strokes by hand
   */
  show({ corruption, strength, draw }, tool, isDrawn) {
    this.draw = draw;
    this.corruptions.forEach(({ name, strength: what }, k) => {
      this.kinds[k].setAttribute("aria-checked", String(name === corruption));
      if (name === corruption) write(this.what, `Strength: ${what}.`);
    });
    if (Number(this.strength.value) !== strength) this.strength.value = String(strength);
    write(this.output, strength.toFixed(2));
    for (const each of this.tools) {
      each.element.setAttribute("aria-pressed", String(each.tool === tool));
      each.element.hidden = each.tool === "hole" && corruption !== "hole";
    }
    enable(this.clear, isDrawn);
  }
}
