// Pads of one page that look at the same thing: what one says, the others hear.

const GROUPS = (globalThis.aaeGroups ??= new Map()); // each component's script is a module of its own

function join(name, member) {
  if (!GROUPS.has(name)) GROUPS.set(name, new Set());
  GROUPS.get(name).add(member);
}

function leave(name, member) {
  GROUPS.get(name)?.delete(member);
}

function say(name, speaker, message) {
  for (const member of GROUPS.get(name) ?? []) if (member !== speaker) member.hear(message);
}
