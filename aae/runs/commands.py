"""The command line that trains a config."""

import shlex

from aae.config import PRESETS, Config
from aae.config.written import write_value
from aae.runs import titles

DRAWING = "drawing.png"
FAILING = {name for name, entry in titles.SHIPPED.items() if entry.group == titles.FAILURES}


def training(config: Config) -> str:
    """The command that trains a config, from the preset that differs from it in the fewest fields.

    A preset that is meant to fail (FAILING) is named only where no field differs.
    """
    options = {name: assignments(config, preset) for name, preset in PRESETS.items()}
    options = {name: each for name, each in options.items() if name not in FAILING or not each}
    preset = min(options, key=lambda name: len(options[name]))
    drawing = ["--prior-image", DRAWING] if config.prior_image else []
    return shlex.join(["python", "-m", "aae", "train", preset, *options[preset], *drawing])


def assignments(config: Config, usual: Config) -> list[str]:
    """The options that set what differs from another config, but for what the data or a file give."""
    before, left_out = usual.to_json(), ("n_classes", "prior_image")
    changed = {name: v for name, v in config.to_json().items() if v != before[name] and name not in left_out}
    return [word for name, value in changed.items() for word in ("--set", f"{name}={write_value(value)}")]
