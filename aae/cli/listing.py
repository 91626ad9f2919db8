"""python -m aae list: the presets, and the runs that are shipped."""

import argparse
from pathlib import Path

from aae import runs
from aae.cli.arguments import Commands
from aae.cli.words import describe
from aae.config import PRESETS, Config


def add_to(commands: Commands) -> None:
    """The command, which has no options."""
    commands.add_parser("list", help="presets, and the runs that are shipped").set_defaults(command=list_all)


def list_all(_: argparse.Namespace) -> int:
    """Print the presets, what each changes of the defaults, and the shipped runs with what they reached."""
    print("presets:")
    for name, config in PRESETS.items():
        changes = {k: v for k, v in config.to_json().items() if v != Config().to_json()[k]}
        print(f"  {name:<16}{', '.join(f'{k}={v}' for k, v in changes.items()) or 'the defaults of aae.config'}")
    print("shipped runs:")
    for name, file in runs.shipped().items():
        print(f"  {name:<24}{about(file)}")
    if not runs.shipped():
        print(f"  none: they come with a clone of the project, in {runs.SHIPPED.name}/")
    return 0


def about(file: Path) -> str:
    """What a run is and reached, or why it cannot be read."""
    try:
        run = runs.load(file)
    except runs.RunError as error:
        return str(error)
    return f"{run.title:<44} {run.config.dataset}, seed {run.config.seed}: {describe(run.metrics)}"
