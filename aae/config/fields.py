"""The config: one frozen dataclass with every choice of the paper, and the rules of its values."""

import functools
import math
import re
from contextlib import suppress
from dataclasses import asdict, dataclass, fields
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

from aae.config import ownlabels, rules
from aae.config.aliases import ALIASES, Aliased, to_present
from aae.config.datasets import KNOWN, MAX_CLASSES
from aae.config.errors import ConfigError, refuse
from aae.texts import nearest, quoted

OWN, OWN_SIDE = "own", 28  # custom data sets are named own-DIGEST, and scaled to this side
OWN_NAME = re.compile(rf"{OWN}-[0-9a-f]{{12}}")

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
    "held_out_class": (0, MAX_CLASSES - 1),
    "width": (1, 8192),
    "depth": (1, 8),
    "latent_dim": (1, 512),
    "n_categories": (0, 1000),
    "head_distance": (0.0, 100.0),
    "prior_std": (0.01, 100.0),
    "regularizer_weight": (0.0, 1e6),
    "n_labeled": (1, rules.MAX_LABELED),
    "labeled_per_step": (1, 10_000),
    "input_noise": (0.0, 10.0),
    "shift": (0, 7),
    "distortion": (0.0, 1.0),
    "pseudo_label_threshold": (0.0, 1.0),
    "pseudo_label_start": (0.0, 1.0),
    "unlabeled_epochs": (0, 100_000),
    "hidden_noise": (0.0, 10.0),
    "discriminator_noise": (0.0, 10.0),
    "discriminator_steps": (1, 20),
    "learning_rate": (1e-7, 1.0),
    "discriminator_learning_rate": (1e-7, 1.0),
    "ema_decay": (0.0, 0.99999),
    "batch_size": (2, 100_000),
    "epochs": (1, 100_000),
    "continued_at": (1, 100_000),
    "n_validation": (0, 100_000),
    "seed": (0, 2**31 - 1),
}


@dataclass(frozen=True)
class Config(metaclass=Aliased):
    """Every choice of the paper as a plain JSON value. Raises ConfigError for what makes no sense."""

    dataset: str = "mnist"
    n_classes: int = 10  # as many as the data set has
    held_out_class: int | None = None  # its images are neither trained nor validated on, but tested: for anomalies
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
    own_labels: str = ""  # that a person gave to training images, in place of drawn ones: "index:class index:class ..."
    labeled_per_step: int = 100  # labeled images added to each minibatch, where not all images have a label
    # training
    corruption: str = "gaussian"  # of the input, never of what is reconstructed
    input_noise: float = 0.0  # gaussian: standard deviation in pixel ranges; else: share of the pixels
    shift: int = 0  # pixels: inputs are moved by up to this much each way (Simard 2003; an extra: images are planes)
    distortion: float = 0.0  # inputs are turned, sheared, half as much scaled by up to this (Simard 2003; an extra)
    # pseudo-labels (Lee 2013; an extra): y of the averaged network, where its largest entry is above the threshold
    pseudo_label_threshold: float = 0.0  # 0: none
    pseudo_label_start: float = 0.3  # share of training before the first pseudo-label
    unlabeled_epochs: int = 0  # at first, after which labels spread over the features (Iscen 2019): first pseudo-labels
    distribution_alignment: bool = False  # y is first divided by its mean over the batch (Berthelot 2020)
    hidden_noise: float = 0.0  # standard deviation, before each ReLU of the encoder (Rasmus 2015; an extra)
    discriminator_noise: float = 0.0
    discriminator_steps: int = 3  # updates of the discriminators for each of the autoencoder
    learning_rate: float = 2e-3
    discriminator_learning_rate: float = 1e-3
    ema_decay: float = 0.99  # of the averaged weights, which the run keeps (Polyak 1992; an extra); 0: the last ones
    batch_size: int = 500
    epochs: int = 40
    continued_at: tuple[int, ...] = ()  # epochs after which a training that was finished went on
    n_validation: int = 0  # training images held out, the last ones; 0 for a final run on all of them
    seed: int = 0

    def __post_init__(self):
        for name in _hints(type(self)):
            object.__setattr__(self, name, checked_value(name, getattr(self, name)))
        rules.check(self)

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
    def label_count(self) -> int | None:
        """How many labels there are to learn from; None: all."""
        return len(ownlabels.parse(self.own_labels)) or self.n_labeled

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


def checked_value(name: str, value: Any) -> Any:
    """The value of one field as its declared type. Raises ConfigError where the field never takes it."""
    value = _typed(name, value, _hints(Config)[name])
    _check_choice(name, value)
    _check_ranges(name, value)
    return value


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


def _check_choice(name: str, value: Any) -> None:
    own = name == "dataset" and OWN_NAME.fullmatch(value)
    if name in CHOICES and value not in CHOICES[name] and not own:
        raise refuse(name, value, f"must be one of {', '.join(CHOICES[name])}{nearest(value, CHOICES[name])}")


def _check_ranges(name: str, value: Any) -> None:
    for ranged, number in _ranged_values(name, value):
        low, high = RANGES[ranged]
        if not low <= number <= high:
            raise refuse(name if ranged == "width" else ranged, number, f"must lie between {low} and {high}")


def _ranged_values(name: str, value: Any):
    """Each (name of a range, number) of a field's value; the numbers of a tuple one by one."""
    if name in ("hidden", "discriminator_hidden"):
        yield "depth", len(value)
        yield from (("width", width) for width in value)
    elif name in RANGES:
        values = value if isinstance(value, tuple) else (value,)
        yield from ((name, item) for item in values if item is not None)
