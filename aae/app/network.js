// The networks as a sketch: the phase that is at work is lit, as in the paper's algorithm.

const PHASES = {
  reconstruction: { lit: ["encoder", "decoder", "e1", "e2", "e3", "e4"], text: "Reconstruction: encoder and decoder learn to bring the image back." },
  discriminator: { lit: ["discriminator", "e5", "e6"], text: "Discriminator: it learns to tell draws of the prior from codes." },
  generator: { lit: ["encoder", "e1", "e2", "e5"], text: "Encoder: it learns to make its codes pass for draws of the prior." },
  classification: { lit: ["encoder", "e1", "e2"], text: "Classification: the encoder learns the classes that are known." },
  kl: { lit: ["encoder", "e1", "e2", "e6"], text: "Regularization: each code's little cloud is pulled towards the prior." },
};
const PHASE_TIME = 1200; // ms that a phase is lit; in truth it takes milliseconds

class Sketchwork {
  constructor(phases) {
    this.phases = phases;
    this.element = Object.assign(document.createElement("figure"), { className: "networks" });
    this.element.innerHTML = svg(phases);
    this.caption = Object.assign(document.createElement("figcaption"), { ariaLive: "off" });
    this.element.append(this.caption);
    this.light([phases[0]]);
  }

  light(lit, more = "") {
    // The phases [names] that are at work, or were
    this.lit = lit;
    const has = (part) => lit.some((phase) => PHASES[phase].lit.includes(part));
    for (const part of this.element.querySelectorAll("[data-part]")) part.classList.toggle("lit", has(part.dataset.part));
    this.caption.textContent = lit.map((phase) => PHASES[phase].text).join(" ") + more;
  }

  run(on) {
    // Phase after phase while training runs
    clearInterval(this.running);
    if (!on) return this.light(this.lit);
    const next = () => this.light([this.phases[(this.phases.indexOf(this.lit[0]) + 1) % this.phases.length]], " (slowed down: each step does all)");
    this.running = setInterval(next, PHASE_TIME);
  }
}

function svg(phases) {
  const judged = phases.includes("discriminator"), prior = phases.length > 1;
  const box = (part, x, y, width, text) =>
    `<g data-part="${part}"><rect x="${x}" y="${y}" width="${width}" height="30" rx="5"/><text x="${x + width / 2}" y="${y + 20}">${text}</text></g>`;
  const word = (x, y, text) => `<text x="${x}" y="${y}">${text}</text>`;
  const arrow = (part, path) => `<path data-part="${part}" d="${path}" marker-end="url(#arrow)"/>`;
  return `<svg viewBox="-12 0 424 ${prior ? 100 : 40}" role="img" aria-label="The networks and how they are joined">
    <defs><marker id="arrow" viewBox="0 0 6 6" refX="5" refY="3" markerUnits="userSpaceOnUse" markerWidth="9" markerHeight="9" orient="auto-start-reverse"><path d="M0 0L6 3L0 6z"/></marker></defs>
    ${word(12, 24, "image")}${arrow("e1", "M36 19H62")}${box("encoder", 65, 4, 80, "encoder")}${arrow("e2", "M145 19H178")}
    ${word(196, 24, "code")}${arrow("e3", "M212 19H247")}${box("decoder", 250, 4, 80, "decoder")}${arrow("e4", "M330 19H360")}${word(386, 24, "rebuilt")}
    ${judged ? arrow("e5", "M196 32V62") + box("discriminator", 146, 65, 100, "discriminator") + word(318, 85, "code, or prior?") + arrow("e5", "M246 80H272") : ""}
    ${prior ? word(90, 85, "prior") + (judged ? arrow("e6", "M108 80H143") : arrow("e6", "M108 76Q180 72 192 34")) : ""}
  </svg>`;
}
