// What leaves the page: a link in the clipboard, a picture.

async function copyText(text) {
  // Whether it is in the clipboard now; on a page without TLS browsers have the old way alone
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = Object.assign(document.createElement("textarea"), { value: text });
    Object.assign(area.style, { position: "fixed", opacity: 0 });
    document.body.append(area);
    area.select();
    const copied = document.execCommand("copy");
    area.remove();
    return copied;
  }
}

function wrapped(context, text, width) {
  // The lines of a text that is drawn into a width
  const lines = [];
  for (const paragraph of text.split("\n")) {
    let line = "";
    for (const word of paragraph.split(" ")) {
      if (line && context.measureText(`${line} ${word}`).width > width) lines.push(line), (line = word);
      else line = line ? `${line} ${word}` : word;
    }
    lines.push(line);
  }
  return lines;
}

function captioned(map, digit, title, words, { paper, ink, font }) {
  // A canvas: the map, and beside it the decoded image, what it is of, and the words about it, on opaque paper
  const size = map.width, side = Math.round(size / 3), gap = Math.round(size / 40), type = Math.round(size / 42);
  const canvas = Object.assign(document.createElement("canvas"), { width: size + side + 3 * gap, height: size + 2 * gap });
  const context = canvas.getContext("2d"), left = size + 2 * gap;
  context.fillStyle = paper;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(map, gap, gap);
  context.imageSmoothingEnabled = false;
  context.drawImage(digit, left, gap, side, (side * digit.height) / digit.width);
  context.strokeStyle = context.fillStyle = ink;
  context.strokeRect(gap, gap, size, size);
  let y = gap + (side * digit.height) / digit.width + 1.5 * type;
  for (const [text, weight] of [[title, "bold"], [words, "normal"]]) {
    context.font = `${weight} ${type}px ${font}`;
    for (const line of wrapped(context, text, side)) context.fillText(line, left, y), (y += 1.4 * type);
  }
  return canvas;
}
