"""Former names of Config's fields, which run files, job records, results and command lines may still hold."""

from typing import Any

from aae.config.errors import refuse
from aae.texts import quoted

ALIASES = {  # former name: present name
    "style_dim": "latent_dim",
    "averaging": "ema_decay",
    "pseudo_confidence": "pseudo_label_threshold",
    "pseudo_from": "pseudo_label_start",
    "pseudo_aligned": "distribution_alignment",
}
FORMER = {new: old for old, new in ALIASES.items()}


def to_present(values: dict[str, Any]) -> dict[str, Any]:
    """The values under present names. Raises ConfigError where a field has two different values."""
    for old in ALIASES.keys() & values.keys():
        new = ALIASES[old]
        if new in values and values[new] != values[old]:
            raise refuse(new, values[new], f"its former name {old} says {quoted(values[old])}: leave {old} out")
    return {ALIASES.get(name, name): value for name, value in values.items()}


def to_former(values: dict[str, Any]) -> dict[str, Any]:
    """The values under former names: of what was named by a digest before fields were renamed."""
    return {FORMER.get(name, name): value for name, value in values.items()}


class Aliased(type):
    """Calls of a class may name its fields by their former names."""

    def __call__(cls, *args: Any, **values: Any) -> Any:
        return super().__call__(*args, **to_present(values))
