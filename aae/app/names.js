// The names of classes: whole beside an image, cut or as their first letters on the map.

const ON_MAP = 12; // letters of a class's label on the map
const PER_LINE = 20; // images of one style side by side

function cut(name, most) {
  const letters = [...name];
  return letters.length > most ? `${letters.slice(0, most - 1).join("")}…` : name;
}

function shortNames(names) {
  // The fewest first letters that no other begins with, three at most; where that cannot be, numbers
  const short = names.map((name) => {
    const letters = [...name];
    const n = [1, 2, 3].find((n) => n >= letters.length || names.every((other) => other === name || !other.startsWith(letters.slice(0, n).join(""))));
    return letters.slice(0, n ?? 0).join("").trim();
  });
  return new Set(short).size === names.length && !short.includes("") ? short : names.map((_, k) => String(k));
}

function lineLength(n) {
  // How many of n images stand in a line, so that all lines are about as long
  return Math.ceil(n / Math.ceil(n / PER_LINE));
}
