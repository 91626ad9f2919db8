/** The difference of two images as a picture: orange where there is too much ink, blue where some is missing. */

const MORE = [240, 130, 20], LESS = [40, 110, 220];

/**
 * @param {ArrayLike<number>} pixels in [0, 1]
 * @param {ArrayLike<number>} than
 * @param {number[]} shape ..., height, width
 */
export function differencePixels(pixels, than, shape) {
  const [height, width] = shape.slice(-2), image = new ImageData(width, height);
  for (let i = 0; i < pixels.length; i++) {
    const difference = pixels[i] - than[i];
    image.data.set([...(difference > 0 ? MORE : LESS), 255 * Math.abs(difference)], 4 * i);
  }
  return image;
}
