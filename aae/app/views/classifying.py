"""What the page Classify shows of a run."""

from typing import cast

import streamlit as st

from aae.analysis import metrics
from aae.app import words
from aae.app.browser import classified
from aae.app.browser.payloads import ClassifyPayload
from aae.app.runs import catalogue, runcache, testimages
from aae.app.runs.runcache import Known
from aae.app.server import blobs
from aae.app.views import choosers, clusters, loaders
from aae.config import Config
from aae.data import Images
from aae.runs import Run, titles

UNFIT = "it has no classifier q(y|x) that was trained with labels"
USUAL = "reduced_100"


def has_classifier(config: Config) -> bool:
    """Whether the encoder gives q(y|x) of the classes."""
    return config.labels == "classifier"


def choose_run() -> Run:
    """The chosen run among those with a classifier."""
    known = {id: known for id, known in catalogue.known().items() if has_classifier(known.config)}
    choosers.need(known, "No run here has a classifier: open a file of one, or train one.", show_run)
    usual = USUAL if USUAL in known else next(iter(known))
    help = "Models whose encoder gives q(y|x), learned with some labels."
    return runcache.load(choosers.choose_run(known, "classified", usual, help, UNFIT))


def show_run(opened: Known) -> str:
    """Show the run on Classify, or say why that cannot be."""
    return choosers.show_fit(opened, "classified", has_classifier(opened.config), UNFIT)


def advice(run: Run) -> str:
    """What the run is, what its classifier was trained with, and what its map shows, in a line."""
    about = titles.about(run.config, words.markdown(run.description.title))
    decoded = f" The map is decoded as {clusters.name_first(run)}." if clusters.first_label(run) is not None else ""
    return f"{about}{loaders.mistakes(run)}{loaders.projected(run)}{decoded}"


def payload(run: Run) -> ClassifyPayload:
    """How the run classifies test images, where the images or the run's file say it, beside its map."""
    with st.spinner("Classifying the test images"):
        file(run)
    return pad_data(run)


def pad_data(run: Run) -> ClassifyPayload:
    """The same, without a word while it is made."""
    plane = "0,1" if run.config.latent_dim <= 2 else "pca"
    shown = loaders.pad_data(run, plane, clusters.first_label(run))
    return {"kind": "classify", "file": file(run), "recorded": run.metrics.get("classification_error"), "map": shown}


def file(run: Run) -> str | None:
    """Which class each test image is given, where that is known."""
    found = testimages.of(run)
    is_known = found.images is not None or run.test_assignment is not None
    return file_url(run, found.files) if is_known else None


@blobs.published
def file_url(run: Run, _files: tuple) -> bytes:
    """Which class each test image is given, for the browser; a data set that came or went makes another file."""
    images = testimages.of(run).images
    if images is None:
        assert run.test_assignment is not None
        return classified.file_of_assignment(run.test_labels, run.test_assignment)
    code = metrics.encode_all(run.model(), cast(Images, images))
    return classified.file_of_images(run.test_labels, code.y_logits)
