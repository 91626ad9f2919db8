"""python -m aae work: a job of the app, which starts it."""

import argparse
import os

from aae import jobs, runs
from aae.jobs.records import ASKED
from aae.texts import one_line


def work(options: argparse.Namespace) -> int:
    """Train a job that the app has written."""
    if not os.path.isfile(options.folder / ASKED):
        problem = f"{one_line(options.folder, 200)}: holds no job ({ASKED} is not there)"
        raise runs.RunError(f"{problem}: the app makes jobs, and starts them")
    return jobs.work(options.folder)
