"""The Anomalies page: which images are normal, which are odd, and how a model scores them."""

import json
from typing import Any, NamedTuple

import streamlit as st
import torch
from safetensors.torch import save as serialize

from aae import data
from aae.analysis import anomalies, planes
from aae.app import words
from aae.app.browser import anomalies as files
from aae.app.browser import maps
from aae.app.browser.pad import pad
from aae.app.browser.payloads import AnomaliesPayload
from aae.app.runs import catalogue, runcache, testimages
from aae.app.runs.runcache import Known
from aae.app.server import blobs
from aae.app.server.remembered import remembered
from aae.app.views import choosers, comparison, loaders, oddities
from aae.config import Config
from aae.config.datasets import KNOWN
from aae.runs import Run

MEASURED = comparison.RESULTS / "anomaly.json"
MEANINGS = {  # of columns of the table
    "held out": "the digit of which no method was given a training image; in the last row the mean over the digits",
    "runs": "how many seeds the figures are of",
    "CPU s a run": "of training an AAE, one thread",
}


class Score(NamedTuple):
    """A score in words."""

    title: str
    unit: str
    meaning: str


SCORES = {
    anomalies.RECONSTRUCTION: Score(
        "reconstruction error",
        "mean squared error per pixel",
        "the mean over the pixels of the squared difference between the image and its reconstruction",
    ),
    anomalies.PRIOR: Score(
        "prior density of the code",
        "-log p(z), nats",
        "minus the logarithm of the density that the prior has at the image's code",
    ),
    anomalies.DISCRIMINATOR: Score(
        "discriminator",
        "-log D(z), nats",
        "minus the logarithm of the discriminator's probability that the image's code is a draw of the prior",
    ),
}


# What is chosen


def choose_run() -> Run:
    """The chosen run, at first one with a held-out class, else one whose normal images have a score here."""
    known = catalogue.known()
    choosers.need(known, choosers.NO_RUN, show_run)
    held_out_first = sorted(known, key=lambda id: known[id].config.held_out_class is None)
    usual = next(filter(lambda id: is_scored(known[id].config), held_out_first), next(iter(known), ""))
    return runcache.load(choosers.choose_run(known, "scored", usual, "The trained model that scores the images."))


def is_scored(config: Config) -> bool:
    """Whether the normal images of a run have a score here."""
    return bool(scores_with(config, testimages.find(config.dataset).images is not None))


def show_run(opened: Known) -> str:
    """Score by the run."""
    st.session_state["scored"] = opened.name
    return ""


def choose_score(run: Run) -> str | None:
    """The chosen score among those that normal images have here; None where they have none."""
    there = scores_of(run)
    if not there:
        return None
    help = "How odd an image is to the model; higher is odder."
    return choosers.choose("Score", there, "score", format_func=lambda name: SCORES[name].title, width=230, help=help)


def scores_of(run: Run) -> list[str]:
    """The scores that normal images of the run have here."""
    return scores_with(run.config, testimages.of(run).images is not None)


def scores_with(config: Config, has_images: bool) -> list[str]:
    """The scores of normal images; without the images, those that codes z alone have, where the run's file has them."""
    there = anomalies.names(config)
    if has_images:
        return list(there)
    return [name for name in there if name != anomalies.RECONSTRUCTION and not config.cluster_heads]


def choose_odd(run: Run) -> str:
    """What is chosen to be odd: the held-out class, another data set that is here, or noise."""
    return choosers.choose("Odd images", odd_sets(run), "odd", format_func=lambda odd: odd_title(run, odd), width=230)


def odd_sets(run: Run) -> list[str]:
    """What can be odd here."""
    others = [name for name in KNOWN if name != run.config.dataset and testimages.find(name).images is not None]
    return [*[oddities.CLASS] * (run.config.held_out_class is not None), *others, oddities.NOISE]


def odd_title(run: Run, odd: str) -> str:
    """What is odd, as it is offered."""
    if odd == oddities.CLASS:
        return f"the held-out {run.description.noun} {held_out_name(run)}"
    return KNOWN[odd].title if odd in KNOWN else odd


def held_out_name(run: Run) -> str:
    """The name of the held-out class."""
    return run.class_names[run.config.held_out_class or 0]


# What the browser is given


def show(run: Run, score: str | None, odd: str) -> None:
    """The scores of normal and odd images, or why there are none."""
    st.caption(explanation(run, score))
    if score is not None:
        with st.spinner("Scoring the images"):
            payload = pad_data(run, score, odd)
        pad(payload, key="anomalies")


def explanation(run: Run, score: str | None) -> str:
    """What the score is, and what is missing on this machine."""
    title, dataset = words.markdown(run.title), words.markdown(run.description.title)
    about = f"{title} scores images; a higher score is odder, and labels are not used. "
    if score is not None:
        about += f"**{SCORES[score].title.capitalize()}**: {SCORES[score].meaning}. "
    reason = testimages.of(run).reason
    if not reason:
        return about
    about += f"{dataset} {reason}: the reconstruction error of its images cannot be computed"
    if score is None:
        return f"{about}, and codes alone have no score under this model: choose another run."
    pictures = "pictures are decoded from these" if can_decode(run) else "there are no pictures of these"
    return f"{about}; the other scores are of the codes that the run holds, and {pictures}."


def pad_data(run: Run, score: str, odd: str) -> AnomaliesPayload:
    """Normal and odd images of a run by a score."""
    versions = data.version(run.config.dataset), data.version(odd) if odd in KNOWN else ()
    there = anomalies.names(run.config)
    return {
        **facts(run),
        "encoder": loaders.encoder_url(run),
        "decoder": loaders.decoder_url(run),
        "decoder_rest": loaders.decoder_rest_url(run),
        "discriminator": discriminator_url(run) if anomalies.DISCRIMINATOR in there else None,
        "prior": files.prior(run.config, cells_url(run) if run.config.prior == "drawn" else None),
        "scores": scores_url(run, odd, versions),
        "images": pictures_address(run),
        "odd_images": pictures_address(run) if odd == oddities.CLASS else foreign_url(run, odd, versions),
        "score": score,
        "score_title": SCORES[score].title,
        "unit": SCORES[score].unit,
        "normal": normal_words(run),
        "odd": odd_words(run, odd),
    }


@remembered
def facts(run: Run) -> dict[str, Any]:
    """What the browser is given of a run beside addresses."""
    return files.facts(run)


@blobs.published
def scores_url(run: Run, odd: str, _versions: tuple) -> bytes:
    """Each score of normal and of odd images, for the browser."""
    usual, other = oddities.normal(run), oddities.odd_part(run, odd)
    return files.scores_file(usual.scores, {name: other.scores[name] for name in usual.scores}, usual.rows, other.rows)


discriminator_url = blobs.published(files.discriminator_file)


@blobs.published
def cells_url(run: Run) -> bytes:
    """The cells of a drawn prior, for the browser."""
    return files.cells_file(run.config)


@blobs.published
def foreign_url(run: Run, odd: str, _versions: tuple) -> bytes:
    """The pictures of another data set, or of noise, for the browser."""
    return serialize({"images": oddities.foreign(run, odd).pixels})


def pictures_address(run: Run) -> str | None:
    """The test images; without them what is decoded from their codes, where these say all that a decoder takes."""
    found = testimages.of(run)
    if found.images is not None:
        return found.address
    return decoded_url(run) if can_decode(run) else None


def can_decode(run: Run) -> bool:
    """Whether the run's file has what its decoder takes: codes, and where it takes clusters, those of the codes."""
    return maps.conditional(run.config) != "clusters" or run.test_assignment is not None


@blobs.published
def decoded_url(run: Run) -> bytes:
    """The pictures decoded from the test codes, under their classes or clusters where the decoder takes one."""
    given = run.test_labels if run.test_assignment is None else run.test_assignment.cluster
    n = planes.n_labels(run.config)
    pixels = run.model().sample(run.test_codes.float(), torch.eye(n)[given.long()] if n else None)
    return serialize({"images": (255 * pixels).round().to(torch.uint8)})


def normal_words(run: Run) -> str:
    """What is normal."""
    codes = "" if testimages.of(run).images is not None else "codes of "
    if run.config.held_out_class is None:
        return f"{codes}test images of {run.description.title}"
    return f"{codes}test images of the other {run.description.nouns}"


def odd_words(run: Run, odd: str) -> str:
    """What is odd."""
    if odd == oddities.CLASS:
        codes = "" if testimages.of(run).images is not None else "codes of "
        return f"{codes}test images of {run.description.noun} {held_out_name(run)}, which the model was not trained on"
    if odd not in KNOWN:
        return "images of uniform noise"
    height, width = run.config.image_shape[1:]
    scaled = "" if KNOWN[odd].shape == run.config.image_shape else f", scaled to {height} x {width} pixels"
    return f"test images of {KNOWN[odd].title}{scaled}"


# What was measured


def table() -> None:
    """AUROC for each held-out digit, by the scores of the AAE and by other methods."""
    if not MEASURED.exists():
        st.info("Not measured yet: `python -m benchmarks.anomaly` does it.")
        return
    measured = json.loads(MEASURED.read_text())
    st.caption(f"Measured by `{measured['command']}`: {measured['about']}")
    comparison.explained(measured["rows"], {name: (name, MEANINGS.get(name, ""), None) for name in measured["rows"][0]})
