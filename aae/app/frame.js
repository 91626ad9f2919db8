// One moment of a training: the codes of the test images, and pictures made when they were there.

class Frame {
  constructor(tensors, shape) {
    this.codes = tensors.codes.values;
    this.shape = shape; // of an image [channels, height, width]
    this.accuracy = tensors.accuracy?.values[0];
    if (tensors.view) [this.x, this.y, this.half] = tensors.view.values;
    this.greys = {}; // pictures by name: {values [height * width], width, height}
    this.inks = {};
  }

  get view() {
    return { x: this.x, y: this.y, half: this.half };
  }

  inked(name, [r, g, b]) {
    // The picture in the page's ink, its ground transparent
    const grey = this.greys[name], key = `${name} ${r} ${g} ${b}`;
    if (!grey || this.inks[key]) return this.inks[key];
    const canvas = Object.assign(document.createElement("canvas"), { width: grey.width, height: grey.height });
    const context = canvas.getContext("2d"), image = context.createImageData(grey.width, grey.height);
    grey.values.forEach((value, i) => image.data.set([r, g, b, value], 4 * i));
    context.putImageData(image, 0, 0);
    return (this.inks[key] = canvas);
  }

  near([u, v]) {
    // The pixels in [0, 1] of the sheet's image nearest to a place
    if (!this.greys.sheet) return undefined;
    const { values, width } = this.greys.sheet, [, height, side] = this.shape, n = width / side;
    const cell = (share) => Math.min(Math.max(Math.floor(share * n), 0), n - 1);
    const left = cell((u - this.x) / this.half / 2 + 0.5) * side, top = cell(0.5 - (v - this.y) / this.half / 2) * height;
    return Float32Array.from({ length: height * side }, (_, i) => values[(top + Math.floor(i / side)) * width + left + (i % side)] / 255);
  }
}

async function fetchFrame(url, shape) {
  const tensors = await fetchTensors(url), frame = new Frame(tensors, shape);
  for (const name of ["sheet", "strip", "opinion"]) if (tensors[name]) frame.greys[name] = await readGrey(tensors[name].values);
  return frame;
}

async function readGrey(bytes) {
  const picture = await createImageBitmap(new Blob([bytes], { type: "image/webp" })), { width, height } = picture;
  const context = Object.assign(document.createElement("canvas"), { width, height }).getContext("2d", { willReadFrequently: true });
  context.drawImage(picture, 0, 0);
  picture.close();
  return { values: context.getImageData(0, 0, width, height).data.filter((_, i) => i % 4 === 0), width, height };
}
