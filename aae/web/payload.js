/**
 * What the page gives to the browser, one kind for each thing that can be mounted; as in aae/app/browser/payloads.py.
 * Addresses are relative to the page. Squares are [centre x, centre y, half the side].
 */

/**
 * What every map is given.
 * @typedef {object} MapCommon
 * @property {string} run what links call the model
 * @property {string} title for people
 * @property {string} dataset
 * @property {number} n test images on the map
 * @property {string[]} class_names
 * @property {string} noun what one of the classes is called
 * @property {string} nouns and several
 * @property {string[]} colours of the classes, in turn
 * @property {number[]} shape of an image: channels, height, width
 * @property {string} data_title of the data set, for people
 * @property {boolean} centred whether the data set's images are centred by mass
 * @property {number[]} origin [D] of the plane
 * @property {number[][]} basis [2, D] of the plane
 * @property {number[]} view the square that is shown at first
 * @property {number} radius within which a code is near
 * @property {boolean} has_prior
 * @property {string} prior its name
 * @property {number | null} percentile_std of the prior, where its percentiles make a grid
 * @property {string | null} images the test images, where the data set is on the server
 * @property {string} no_images why they are not there, after the name of the data set
 * @property {number | null} label the class or cluster that the decoder is conditioned on
 * @property {"classes" | "clusters" | null} conditional what the decoder is conditioned on
 * @property {string} [group] maps of one group look at the same
 * @property {boolean} [small] one of several side by side
 * @property {number[][]} [heads] of clusters, numbered from 0, on the plane
 */

/**
 * A map of a finished model.
 * @typedef {object} MapParts
 * @property {"map"} kind
 * @property {string} decoder as much as the first images need
 * @property {string} decoder_rest what makes it exact
 * @property {string} encoder
 * @property {boolean} gaussian_posterior whether the encoder gives a mean and a log variance
 * @property {"classes" | "clusters" | null} categories what the encoder's q(y|x) is over
 * @property {number} mse of the reconstructions of test images, per pixel
 * @property {string} codes of the test images, with their classes and draws of the prior
 * @property {number[]} score_view the square that the discriminator scores cover
 * @property {Record<string, string>} frames by epoch
 * @property {"code" | "image"} linked what the pointer takes: the place, or the nearest test image
 * @property {number[][]} marks numbered places
 */
/** @typedef {MapCommon & MapParts} MapPayload */

/**
 * A map of a model whose decoder is conditioned on the class, with all classes of one style.
 * @typedef {object} StyleParts
 * @property {"style"} kind
 * @property {string} attributes the rank of each test image by each measure
 * @property {string[]} attribute_names
 * @property {Walk | null} walk the answer to the last request
 */
/** @typedef {MapCommon & Omit<MapParts, "kind"> & StyleParts} StylePayload */

/**
 * An image's way through a network: encoded, decoded, and what the loss is.
 * @typedef {object} EncodeParts
 * @property {"encode"} kind
 * @property {Objective} objective
 * @property {string | null} discriminator of the code; one that is conditioned on the class takes "unlabeled"
 */
/** @typedef {MapCommon & Omit<MapParts, "kind"> & EncodeParts} EncodePayload */

/**
 * An animation of the way from pin to pin.
 * @typedef {object} Walk
 * @property {string} asked the request that it answers
 * @property {string} address
 */

/**
 * A map of a training: of a job that may be running, or of a run with its snapshots.
 * @typedef {object} LiveParts
 * @property {"live"} kind
 * @property {string} scene the classes of the test images, and draws of the prior
 * @property {Phase[]} phases of a step of the training
 * @property {Line[]} losses that may be drawn
 * @property {string} unit of the timeline
 * @property {string} monitored the images that the history's figures are of
 * @property {string} loss of reconstruction, in words
 * @property {boolean} regularized whether a loss pulls the codes to the prior
 * @property {Record<string, number> | null} test the figures of a training that is over
 * @property {string[]} [trained] the phases of the last step of a training by hand
 * @property {string} [feed] the address of a job's progress
 * @property {Progress | string} [timeline] of a training that is over, or its address
 */
/** @typedef {MapCommon & LiveParts} LivePayload */

/**
 * What a model was trained to minimise.
 * @typedef {object} Objective
 * @property {"gaussian" | "bernoulli"} likelihood of the decoder: squared error, or cross-entropy
 * @property {"none" | "kl" | "adversarial"} regularizer
 * @property {number} weight of the regularizer, at the end of the training
 * @property {number} prior_std
 */

/**
 * One phase of a training step.
 * @typedef {object} Phase
 * @property {string} name
 * @property {string[]} parts of the drawing that are lit
 * @property {string} text
 */

/**
 * A loss that a chart draws.
 * @typedef {object} Line
 * @property {string} name of the field in the history
 * @property {string} title
 * @property {string} colour
 */

/**
 * How far a training is.
 * @typedef {object} Progress
 * @property {string} status
 * @property {number} step
 * @property {number} steps
 * @property {number} epochs
 * @property {number[] | Record<string, string>} frames their steps, or their addresses by step
 * @property {Record<string, number>[]} history of the epochs that the browser has not
 * @property {number} [place] in the queue
 * @property {string} [doing] what a running job does, where that is no step
 * @property {number} [seconds] of training so far
 */

/**
 * The controls of a group of maps.
 * @typedef {object} ControlsPayload
 * @property {"controls"} kind
 * @property {string} group
 * @property {number[]} epochs of which all maps have frames
 * @property {Record<string, string>} runs the maps' titles by what links call their models
 * @property {number[]} view the square that shows all maps
 * @property {string} noun what one of the classes is called
 * @property {number[]} prior_view the square that shows the prior
 */

/**
 * A prior to be chosen or painted.
 * @typedef {object} PainterPayload
 * @property {"painter"} kind
 * @property {string[]} priors their names
 * @property {string} draws some of each prior
 * @property {number} side cells along a side of a painted prior
 * @property {number} half the square's half side, in scales of the prior
 * @property {string} chosen
 * @property {string} image the painted prior, a hexadecimal digit a cell
 */

/** @typedef {MapPayload | StylePayload | EncodePayload} ModelPayload of a finished model */
/** @typedef {ModelPayload | LivePayload} AnyMapPayload */
/** @typedef {AnyMapPayload | ControlsPayload | PainterPayload | import("./payload-uses.js").UsePayload} Payload */

/**
 * The page around what is mounted.
 * @typedef {object} Host
 * @property {(name: string, value: any) => void} report sends the page a value
 * @property {boolean} [alone] nobody answers what is reported: there is no server
 * @property {Link} link
 * @property {Follow} [follow] where others can follow what is shown
 * @property {Set<import("./payload-tour.js").Staged>} [stage] what is mounted, as a guided tour sees it
 * @property {(address: string, isNew: boolean) => void} [go] opens an address of the app; new: Back returns from it
 */

/**
 * Follow me.
 * @typedef {object} Follow
 * @property {string} mode "presenting": others may follow
 * @property {Set<(query: string) => void>} takers which show what the followed presenter shows
 * @property {(parameters: () => Record<string, string | null>) => void} show what the address will hold
 * @property {() => void} toggle
 * @property {() => void} code shows the address as a QR code
 */

/**
 * The address of the page.
 * @typedef {object} Link
 * @property {() => string} read the query
 * @property {(parameters: Record<string, string | null>) => void} write null removes a parameter
 * @property {(name: string, text: string) => boolean} wrote whether this was written here, not by a visitor
 * @property {() => void} forget what was written here is not put back any more
 * @property {() => string} share the whole address, as others may have it
 */

export {};
