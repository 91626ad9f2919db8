/** Maps of a page that show the same place: they share one state, and one history. */

import { startState } from "./messages.js";

/** @typedef {import("./latent-map.js").LatentMap} LatentMap */
/** @typedef {import("./look.js").Look} Look */
/** @typedef {import("./messages.js").Shared} Shared */

/**
 * @typedef {object} Member
 * @property {(names: Set<keyof Shared>) => void} changed called after the shared state changed
 * @property {(map: LatentMap, look: Look) => void} [painted] called after a map of the group was painted
 */

const KEPT = 100; // steps that can be undone
/** @type {Map<string, Group>} */
const groups = new Map();

export class Group {
  /** @param {Partial<Shared>} usual where its state differs from that of others at first */
  constructor(usual = {}) {
    /** @type {Shared} */
    this.usual = { ...startState(), ...usual };
    /** @type {Shared} */
    this.state = { ...this.usual };
    /** @type {Set<Member>} */
    this.members = new Set();
    /** @type {LatentMap[]} those of the members that are maps */
    this.maps = [];
    /** @type {Partial<Shared>[]} */
    this.past = [];
  }

  /**
   * Change the shared state, and notify all members of what changed.
   * @param {Partial<Shared>} changes
   */
  change(changes) {
    const names = /** @type {(keyof Shared)[]} */ (Object.keys(changes));
    const changed = new Set(names.filter((name) => this.state[name] !== changes[name]));
    if (!changed.size) return;
    Object.assign(this.state, changes);
    for (const member of this.members) member.changed(changed);
  }

  /** Notify all members that one of them joined, or loaded its model. */
  notify() {
    for (const member of this.members) member.changed(new Set());
  }

  /** Keep what undo restores. */
  remember() {
    const { cursor, pins, marked, only, image } = this.state;
    this.past.push({ cursor, pins, marked, only, image });
    if (this.past.length > KEPT) this.past.shift();
  }

  undo() {
    const before = this.past.pop();
    if (before) this.change({ ...before, peek: null });
  }
}

/**
 * The group of this name, or a new one; without a name, one of its own.
 * @param {string} [name]
 * @param {Partial<Shared>} [usual]
 */
export function groupNamed(name, usual) {
  const group = (name !== undefined && groups.get(name)) || new Group(usual);
  if (name !== undefined) groups.set(name, group);
  return group;
}

/**
 * Enter the group of this name, or one of its own.
 * @param {Member} member
 * @param {string} [name]
 * @param {Partial<Shared>} [usual]
 */
export function enter(member, name, usual) {
  const group = groupNamed(name, usual);
  group.members.add(member);
  return group;
}

/**
 * Leave the group; the last one ends it.
 * @param {Member} member
 * @param {Group} group
 */
export function leave(member, group) {
  group.members.delete(member);
  group.maps = group.maps.filter((map) => map !== member);
  for (const [name, each] of groups) if (each === group && !group.members.size) groups.delete(name);
}
