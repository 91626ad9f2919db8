"""What several commands print."""

import sys
from typing import Any

from aae.texts import one_line


def say(text: object, code: int) -> int:
    """Print one line on standard error, and give the exit code back."""
    print(one_line(text), file=sys.stderr)
    return code


def describe(values: dict[str, Any]) -> str:
    """The main figures in one line."""
    return f"mse {values['reconstruction_mse']:.4f}, distance to the prior {values['prior_distance']:.3f}" + (
        f" (two prior samples: {values['prior_distance_floor']:.3f})"
    )
