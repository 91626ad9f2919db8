"""What runs are called and what they show, for people; links and commands call a run by its id, its file's stem."""

import functools
from types import MappingProxyType
from typing import NamedTuple

from aae.config import PRESETS, Config
from aae.config.datasets import KNOWN

GROUPS = (FIRST, PRIORS, LABELS, CLUSTERS, DIMENSIONS, FAILURES, YOURS, OTHERS) = (
    "Compare these first",
    "Priors",
    "With labels",
    "Clusters",
    "More dimensions",
    "Failures",
    "Yours",  # opened files and trained jobs
    "Other visitors",
)
OPENED = " (yours)"  # ends the ids of opened files
PRIOR_NAMES = {"gaussian": "Gaussian", "swiss_roll": "swiss roll", "drawn": "painted"}  # others: as configs name them
_MODELS = {"none": "Autoencoder", "kl": "Variational autoencoder", "adversarial": "Adversarial autoencoder"}
_SHORT = {"none": "AE", "kl": "VAE", "adversarial": "AAE"}
_PRIORS = {"gaussian": "Gaussian prior", "mixture": "ten petals", "swiss_roll": "swiss roll", "drawn": "painted prior"}


class Entry(NamedTuple):
    """How a run is offered."""

    title: str
    group: str
    sentence: str  # what it shows


SHIPPED = MappingProxyType({  # by id, in the order of the choosers
    "aae": Entry("AAE · Gaussian prior", FIRST,
        "Shows codes that fill a Gaussian: a discriminator cannot distinguish them from draws of it."),
    "ae": Entry("AE · no prior", FIRST,
        "Shows what reconstruction alone gives: codes far from the origin, and gaps that decode to no clear digit."),
    "vae": Entry("VAE · Gaussian prior", FIRST,
        "Shows another way to a Gaussian: each code is a distribution, and a KL term pulls it towards the prior."),
    "aae_mixture": Entry("AAE · ten petals", PRIORS,
        "Shows codes on a mixture of ten Gaussians: the prior need not be one Gaussian."),
    "aae_swiss_roll": Entry("AAE · swiss roll", PRIORS,
        "Shows codes on a swiss roll: the discriminator needs samples of a prior, not its density."),
    "aae_gaussian_posterior": Entry("AAE · Gaussian posterior", PRIORS,
        "Shows an encoder that gives a mean and a standard deviation for each image, in place of one code."),
    "digits": Entry("AAE · 8x8 digits", PRIORS,
        "Shows a Gaussian prior with the small digits of scikit-learn, which need no download."),
    "labels_mixture_10k": Entry("AAE · ten petals, 10,000 labels", LABELS,
        "Shows labels in the discriminator: each digit takes a petal of its own."),
    "labels_swiss_roll_10k": Entry("AAE · swiss roll, 10,000 labels", LABELS,
        "Shows labels in the discriminator: each digit takes a section of the roll."),
    "supervised": Entry("AAE · style, 15-D", LABELS,
        "Shows style in 15 dimensions, enough for a handwriting: decoder and discriminator are given the digit."),
    "supervised_2d": Entry("AAE · style, 2-D", LABELS,
        "Shows style apart from content: the decoder is given the digit, and the code holds the handwriting."),
    "supervised_decoder": Entry("AAE · style, 15-D, decoder alone", LABELS,
        "Shows style in 15 dimensions: the decoder is given the digit, the discriminator is not."),
    "cvae": Entry("VAE · style, 2-D", LABELS,
        "Shows style apart from content with a KL term in place of a discriminator."),
    "reduced_100": Entry("AAE · 2-D, 100 labels", LABELS,
        "Shows digits as clusters in the plane, learned with 100 labels."),
    "reduced_10d": Entry("AAE · 10-D, 100 labels", LABELS,
        "Shows digits as clusters in ten dimensions, learned with 100 labels."),
    "semi_1000_extras": Entry("AAE · 10-D, 1,000 labels", LABELS,
        "Shows a classifier learned with 1,000 labels; all other images are used without theirs."),
    "reduced_clusters": Entry("AAE · 2-D, 20 clusters", CLUSTERS,
        "Shows 20 clusters in the plane, found without a label."),
    "clusters_16": Entry("AAE · 5-D, 16 clusters", CLUSTERS,
        "Shows 16 clusters found without a label; the decoder is given the cluster."),
    "clusters_30": Entry("AAE · 5-D, 30 clusters", CLUSTERS,
        "Shows 30 clusters found without a label; the decoder is given the cluster."),
    "gaussian_8d": Entry("AAE · 8-D", DIMENSIONS,
        "Shows a code of 8 dimensions: reconstructions are sharper, and a map is a plane through the codes."),
    "denoising_aae": Entry("AAE · 15-D, noisy input", DIMENSIONS,
        "Shows denoising: the encoder is given noisy images, and the decoder reconstructs the clean ones."),
    "denoising_ae": Entry("AE · 15-D, noisy input", DIMENSIONS,
        "Shows denoising without a prior: sharper reconstructions, and codes that nothing shapes."),
    "anomaly": Entry("AAE · 8-D, without digit 8", DIMENSIONS,
        "Shows anomalies: no 8 was trained on, and the test images that are reconstructed worst are mostly 8s."),
    "collapsed_vae": Entry("VAE · posterior collapse", FAILURES,
        "Shows a KL term that grows too heavy: it falls from 1.7 nats to 0.002, and all images get one code."),
    "weak_discriminator": Entry("AAE · discriminator too weak", FAILURES,
        "Shows a discriminator of 8 units that learns slowly: its loss stays above chance, and the codes drift away."),
    "strong_discriminator": Entry("AAE · discriminator too strong", FAILURES,
        "Shows a large discriminator that learns fast: its loss falls to 0.18, far below chance (1.39)."),
})  # fmt: skip


@functools.lru_cache(maxsize=1024)  # a page asks for all of them
def entry(id: str, config: Config, group: str = "") -> Entry:
    """How a run is offered: as the table has it, else by its config, after the name that its owner gave it.

    A group, of visitors, says that it is not a shipped one.
    """
    if not group and id in SHIPPED and about(config) == about(PRESETS[id]):
        return SHIPPED[id]
    return Entry(f"{id.removesuffix(OPENED)} – {title(config)}", group or group_of(config), sentence(config))


def place(id: str, group: str) -> tuple[int, int]:
    """Where a run of a group stands in choosers: by its group, then as the table has it."""
    shipped = list(SHIPPED)
    return GROUPS.index(group), shipped.index(id) if id in shipped else len(shipped)


def title(config: Config) -> str:
    """What a config trains, in a few words."""
    dim, labels = f"{config.latent_dim}-D", _labels(config)
    if finds_clusters(config):
        details = f"{dim}, {config.n_categories} clusters"
    elif config.labels == "classifier":
        details = f"{dim}, {labels}"
    elif config.labels in ("decoder", "both"):
        details = f"style, {dim}"
    else:
        prior = "no prior" if config.regularizer == "none" else _PRIORS.get(config.prior, config.prior)
        details = ", ".join(filter(None, [prior, dim if config.latent_dim != 2 else "", labels]))
    data = "" if config.dataset == "mnist" else f", {_data(config)}"
    return ", ".join(filter(None, [f"{_SHORT[config.regularizer]} · {details}{data}", _without(config)]))


def about(config: Config, dataset: str = "") -> str:
    """What a model is, as a sentence; its data set may have a title of its own."""
    prior = "no prior" if config.regularizer == "none" else f"{PRIOR_NAMES.get(config.prior, config.prior)} prior"
    conditional = "decoder conditioned on the class" if config.labels in ("decoder", "both") else ""
    clusters = f"{config.n_categories} clusters" if finds_clusters(config) else ""
    shown = [conditional, clusters, _labels(config), _without(config)]
    details = [f"{config.latent_dim}-D code", prior, *shown, dataset or _data(config)]
    return f"{', '.join(filter(None, [_MODELS[config.regularizer], *details]))}."


def group_of(config: Config) -> str:
    """The group of a shipped run that the table does not have."""
    if config.labels != "unused":
        return LABELS
    if finds_clusters(config):
        return CLUSTERS
    return DIMENSIONS if config.latent_dim > 2 else PRIORS


def sentence(config: Config) -> str:
    """What such a run shows."""
    if config.held_out_class is not None:
        return f"Shows reconstructions of a class that was not trained on: trained {_without(config)}."
    if finds_clusters(config):
        return "Shows clusters found without a label."
    if config.labels == "classifier":
        return f"Shows a classifier learned with {_labels(config)}."
    if config.labels in ("decoder", "both"):
        return "Shows style apart from content: the decoder is given the class."
    if config.labels == "discriminator":
        return "Shows labels in the discriminator: each class has its part of the prior."
    return {
        "none": "Shows what reconstruction alone gives.",
        "kl": "Shows codes that a KL term pulls towards the prior.",
        "adversarial": "Shows codes that a discriminator shapes into the prior.",
    }[config.regularizer]


def finds_clusters(config: Config) -> bool:
    """Whether there are clusters that no label names."""
    return config.labels == "unused" and config.n_categories > 0


def _data(config: Config) -> str:
    """The title of the data set, as far as it is known without its files."""
    return KNOWN[config.dataset].title if config.dataset in KNOWN else "custom data"


def _without(config: Config) -> str:
    """Which class a model was trained without; by its number where the data set is not known without its files."""
    k = config.held_out_class
    if k is None:
        return ""
    described = KNOWN.get(config.dataset)
    return f"without {described.noun} {described.classes[k]}" if described else f"without class {k}"


def _labels(config: Config) -> str:
    """How many labels the training was given, where it was given any to match or to learn."""
    if config.labels not in ("discriminator", "classifier"):
        return ""
    own = "own " if config.own_labels else ""
    return "all labels" if config.label_count is None else f"{config.label_count:,} {own}labels"
