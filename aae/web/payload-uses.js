/** What the pages of uses give to the browser; as in aae/app/browser; the rest in payload.js. */

/** @typedef {import("./payload.js").MapPayload} MapPayload */
/** @typedef {import("./payload-story.js").StoryPayload} StoryPayload */
/** @typedef {import("./payload-tour.js").TourPayload} TourPayload */

/**
 * What the true labels say of clusters.
 * @typedef {object} ClusterScores
 * @property {number[]} named the class of each by the image with the highest q(y|x)
 * @property {number[]} matched the class of each by Hungarian matching; -1: none
 * @property {number} mutual_information normalised, of clusters and labels
 */

/**
 * The clusters of a model, a row each, and where they have heads on a plane, a map of them.
 * @typedef {object} ClustersPayload
 * @property {"clusters"} kind
 * @property {string} run what links call the model
 * @property {string} title for people
 * @property {string} dataset
 * @property {number} n test images
 * @property {number} n_clusters
 * @property {string[]} class_names
 * @property {string} noun what one of the classes is called
 * @property {string} nouns and several
 * @property {number[]} shape of an image: channels, height, width
 * @property {string} data_title of the data set, for people
 * @property {boolean} centred whether the data set's images are centred by mass
 * @property {string[]} colours of the classes, in turn
 * @property {string} group of the map
 * @property {string} file heads, labels, and where it is known which cluster each test image is in
 * @property {string | null} images the test images, where the data set is on the server
 * @property {string} no_images why they are not there, after the name of the data set
 * @property {string} decoder with which they are reconstructed then: as much as the first images need
 * @property {string} decoder_rest what makes it exact
 * @property {string} codes of the test images
 * @property {ClusterScores | null} scores where it is known which cluster each test image is in
 * @property {number | null} recorded the error that the run's file has, with clusters named by others than test images
 * @property {"validation" | "training"} recorded_by these images
 * @property {MapPayload | null} map with the clusters in place of the classes
 * @property {MapPayload | null} labelled_map with the classes
 */

/**
 * A way to corrupt an image.
 * @typedef {object} Corruption
 * @property {string} name
 * @property {string} title
 * @property {string} strength what its strength from 0 to 1 is
 */

/**
 * A model that reconstructs corrupted images.
 * @typedef {object} Restorer
 * @property {string} run what links call it
 * @property {string} title
 * @property {string} trained with which images, in words
 * @property {string} colour
 * @property {string} encoder
 * @property {string} decoder as much as the first images need
 * @property {string} decoder_rest what makes it exact
 * @property {number} latent_dim
 * @property {boolean} gaussian_posterior whether the encoder gives a mean and a log variance
 */

/**
 * Models side by side that reconstruct a corrupted image.
 * @typedef {object} DenoisePayload
 * @property {"denoise"} kind
 * @property {string} dataset
 * @property {number} n test images
 * @property {string[]} class_names
 * @property {string} noun what one of the classes is called
 * @property {string} nouns and several
 * @property {number[]} shape of an image: channels, height, width
 * @property {string} data_title of the data set, for people
 * @property {boolean} centred whether the data set's images are centred by mass
 * @property {string} codes of the test images by the first model, with their classes
 * @property {string | null} images the test images, where the data set is on the server; else they are decoded:
 * @property {string} decoder by the first model
 * @property {string} decoder_rest
 * @property {"classes" | "clusters" | null} conditional what that decoder is conditioned on
 * @property {number | null} label the cluster that it is given
 * @property {Restorer[]} models
 * @property {Corruption[]} corruptions
 * @property {string | null} figures of the benchmark, where there are any of this data set
 */

/**
 * A prior that has a density.
 * @typedef {object} Prior
 * @property {string} name
 * @property {number} std standard deviation, or scale
 * @property {number} components of a mixture
 * @property {string | null} cells where the probabilities of the cells of a drawn one are
 */

/**
 * How odd images are to a model: normal and odd ones, and one's own.
 * @typedef {object} AnomaliesPayload
 * @property {"anomalies"} kind
 * @property {string} run what links call the model
 * @property {string} noun what one of the classes is called
 * @property {number[]} shape of an image: channels, height, width
 * @property {boolean} centred whether the data set's images are centred by mass
 * @property {number} latent_dim
 * @property {boolean} gaussian_posterior whether the encoder gives a mean and a log variance
 * @property {string} encoder
 * @property {string} decoder as much as the first images need
 * @property {string} decoder_rest what makes it exact
 * @property {string | null} discriminator of z, where the model has one
 * @property {Prior | null} prior where the model has one with a density
 * @property {string} scores of normal and odd images, and the places of these in their files
 * @property {string | null} images of which the normal ones are
 * @property {string | null} odd_images
 * @property {string} score that is shown
 * @property {string} score_title
 * @property {string} unit
 * @property {string} normal what is normal, in words
 * @property {string} odd and what is odd
 */

/**
 * Which class a model gives to images, beside its map.
 * @typedef {object} ClassifyPayload
 * @property {"classify"} kind
 * @property {string | null} file which class each test image is given, where that is known
 * @property {number | null} recorded the error that the run's file has
 * @property {MapPayload} map
 */

/**
 * Training images to be labelled by the visitor.
 * @typedef {object} LabelPayload
 * @property {"label"} kind
 * @property {string} ten what these images are called
 * @property {number} n how many there are
 * @property {string} images
 * @property {string[]} class_names
 * @property {string} noun what one of the classes is called
 * @property {number[]} shape of an image: channels, height, width
 * @property {string} answered the report that was answered last
 */

/**
 * A search for test images by a few bits of their codes.
 * @typedef {object} SearchPayload
 * @property {"search"} kind
 * @property {string} run what links call the model
 * @property {string[]} class_names
 * @property {string} noun what one of the classes is called
 * @property {string[]} colours of the classes, in turn
 * @property {number[]} shape of an image: channels, height, width
 * @property {boolean} centred whether the data set's images are centred by mass
 * @property {number} latent_dim
 * @property {boolean} gaussian_posterior whether the encoder gives a mean and a log variance
 * @property {"classes" | "clusters" | null} conditional what the decoder is conditioned on
 * @property {number | null} label the cluster that a decoder conditioned on clusters is given
 * @property {string} encoder
 * @property {string} decoder as much as the first images need
 * @property {string} decoder_rest what makes it exact
 * @property {string} codes of the test images
 * @property {string} hash a centre, and the directions of hyperplanes
 * @property {string | null} images the test images, where the data set is on the server
 */

/** @typedef {ClustersPayload | DenoisePayload | AnomaliesPayload} RowsPayload */
/** @typedef {RowsPayload | ClassifyPayload | LabelPayload | SearchPayload | StoryPayload | TourPayload} UsePayload */

export {};
