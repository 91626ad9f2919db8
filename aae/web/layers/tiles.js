/** Images of a picture drawn with a gap between them: those of 8x8 pixels have no margin of their own. */

const GAP = 2; // pixels of the page

/**
 * @param {CanvasRenderingContext2D} context
 * @param {HTMLCanvasElement} picture
 * @param {number[]} shape of an image: ..., height, width
 * @param {{left: number, top: number, width: number, height: number}} box where the picture is drawn
 * @param {number} unit pixels of the canvas for one of the page
 */
export function drawTiles(context, picture, shape, box, unit) {
  const [height, width] = shape.slice(-2);
  const columns = Math.round(picture.width / width), rows = Math.round(picture.height / height);
  const across = box.width / columns, down = box.height / rows, gap = Math.min(GAP * unit, across / 4);
  for (let i = 0; i < rows * columns; i++) {
    const column = i % columns, row = Math.floor(i / columns);
    const left = box.left + column * across + gap / 2, top = box.top + row * down + gap / 2;
    const from = /** @type {const} */ ([column * width, row * height, width, height]);
    context.drawImage(picture, ...from, left, top, across - gap, down - gap);
  }
}
