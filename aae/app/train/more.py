"""The fields under More of the Train form: those that are seldom changed, each with its meaning."""

from dataclasses import replace
from typing import Any

import streamlit as st

from aae import data
from aae.app import notices
from aae.app.views import choosers
from aae.config import Config

DEFAULT = "default"
FORMER_DEFAULT = "as shipped"  # the same in links of before
HELD_OUT = "held_out_class"
STRENGTH = "regularizer_weight"  # is multiplied: each model has another one
FIELDS = {  # of a config: label, values and meaning
    "learning_rate": (
        "Learning rate",
        (5e-4, 1e-3, 2e-3, 4e-3),
        "Of encoder and decoder, Adam. Paper: 0.01, then 0.001, with momentum.",
    ),
    "latent_dim": (
        "Latent dimension",
        (2, 3, 5, 8, 10, 15, 20),
        "Numbers in a code. A map of more than two is a plane through them. Paper: 2 in Fig. 2, 8 in Table 1, "
        "10 with few labels, 15 for style.",
    ),
    STRENGTH: (
        "Regularization strength",
        (0.125, 0.25, 0.5, 2.0, 4.0, 8.0),
        "Times the usual weight of the regularization beside the reconstruction loss; an AE has none. Paper: no "
        "weight, since each phase has its own updates.",
    ),
    "discriminator_steps": ("Discriminator updates", (1, 2, 3, 5), "For each update of the encoder. Paper: 1."),
    "prior_std": ("Scale of the prior", (0.5, 1.0, 2.0, 5.0), "Paper: 5 in Fig. 5."),
    "input_noise": (
        "Noise on the input",
        (0.1, 0.3, 0.5),
        "Standard deviation of noise added to pixels in [0, 1]; the clean image is the target. Paper: 0.3 with few "
        "labels.",
    ),
}


def choose(dataset: str) -> dict[str, Any]:
    """The fields that were changed; those that are left alone keep the preset's values."""
    with st.expander("More"):
        chosen = {field: one_of(field, *row) for field, row in FIELDS.items()}
        chosen[HELD_OUT] = choose_held_out(dataset)
    return {field: value for field, value in chosen.items() if value != DEFAULT}


def choose_held_out(dataset: str) -> Any:
    """A class of the data set that is not trained on."""
    names = data.describe(dataset).classes
    help = "Its images are not trained on, but tested: the page Anomalies shows how odd they are to it. Paper: none."
    named: dict[str, Any] = {"format_func": lambda k: k if k == DEFAULT else names[k], "help": help}
    return choosers.choose("Held-out class", [DEFAULT, *range(len(names))], HELD_OUT, **named)


def one_of(field: str, label: str, values: tuple, help: str) -> Any:
    """The value of a field, in the link."""
    options, asked = [DEFAULT, *values], st.query_params.get_all(field)
    value = st.select_slider(label, options, key=field, help=help, bind="query-params")
    notices.unknown(field, [text for text in asked if text not in (FORMER_DEFAULT, *map(str, options))], options, value)
    return value


def apply(config: Config, chosen: dict[str, Any]) -> Config:
    """The config with what was chosen. Raises ConfigError."""
    first, last = config.regularizer_weight
    times = chosen.get(STRENGTH, 1.0)
    return replace(config, **{**chosen, STRENGTH: (times * first, times * last)})
