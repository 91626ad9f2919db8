"""Signs of divergence: losses that are not finite, collapsed codes, a discriminator at chance."""

import math
from typing import Any

from aae.config import Config
from aae.data import Images

PATIENCE = 5  # epochs in a row that a sign of divergence must last
ALIKE = 1.0  # the sum of all pixels' variances; it is 53 for MNIST, and 5 for the 8x8 digits
FAR = 10  # times prior_distance_floor: codes farther from the prior than this, with a discriminator at chance, fail


class Diverged(RuntimeError):
    """Training has diverged; the text names the sign, the epoch and the setting to change."""


def check_health(config: Config, history: list[dict[str, Any]], images: Images) -> None:
    """Raise Diverged when the losses are not numbers, or the last PATIENCE epochs all show the same failure.

    Images that hardly differ may share a code: that is no failure.
    """
    last, recent = history[-1], history[-PATIENCE:]
    check_finite(config, last)
    for is_failing, describe in ((collapsed, collapse), (stuck, chance)):
        if len(recent) == PATIENCE and all(is_failing(config, record) for record in recent) and not alike(images):
            raise Diverged(f"epoch {last['epoch']}: {describe(config, last)}")


def check_finite(config: Config, record: dict[str, Any]) -> None:
    """Raise Diverged where a figure of an epoch is infinite or no number."""
    for name, value in record.items():
        if not all(math.isfinite(x) for x in (value if isinstance(value, list) else [value])):
            rate = config.learning_rate
            raise Diverged(f"epoch {record['epoch']}: {name} is {value}: lower learning_rate={rate}")


def alike(images: Images) -> bool:
    """Whether images hardly differ, so that their codes need not differ either."""
    return images.floats().var(0).sum().item() < ALIKE


def collapsed(config: Config, record: dict[str, Any]) -> bool:
    """Whether codes have shrunk to a point: in any dimension; of a VAE in all, since it may leave some unused."""
    widest = max if config.regularizer == "kl" else min
    return widest(record["code_std"]) < 0.02 * config.prior_std


def stuck(config: Config, record: dict[str, Any]) -> bool:
    """Whether the discriminators are at chance though the codes are far from the prior."""
    if config.regularizer != "adversarial":
        return False
    chance = 2 * math.log(2) * (2 if config.n_categories else 1)
    return abs(record["discriminator"] - chance) < 0.01 and (
        record["prior_distance"] > FAR * record["prior_distance_floor"]
    )


def collapse(config: Config, record: dict[str, Any]) -> str:
    """What collapsed codes are, and what to change."""
    return (
        f"the codes have collapsed (standard deviation {min(record['code_std']):.2g}):"
        f" lower regularizer_weight={config.regularizer_weight} or learning_rate={config.learning_rate}"
    )


def chance(config: Config, record: dict[str, Any]) -> str:
    """What a discriminator at chance is, and what to change."""
    return (
        f"the discriminator is stuck at chance, 2 ln 2, while the codes are {record['prior_distance']:.2f} from the"
        f" prior (two prior samples: {record['prior_distance_floor']:.2f}): raise"
        f" discriminator_steps={config.discriminator_steps} or"
        f" discriminator_learning_rate={config.discriminator_learning_rate}"
    )
