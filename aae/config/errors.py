"""The error of a config that makes no sense."""

from typing import Any

from aae.texts import one_line, quoted


class ConfigError(ValueError):
    """A config that makes no sense; its text names the field, the value, the rule and the remedy in one line."""

    def __init__(self, text: str):
        super().__init__(one_line(text))


def refuse(name: str, value: Any, rule: str) -> ConfigError:
    """An error in one shape: field=value: rule (which holds the remedy)."""
    return ConfigError(f"{name}={quoted(value)}: {rule}")
