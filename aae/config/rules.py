"""The rules of fields that go together: what each field of a config allows alone, but not with the others."""

import itertools
import re
from collections.abc import Callable
from typing import Any, NamedTuple

from aae.config import ownlabels
from aae.config.datasets import KNOWN
from aae.config.errors import refuse

MAX_LABELED = 1_000_000  # images; as many as custom data may have, whose number is not known here
DRAWING_SIDE = 64  # cells along each side of a drawn prior
DRAWING = re.compile(rf"(?!0*$)[0-9a-f]{{{DRAWING_SIDE**2}}}")


class Rule(NamedTuple):
    """A rule of a config c."""

    field: str  # to blame
    is_broken: Callable[[Any], bool]
    text: str  # the rule with its remedy, to be formatted


# fmt: off
RULES = (
    Rule("n_classes", lambda c: c.n_classes != n_classes(c),
         "{c.dataset} has {n_classes} classes: leave it {n_classes}"),
    Rule("held_out_class", lambda c: c.held_out_class is not None and n_classes(c) == 1,
         "{c.dataset} has one class, and nothing else to train on: leave it None"),
    Rule("held_out_class", lambda c: c.held_out_class is not None and c.held_out_class >= n_classes(c),
         "must be below {n_classes}, the number of classes, or None"),
    Rule("held_out_class", lambda c: c.held_out_class is not None and c.n_labeled is not None,
         "n_labeled={c.n_labeled} labels are balanced over all classes: set n_labeled=None, or leave it None"),
    Rule("latent_dim", lambda c: c.prior in ("mixture", "swiss_roll", "drawn") and c.latent_dim != 2,
         "prior={c.prior!r} lies in the plane: set latent_dim=2"),
    Rule("prior_image", lambda c: c.prior == "drawn" and not DRAWING.fullmatch(c.prior_image),
         "must be {n_cells:,} hexadecimal digits, not all 0: paint on the Train page, or --prior-image FILE"),
    Rule("prior_image", lambda c: c.prior != "drawn" and c.prior_image != "",
         "has no effect: set prior='drawn', or leave it"),
    Rule("regularizer", lambda c: c.regularizer == "kl" and not (c.prior == c.posterior == "gaussian"),
         "needs prior='gaussian' and posterior='gaussian': set both, or regularizer='adversarial'"),
    Rule("posterior", lambda c: c.posterior == "gaussian" and c.regularizer == "none",
         "shrinks to a point when nothing regularizes it: set posterior='deterministic'"),
    Rule("regularizer_weight", lambda c: (c.regularizer_weight[0] > 0) != (c.regularizer_weight[1] > 0),
         "grows geometrically: both 0 or both above 0"),
    Rule("n_labeled", lambda c: c.n_labeled is not None and c.labels == "unused",
         "no label is used: leave it None"),
    Rule("n_labeled", lambda c: c.n_labeled is not None and c.n_labeled % c.n_classes > 0,
         "labels are balanced over the {c.n_classes} classes: must be a multiple of {c.n_classes}"),
    Rule("own_labels", lambda c: not ownlabels.is_sound(c.own_labels),
         "must be at most {most_own:,} pairs index:class of different training images, such as '0:5 7:2'"),
    Rule("own_labels", lambda c: c.own_labels != "" and c.labels != "classifier",
         "a classifier alone learns from them: set labels='classifier', or leave it"),
    Rule("own_labels", lambda c: c.own_labels != "" and c.n_labeled is not None,
         "no other labels are drawn beside them: set n_labeled=None, or leave it"),
    Rule("own_labels", lambda c: c.own_labels != "" and c.held_out_class is not None,
         "images are numbered with those of all classes: set held_out_class=None, or leave it"),
    Rule("own_labels", lambda c: any(label >= n_classes(c) for _, label in ownlabels.parse(c.own_labels)),
         "classes must be below {n_classes}"),
    Rule("n_validation", lambda c: 2 * c.n_validation > n_train(c),
         "must leave half of the {n_train:,} training images"),
    Rule("n_validation", lambda c: c.held_out_class is not None and 4 * c.n_validation > n_train(c),
         "must be at most a quarter of the {n_train:,} training images where a class is held out"),
    Rule("n_labeled", lambda c: (c.n_labeled or 0) > n_train(c) - c.n_validation,
         "must be at most the {n_left:,} images that are trained on"),
    Rule("own_labels", lambda c: any(i >= n_train(c) - c.n_validation for i, _ in ownlabels.parse(c.own_labels)),
         "numbers must be below {n_left:,}, the number of images that are trained on"),
    Rule("labels", lambda c: c.decoder_is_conditional and c.n_labeled is not None,
         "the decoder needs every label: leave n_labeled=None"),
    Rule("labels", lambda c: c.discriminator_is_conditional and c.regularizer != "adversarial",
         "there is no discriminator: set regularizer='adversarial'"),
    Rule("n_categories", lambda c: c.labels == "classifier" and c.n_categories != c.n_classes,
         "labels='classifier' names the classes: set n_categories={c.n_classes}"),
    Rule("n_categories", lambda c: c.n_categories > 0 and c.labels in ("discriminator", "decoder", "both"),
         "labels={c.labels!r} already gives the class: set n_categories=0 or labels='classifier'"),
    Rule("n_categories", lambda c: c.n_categories > 0 and c.regularizer != "adversarial",
         "only a discriminator shapes categories: set regularizer='adversarial'"),
    Rule("input_noise", lambda c: c.corruption != "gaussian" and c.input_noise > 1,
         "corruption={c.corruption!r} takes a share of the pixels: set at most 1"),
    Rule("pseudo_label_threshold", lambda c: c.pseudo_label_threshold > 0 and c.n_categories == 0,
         "there is no y: set n_categories or 0"),
    Rule("pseudo_label_threshold", lambda c: c.pseudo_label_threshold > 0 and c.ema_decay == 0,
         "pseudo-labels are predictions of the averaged network: set ema_decay=0.99"),
    Rule("unlabeled_epochs", lambda c: c.unlabeled_epochs > 0 and not has_few_labels(c),
         "there are no few labels to spread: set labels='classifier' and n_labeled, or 0"),
    Rule("unlabeled_epochs", lambda c: c.unlabeled_epochs >= c.epochs,
         "must be below epochs={c.epochs}"),
    Rule("continued_at", lambda c: not is_increasing((*c.continued_at, c.epochs)),
         "must be numbers that grow, all below epochs={c.epochs}"),
    Rule("continued_at", lambda c: c.unlabeled_epochs >= min(c.continued_at, default=c.epochs),
         "must be above unlabeled_epochs={c.unlabeled_epochs}"),
    Rule("cluster_heads", lambda c: c.cluster_heads and c.n_categories == 0,
         "there are no clusters: set n_categories"),
    Rule("head_distance", lambda c: c.head_distance > 0 and not c.cluster_heads,
         "needs cluster_heads=true"),
)
# fmt: on


def is_increasing(numbers: tuple[int, ...]) -> bool:
    """Whether each number is above the one before it."""
    return all(a < b for a, b in itertools.pairwise(numbers))


def has_few_labels(c: Any) -> bool:
    """Whether a classifier learns from labels of some of the images."""
    return c.labels == "classifier" and c.label_count is not None


def n_classes(c: Any) -> int:
    """How many classes the data set of a config has."""
    return KNOWN[c.dataset].n_classes if c.dataset in KNOWN else c.n_classes


def n_train(c: Any) -> int:
    """How many training images the data set of a config has, at most."""
    return KNOWN[c.dataset].n_train if c.dataset in KNOWN else MAX_LABELED


def check(c: Any) -> None:
    """Refuse a config with fields that do not go together. Raises ConfigError."""
    for field, is_broken, text in RULES:
        if is_broken(c):
            facts = {"n_classes": n_classes(c), "n_train": n_train(c), "n_left": n_train(c) - c.n_validation}
            rule = text.format(c=c, n_cells=DRAWING_SIDE**2, most_own=ownlabels.MOST, **facts)
            raise refuse(field, getattr(c, field), rule)
