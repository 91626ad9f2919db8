/** What a map shows, apart from how: a model, a frame of its training, which images, and which of them is looked at. */

/** @typedef {import("../data/frame.js").Frame} Frame */
/** @typedef {import("../data/model.js").Model} Model */
/** @typedef {import("../payload.js").AnyMapPayload} AnyMapPayload */
/** @typedef {import("./group.js").Group} Group */

/**
 * The visitor's image in the model.
 * @typedef {object} OwnParts
 * @property {Float32Array} pixels in [0, 1], as the data set has them
 * @property {number | Float32Array | null} condition of the decoder
 * @property {number} mse of the reconstruction, per pixel
 * @property {number[]} near the classes of the nearest test codes
 */
/** @typedef {import("../math/encoder.js").Encoded & OwnParts} Own */

/** @type {Float32Array} */
const NONE = new Float32Array(0);

export class Scene {
  /**
   * @param {AnyMapPayload} payload
   * @param {Group} group
   */
  constructor(payload, group) {
    this.payload = payload;
    this.group = group;
    /** @type {Model | null} */
    this.model = null;
    /** @type {Frame | null} of a training, or of an epoch that is not the last */
    this.frame = null;
    this.points = NONE; // where the images are drawn [n, 2]
    /** @type {Own | null} the visitor's image */
    this.own = null;
    this.nShown = 0; // images that are shown, on the map or beside what is seen of it
  }

  get state() {
    return this.group.state;
  }

  get plane() {
    const { origin, basis } = this.payload;
    return { origin, basis };
  }

  /** The codes of the test images: of the epoch that is shown. */
  get codes() {
    return this.frame?.codes ?? this.model?.codes ?? NONE;
  }

  get n() {
    return this.points.length / 2;
  }

  /** The test image that is looked at, if it is one of this map's. */
  get image() {
    const { image } = this.state;
    return image && image.dataset === this.payload.dataset && image.index < this.n ? image.index : null;
  }

  /** The visitor's image, where it is looked at. */
  get ownShown() {
    return this.state.drawing && this.image === null && !this.state.peek && !this.frame ? this.own : null;
  }

  /** Whether the pointer takes the nearest image and not the place. */
  get byImage() {
    return this.state.layout !== null || ("linked" in this.payload && this.payload.linked === "image");
  }

  /** Whether the points lie as in another model: nothing of this one's plane belongs under them. */
  get isElsewhere() {
    return this.state.layout !== null && this.state.layout !== this.payload.run;
  }

  /**
   * The name of the class of a test image.
   * @param {number} image
   */
  nameOf(image) {
    const label = this.model?.labels[image] ?? 0;
    return this.payload.class_names[label] ?? String(label);
  }

  /** What the points are sorted by: where clusters stand in for the classes, by those. */
  get sort() {
    return this.payload.noun === "cluster" ? "cluster" : "class";
  }

  /** The class or cluster as which the code is decoded: of an image its own class; null where there is no condition. */
  get decodedAs() {
    const { kind, conditional, label } = this.payload, { image } = this;
    if (kind === "style" || !conditional) return null; // what is enlarged decides
    return image !== null && conditional === "classes" ? this.model?.labels[image] ?? label : label;
  }

  /** The images that are marked, if they are this map's. */
  get marked() {
    const { marked } = this.state;
    return marked && marked.dataset === this.payload.dataset ? marked.images : null;
  }

  /** Whether some images are not shown. */
  get hides() {
    return this.state.only !== null || this.marked !== null;
  }

  /**
   * Whether an image is shown: of the isolated class, and marked.
   * @param {number} i
   */
  shows(i) {
    const { only } = this.state, { marked } = this;
    return (only === null || this.model?.labels[i] === only) && (!marked || marked.has(i));
  }

  /** Count the images that are shown. */
  countShown() {
    this.nShown = this.n;
    if (this.hides) for (let i = 0; i < this.n; i++) this.nShown -= Number(!this.shows(i));
  }
}
