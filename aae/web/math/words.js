/** Numbers in words. */

/**
 * A share in percent.
 * @param {number} share in [0, 1]
 * @param {number} digits after the point
 */
export function percent(share, digits = 1) {
  return `${(100 * share).toFixed(digits)}\u00a0%`;
}

/**
 * A text in lines, each of which fits; a word that does not, such as an address, is broken.
 * @param {string} text
 * @param {(line: string) => boolean} fits
 */
export function wrapped(text, fits) {
  const lines = [""];
  for (const word of text.split(" ")) {
    const last = lines.length - 1, longer = `${lines[last]} ${word}`.trim();
    if (fits(longer)) lines[last] = longer;
    else lines.push(...broken(word, fits));
  }
  return lines.filter((line) => line);
}

/**
 * @param {string} word
 * @param {(line: string) => boolean} fits
 */
function broken(word, fits) {
  const parts = [""];
  for (const letter of word) {
    if (fits(parts[parts.length - 1] + letter)) parts[parts.length - 1] += letter;
    else parts.push(letter);
  }
  return parts;
}
