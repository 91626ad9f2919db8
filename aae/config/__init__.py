"""The paper's choices as one frozen dataclass, the presets, and what is known of data sets."""

from aae.config.fields import CHOICES, DRAWING_SIDE, OWN, OWN_NAME, OWN_SIDE, RANGES, Config, ConfigError, refuse
from aae.config.presets import AAE, PRESETS, SEMI

__all__ = [
    "AAE",
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
    "refuse",
]
