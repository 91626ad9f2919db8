/** Ready drawings of a prior, on a canvas of 64 x 64. */

export const SHAPES_SIDE = 64;

/** @type {Record<string, (context: CanvasRenderingContext2D) => void>} */
export const SHAPES = {
  ring(context) {
    context.beginPath();
    context.arc(32, 32, 19, 0, 2 * Math.PI);
    context.lineWidth = 5;
    context.stroke();
  },
  heart(context) {
    context.beginPath();
    context.moveTo(32, 54);
    context.bezierCurveTo(0, 32, 10, 8, 32, 20);
    context.bezierCurveTo(54, 8, 64, 32, 32, 54);
    context.fill();
  },
  moons(context) {
    context.lineWidth = 5;
    for (const [x, y, from] of [[25, 38, Math.PI], [39, 26, 0]]) {
      context.beginPath();
      context.arc(x, y, 14, from, from + Math.PI);
      context.stroke();
    }
  },
  islands(context) {
    for (let k = 0; k < 5; k++) {
      const angle = (2 * Math.PI * k) / 5;
      context.beginPath();
      context.arc(32 + 19 * Math.sin(angle), 32 - 19 * Math.cos(angle), 6, 0, 2 * Math.PI);
      context.fill();
    }
  },
};

/**
 * One or two letters.
 * @param {CanvasRenderingContext2D} context
 * @param {string} text
 */
export function letters(context, text) {
  context.font = `bold ${text.length > 1 ? 38 : 54}px sans-serif`;
  Object.assign(context, { textAlign: "center", textBaseline: "middle" });
  context.fillText(text, SHAPES_SIDE / 2, SHAPES_SIDE / 2 + 3);
}
