"""What the pages show of shipped runs, made before visitors come: the first of them would wait for it."""

import contextlib
import functools
import itertools
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

from aae import data, runs
from aae.analysis.metrics import TooFew
from aae.app.runs import catalogue, runcache
from aae.app.server import blobs, kept
from aae.app.views import (
    anomalies,
    choosers,
    classifying,
    clustering,
    clusters,
    comparison,
    labelling,
    loaders,
    scenes,
    searching,
    story,
    styling,
)

Make = Callable[[], Any]
DRAWS = 10  # of ten images to be labelled


def prepare(ended: threading.Event) -> None:
    """Make it all, an item at a time, and wait as long after each, so that a visitor who is here goes first."""
    for make in itertools.chain(home(), of_all_runs(of_run), tens(), of_all_runs(scored)):
        begin = time.monotonic()
        with contextlib.suppress(runs.RunError, data.DataError, blobs.Unwritable, TooFew, OSError):  # the page says it
            make()
        if ended.wait(time.monotonic() - begin):
            return


def home() -> Iterator[Make]:
    """What Home shows, and at last that it is kept for the next start of the server; nothing where that is so."""
    if story.kept_payload():
        return
    of, known, pictures = kept.made_of(), catalogue.shipped_known(), {}

    def picture(name: str) -> None:
        pictures[name] = scenes.picture(name, [known[run] for run in story.SCENES[name].runs])

    for name in story.here(known):
        yield functools.partial(picture, name)
    yield lambda: kept.write(kept.Home(dict(story.payload(known)), pictures), of)


def of_all_runs(made: Callable[[runs.Run], Iterator[Make]]) -> Iterator[Make]:
    """What is made of each shipped run that can be read."""
    for known in catalogue.shipped_known().values():
        with contextlib.suppress(runs.RunError):
            yield from made(runcache.load(known))


def of_run(run: runs.Run) -> Iterator[Make]:
    """What each page makes of a run as it shows it at first."""
    plane, label = "0,1" if run.config.latent_dim <= 2 else "pca", clusters.first_label(run)
    yield functools.partial(loaders.encode_data, run, plane, label)
    yield functools.partial(loaders.training, run)
    yield functools.partial(searching.payload, run)
    if run.config.latent_dim == 2:
        yield functools.partial(comparison.mixture, run)
    if choosers.is_conditional(run.config):
        yield functools.partial(styling.pad_data, run, plane)
        yield functools.partial(styling.leakage, run)
    if choosers.has_clusters(run.config):
        yield functools.partial(clustering.payload, run)
    if classifying.has_classifier(run.config):
        yield functools.partial(classifying.file, run)


def scored(run: runs.Run) -> Iterator[Make]:
    """What Anomalies shows of a run: its scores of all odd images."""
    for score in anomalies.scores_of(run)[:1]:  # the file holds all of them
        for odd in anomalies.odd_sets(run):
            yield functools.partial(anomalies.pad_data, run, score, odd)


def tens() -> Iterator[Make]:
    """The first draws of You label ten."""
    for dataset in labelling.here():
        for draw in range(DRAWS):
            yield functools.partial(labelling.ten_of, dataset, draw)
