"""python -m aae work: a job of the app, which starts it."""

import argparse
import os

from aae import jobs, runs, storage
from aae.cli.arguments import Commands
from aae.jobs.records import ASKED
from aae.texts import one_line


def add_to(commands: Commands) -> None:
    """The command and its folder."""
    command = commands.add_parser("work", help="train a job of the app, as long as standard input is open")
    command.set_defaults(command=work)
    command.add_argument("folder", metavar="FOLDER", nargs="?", help="or its URL; else its name on standard input")


def work(options: argparse.Namespace) -> int:
    """Train a job that the app has written."""
    folder = None if options.folder is None else storage.place_one(options.folder)
    if folder is not None and not os.path.isfile(folder / ASKED):
        problem = f"{one_line(options.folder, 200)}: holds no job ({ASKED} is not there)"
        raise runs.RunError(f"{problem}: the app makes jobs, and starts them")
    return jobs.work(folder)
