"""The config: one frozen dataclass with every choice of the paper, and the rules of its values."""

import functools
import math
import re
from contextlib import suppress
from dataclasses import asdict, dataclass, fields
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

from aae.config.aliases import ALIASES, Aliased, to_present
from aae.config.datasets import KNOWN, MAX_CLASSES
from aae.config.errors import ConfigError, refuse
from aae.texts import nearest, quoted

OWN, OWN_SIDE = "own", 28  # custom data sets are named own-DIGEST, and scaled to this side
OWN_NAME = re.compile(rf"{OWN}-[0-9a-f]{{12}}")
DRAWING_SIDE = 64  # cells along each side of a drawn prior
DRAWING = re.compile(rf"(?!0*$)[0-9a-f]{{{DRAWING_SIDE**2}}}")

_hints = functools.cache(get_type_hints)  # of a class: a config is checked a dozen times for one look at a page

CHOICES = {
    "dataset": tuple(KNOWN),
    "likelihood": ("gaussian", "bernoulli"),
    "regularizer": ("none", "kl", "adversarial"),
    "prior": ("gaussian", "uniform", "mixture", "swiss_roll", "drawn"),
    "posterior": ("deterministic", "gaussian"),
    "corruption": ("gaussian", "salt_pepper", "masking"),
    "labels": ("unused", "discriminator", "decoder", "both", "classifier"),
}
RANGES = {  # smallest and largest value, both allowed
    "n_classes": (1, MAX_CLASSES),
    "width": (1, 8192),
    "depth": (1, 8),
    "latent_dim": (1, 512),
    "n_categories": (0, 1000),
    "head_distance": (0.0, 100.0),
    "prior_std": (0.01, 100.0),
    "regularizer_weight": (0.0, 1e6),
    "n_labeled": (1, 1_000_000),
    "labeled_per_step": (1, 10_000),
    "input_noise": (0.0, 10.0),
    "shift": (0, 7),
    "distortion": (0.0, 1.0),
    "pseudo_label_threshold": (0.0, 1.0),
    "pseudo_label_start": (0.0, 1.0),
    "discriminator_noise": (0.0, 10.0),
    "discriminator_steps": (1, 20),
    "learning_rate": (1e-7, 1.0),
    "discriminator_learning_rate": (1e-7, 1.0),
    "ema_decay": (0.0, 0.99999),
    "batch_size": (2, 100_000),
    "epochs": (1, 100_000),
    "n_validation": (0, 100_000),
    "seed": (0, 2**31 - 1),
}


@dataclass(frozen=True)
class Config(metaclass=Aliased):
    """Every choice of the paper as a plain JSON value. Raises ConfigError for what makes no sense."""

    dataset: str = "mnist"
    n_classes: int = 10  # as many as the data set has
    # networks: hidden widths of the encoder (reversed in the decoder) and of each discriminator
    hidden: tuple[int, ...] = (512, 512)
    discriminator_hidden: tuple[int, ...] = (256, 256)
    batch_norm: bool = True  # after each hidden Linear of encoder and decoder, never in a discriminator
    # codes: linear z, softmax y, and W_C y + z where the clusters have heads
    latent_dim: int = 2
    n_categories: int = 0
    head_norm: bool = False  # BatchNorm on the encoder's output, which keeps clusters in use
    cluster_heads: bool = False
    head_distance: float = 0.0  # eta: heads nearer than this are pushed apart
    # reconstruction of x, regularization of z
    likelihood: str = "gaussian"  # gaussian: squared error; bernoulli: cross-entropy; summed over pixels
    regularizer: str = "adversarial"
    regularizer_weight: tuple[float, float] = (15.0, 40.0)  # in the first and last epoch, geometric between
    prior: str = "gaussian"
    prior_std: float = 1.0  # gaussian, uniform: standard deviation; others: scale
    prior_image: str = ""  # drawn: the density as a hexadecimal digit a cell, row by row from the top left
    posterior: str = "deterministic"
    # which networks get labels, and how many there are (balanced over the classes; None: all)
    labels: str = "unused"
    n_labeled: int | None = None
    labeled_per_step: int = 100  # labeled images added to each minibatch, where not all images have a label
    # training
    corruption: str = "gaussian"  # of the input, never of what is reconstructed
    input_noise: float = 0.0  # gaussian: standard deviation in pixel ranges; else: share of the pixels
    shift: int = 0  # pixels: inputs are moved by up to this much each way (Simard 2003; an extra: images are planes)
    distortion: float = 0.0  # inputs are turned, sheared, half as much scaled by up to this (Simard 2003; an extra)
    # pseudo-labels (Lee 2013; an extra): y of the averaged network, where its largest entry is above the threshold
    pseudo_label_threshold: float = 0.0  # 0: none
    pseudo_label_start: float = 0.3  # share of training before the first pseudo-label
    distribution_alignment: bool = False  # y is first divided by its mean over the batch (Berthelot 2020)
    discriminator_noise: float = 0.0
    discriminator_steps: int = 3  # updates of the discriminators for each of the autoencoder
    learning_rate: float = 2e-3
    discriminator_learning_rate: float = 1e-3
    ema_decay: float = 0.99  # of the averaged weights, which the run keeps (Polyak 1992; an extra); 0: the last ones
    batch_size: int = 500
    epochs: int = 40
    n_validation: int = 0  # training images held out, the last ones; 0 for a final run on all of them
    seed: int = 0

    def __post_init__(self):
        for name, kind in _hints(type(self)).items():
            object.__setattr__(self, name, _typed(name, getattr(self, name), kind))
        _check_values(self)
        _check_combinations(self)

    def __getattr__(self, name: str) -> Any:
        """A field by its former name."""
        if name in ALIASES:
            return getattr(self, ALIASES[name])
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}", name=name, obj=self)

    @property
    def image_shape(self) -> tuple[int, int, int]:
        """Channels, height and width of the images."""
        return KNOWN[self.dataset].shape if self.dataset in KNOWN else (1, OWN_SIDE, OWN_SIDE)

    @property
    def decoder_is_conditional(self) -> bool:
        """Whether the decoder is conditioned on the label (Section 2.4)."""
        return self.labels in ("decoder", "both")

    @property
    def discriminator_is_conditional(self) -> bool:
        """Whether the discriminator is conditioned on the label (Section 2.3)."""
        return self.labels in ("discriminator", "both")

    @property
    def n_pixels(self) -> int:
        return math.prod(self.image_shape)

    @classmethod
    def from_json(cls, values: Any) -> "Config":
        """The config that to_json() wrote, today or under former names. Raises ConfigError for unknown fields."""
        if not isinstance(values, dict):
            raise refuse("config", values, "must be an object of named fields")
        values = to_present(values)
        known = [field.name for field in fields(cls)]
        for unknown in sorted(set(values) - set(known)):
            raise ConfigError(
                f"config has the unknown field {quoted(unknown)}{nearest(unknown, known)};"
                " a newer version of this project may know it"
            )
        return cls(**values)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def _typed(name: str, value: Any, kind: Any) -> Any:
    """The value as its declared type: JSON lists become tuples, whole numbers floats where floats are due."""
    if get_origin(kind) is tuple:
        return _typed_tuple(name, value, get_args(kind))
    if isinstance(kind, UnionType):
        return None if value is None else _typed(name, value, get_args(kind)[0])
    if kind is float and type(value) is int:
        with suppress(OverflowError):
            value = float(value)
    if type(value) is not kind or (kind is float and not math.isfinite(value)):
        raise refuse(name, value, f"must be a {'finite ' if kind is float else ''}{kind.__name__}")
    return value


def _typed_tuple(name: str, value: Any, kinds: tuple) -> tuple:
    if not isinstance(value, list | tuple):
        raise refuse(name, value, f"must be a list of {kinds[0].__name__}, such as 512,512")
    if kinds[-1] is not Ellipsis and len(value) != len(kinds):
        raise refuse(name, value, f"must hold {len(kinds)} values")
    return tuple(_typed(name, item, kinds[0]) for item in value)


def _check_values(config: Config) -> None:
    for name, choices in CHOICES.items():
        own = name == "dataset" and OWN_NAME.fullmatch(config.dataset)
        if getattr(config, name) not in choices and not own:
            value = getattr(config, name)
            raise refuse(name, value, f"must be one of {', '.join(choices)}{nearest(value, choices)}")
    for name, value in _ranged_values(config):
        low, high = RANGES[name if name in RANGES else "width"]
        if not low <= value <= high:
            raise refuse(name, value, f"must lie between {low} and {high}")


def _ranged_values(config: Config):
    """Each (field name, number) that has a range; the numbers of a tuple one by one."""
    for name in ("hidden", "discriminator_hidden"):
        yield "depth", len(getattr(config, name))
        yield from ((name, width) for width in getattr(config, name))
    for name in RANGES.keys() - {"width", "depth"}:
        value = getattr(config, name)
        values = value if isinstance(value, tuple) else (value,)
        yield from ((name, item) for item in values if item is not None)


def _check_combinations(config: Config) -> None:
    """Refuse what each field allows alone but not together."""
    for name, broken, rule in _broken_combinations(config):
        if broken:
            raise refuse(name, getattr(config, name), rule)


# fmt: off
def _broken_combinations(c: Config):
    """(field to blame, whether its rule is broken, the rule with its remedy) for fields that clash."""
    first, last = c.regularizer_weight
    planar = c.prior in ("mixture", "swiss_roll", "drawn")
    known = KNOWN.get(c.dataset)
    n_train = known.n_train if known else RANGES["n_labeled"][1]  # of custom data sets, not known here
    closed_form = c.prior == "gaussian" and c.posterior == "gaussian"
    n_classes = known.n_classes if known else c.n_classes
    yield "n_classes", c.n_classes != n_classes, f"{c.dataset} has {n_classes} classes: leave it {n_classes}"
    yield "latent_dim", planar and c.latent_dim != 2, f"prior={c.prior!r} lies in the plane: set latent_dim=2"
    yield "prior_image", c.prior == "drawn" and not DRAWING.fullmatch(c.prior_image), (
        f"must be {DRAWING_SIDE**2:,} hexadecimal digits, not all 0: paint on the Train page, or --prior-image FILE"
    )
    yield "prior_image", c.prior != "drawn" and c.prior_image != "", "has no effect: set prior='drawn', or leave it"
    yield "regularizer", c.regularizer == "kl" and not closed_form, (
        "needs prior='gaussian' and posterior='gaussian': set both, or regularizer='adversarial'"
    )
    yield "posterior", c.posterior == "gaussian" and c.regularizer == "none", (
        "shrinks to a point when nothing regularizes it: set posterior='deterministic'"
    )
    yield "regularizer_weight", (first > 0) != (last > 0), "grows geometrically: both 0 or both above 0"
    yield "n_labeled", c.n_labeled is not None and c.labels == "unused", "no label is used: leave it None"
    yield "n_labeled", c.n_labeled is not None and c.n_labeled % c.n_classes > 0, (
        f"labels are balanced over the {c.n_classes} classes: must be a multiple of {c.n_classes}"
    )
    yield "n_validation", 2 * c.n_validation > n_train, f"must leave half of the {n_train:,} training images"
    yield "n_labeled", (c.n_labeled or 0) > n_train - c.n_validation, (
        f"must be at most the {n_train - c.n_validation:,} images that are trained on"
    )
    yield "labels", c.decoder_is_conditional and c.n_labeled is not None, (
        "the decoder needs every label: leave n_labeled=None"
    )
    yield "labels", c.discriminator_is_conditional and c.regularizer != "adversarial", (
        "there is no discriminator: set regularizer='adversarial'"
    )
    yield "n_categories", c.labels == "classifier" and c.n_categories != c.n_classes, (
        f"labels='classifier' names the classes: set n_categories={c.n_classes}"
    )
    yield "n_categories", c.n_categories > 0 and (c.decoder_is_conditional or c.discriminator_is_conditional), (
        f"labels={c.labels!r} already gives the class: set n_categories=0 or labels='classifier'"
    )
    yield "n_categories", c.n_categories > 0 and c.regularizer != "adversarial", (
        "only a discriminator shapes categories: set regularizer='adversarial'"
    )
    yield "input_noise", c.corruption != "gaussian" and c.input_noise > 1, (
        f"corruption={c.corruption!r} takes a share of the pixels: set at most 1"
    )
    yield "pseudo_label_threshold", c.pseudo_label_threshold > 0 and c.n_categories == 0, (
        "there is no y: set n_categories or 0"
    )
    yield "pseudo_label_threshold", c.pseudo_label_threshold > 0 and c.ema_decay == 0, (
        "pseudo-labels are predictions of the averaged network: set ema_decay=0.99"
    )
    yield "cluster_heads", c.cluster_heads and c.n_categories == 0, "there are no clusters: set n_categories"
    yield "head_distance", c.head_distance > 0 and not c.cluster_heads, "needs cluster_heads=true"

# fmt: on
