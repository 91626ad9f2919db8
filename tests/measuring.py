"""What it costs to read a file, in a process of its own."""

import multiprocessing
import resource
import time
from pathlib import Path
from typing import NamedTuple

from aae import data
from aae.data import custom
from aae.data.custom import limits


class Cost(NamedTuple):
    """Of one call."""

    megabytes: float  # that were added at the peak
    seconds: float  # of the processor
    said: str


def cost_of_parsing(path: Path, seconds: float) -> Cost:
    """What it costs to parse the file as a data set, for which it may take so many seconds."""
    limits.MAX_SECONDS, content = seconds, path.read_bytes()
    before, begin = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    try:
        said = custom.parse(content, path.name).report.lines()[0]
    except data.DataError as error:
        said = str(error)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return Cost((peak - before) / 1024, time.process_time() - begin, said)


def fresh_processes():
    """A pool that takes a new process for each call, forked from one in which everything is imported."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.measuring"])
    return context.Pool(1, maxtasksperchild=1)
