"""The paper's choices as one frozen dataclass, the presets, and what is known of data sets."""

from aae.config import ownlabels
from aae.config.aliases import ALIASES, to_former, to_present
from aae.config.errors import ConfigError, refuse
from aae.config.fields import CHOICES, OWN, OWN_NAME, OWN_SIDE, RANGES, Config
from aae.config.presets import AAE, PRESETS, SEMI
from aae.config.rules import DRAWING_SIDE

__all__ = [
    "AAE",
    "ALIASES",
    "CHOICES",
    "DRAWING_SIDE",
    "OWN",
    "OWN_NAME",
    "OWN_SIDE",
    "PRESETS",
    "RANGES",
    "SEMI",
    "Config",
    "ConfigError",
    "ownlabels",
    "refuse",
    "to_former",
    "to_present",
]
