"""You label ten: a visitor's labels of ten training images, and what a classifier makes of them."""

import functools
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import streamlit as st
from safetensors.torch import save as serialize

from aae import data, jobs, runs
from aae.analysis.apart import apart
from aae.app import notices
from aae.app.browser.pad import pad
from aae.app.browser.payloads import LabelPayload
from aae.app.runs import live
from aae.app.server import blobs, identity
from aae.app.views import choosers
from aae.app.views.labelcurve import Own
from aae.config import PRESETS, Config, ConfigError, ownlabels
from aae.config.datasets import KNOWN

PAGES = Path(__file__).resolve().parents[3] / "pages"
N = 10  # images
MAX_DRAW = 99
MAX_ASKED = 60  # characters of what a browser calls its report
KEY = "labelling"  # of the component
SENT = "labels_sent"  # in the visit: the report that was answered last, and why nothing came of it
EVERY = 2  # s between two looks at what trains
EXTRAS = replace(PRESETS["semi_100_extras"], distribution_alignment=True)  # the lowest mean error on held-out images
RECIPES = {  # by data set, some 60 and 7 CPU seconds
    "mnist": replace(EXTRAS, epochs=8),
    "digits": replace(EXTRAS, hidden=(256, 256), shift=0, distortion=0.15, ema_decay=0.9, batch_size=64, epochs=30),
}


class Ten(NamedTuple):
    """The images that are labelled."""

    dataset: str
    draw: int
    rows: tuple[int, ...]  # among the training images

    @property
    def name(self) -> str:
        return f"{self.dataset}-{self.draw}"


# Which images


def choose() -> Ten:
    """Ten training images of a data set that is here."""
    with st.container(horizontal=True):
        dataset = choosers.choose(
            "Images of", here(), "labelled", format_func=lambda name: KNOWN[name].title, width=170, help=HELP
        )
        asked = st.query_params.get_all("ten")
        draw = st.number_input("Draw", 0, MAX_DRAW, 0, key="ten", width=130, help=DRAW_HELP, **choosers.LINKED)
        choosers.check_number("ten", asked, 0, MAX_DRAW, draw)
    return ten_of(dataset, draw)


def here() -> list[str]:
    """The data sets of which images can be labelled on this machine."""
    return [name for name in RECIPES if not data.missing_files(name)]


def ten_of(dataset: str, draw: int) -> Ten:
    """The ten images of a draw. Raises DataError."""
    return Ten(dataset, draw, rows_of(dataset, data.version(dataset), draw))


def about(dataset: str) -> str:
    """What the labels are for, in a sentence."""
    others, recipe = KNOWN[dataset].n_train - N, RECIPES[dataset]
    return (
        f"A classifier learns from your ten labels and, without labels, from the other {others:,} training images, "
        f"in {recipe.epochs} epochs."
    )


@functools.lru_cache(maxsize=1024)
def rows_of(dataset: str, _version: tuple, draw: int) -> tuple[int, ...]:
    """The numbers of ten training images that lie apart."""
    return tuple(apart(data.load_train(dataset), N, draw))


@blobs.published
def images_url(dataset: str, version: tuple, draw: int) -> bytes:
    rows = list(rows_of(dataset, version, draw))
    return serialize({"images": data.load_train(dataset).pixels[rows]})


def payload(ten: Ten, answered: str = "") -> LabelPayload:
    """The ten images, and which report was answered last."""
    known, images = KNOWN[ten.dataset], images_url(ten.dataset, data.version(ten.dataset), ten.draw)
    about: Any = {"class_names": list(known.classes), "noun": known.noun, "shape": list(known.shape)}
    return {
        "kind": "label",
        "ten": ten.name,
        "n": N,
        "images": images,
        "answered": answered,
        **about,
    }


# What becomes of the labels


def panel() -> list[Own]:
    """Ten images to be labelled, and the trainings with labels so far; what came of those that are finished."""
    try:
        label()
    except data.DataError as error:
        st.warning(str(error))  # another data set can be chosen
    kept = mine()
    progress(kept)
    return results(kept)


def label() -> None:
    """Ten images to be labelled; a report of their labels starts a training. Raises DataError."""
    ten = choose()
    st.caption(about(ten.dataset))
    before = st.session_state.get(KEY)
    report, (answered, refused) = before.chosen if before else None, st.session_state.get(SENT, ("", ""))
    if isinstance(report, dict) and (asked := str(report.get("asked"))[:MAX_ASKED]) != answered:
        answered, refused = st.session_state[SENT] = asked, answer(ten, report)
    pad(payload(ten, answered), KEY)
    if refused:
        st.error(refused)


def answer(ten: Ten, report: dict[str, Any]) -> str:
    """Start the training that a report asks for; why that cannot be, or nothing."""
    labels: Any = report.get("labels")
    if report.get("ten") != ten.name or not are_labels(labels, KNOWN[ten.dataset].n_classes):
        return "The labels were of other images: label these, and press once more."
    try:
        return start(config_of(ten, labels))
    except (ConfigError, data.DataError, jobs.JobError) as error:
        return str(error)


def are_labels(labels: Any, n_classes: int) -> bool:
    """Whether what a browser sent is a class for each of the images."""
    sound = isinstance(labels, list) and len(labels) == N
    return sound and all(type(label) is int and 0 <= label < n_classes for label in labels)


def config_of(ten: Ten, labels: list[int]) -> Config:
    """The training with these labels alone. Raises ConfigError."""
    given = ownlabels.write(dict(zip(ten.rows, labels, strict=True)))
    return replace(data.fit(RECIPES[ten.dataset], ten.dataset), own_labels=given, n_labeled=None)


def start(config: Config) -> str:
    """Queue the training; why it was not, or nothing. Raises ConfigError, DataError, JobError."""
    same = [job for job in mine() if job.config == config and (job.is_active or job.status == jobs.FINISHED)]
    if same:
        return "With these labels it was trained already: change one, or draw other images."
    data.check(config)
    runs.check_size(config, live.n_snapshots(config))
    gone = live.manager().crowded_out(identity.owner())
    live.manager().submit(config, f"{N} own labels, {KNOWN[config.dataset].title}", identity.owner())
    if gone:
        st.toast(f"Deleted, over the limit: {', '.join(map(live.title, gone))}.")
    return ""


def mine() -> list[jobs.Job]:
    """The visitor's trainings with labels of their own, the newest first."""
    me = identity.owner()
    return [job for job in live.manager().all() if job.config.own_labels and not job.sweep and job.belongs_to(me)]


# What came of them


def progress(kept: list[jobs.Job]) -> None:
    """The visitor's trainings, looked at by a timer while one of them waits or runs."""
    every = EVERY if any(job.is_active for job in kept) else None
    st.fragment(_progress, run_every=every)([job.id for job in kept if job.is_active])


@notices.if_the_disk_is_full()
def _progress(active: list[str]) -> None:
    kept = mine()
    if active != [job.id for job in kept if job.is_active]:
        st.rerun()  # the curve has another point, and the timer may end
    for job in kept:
        one(job)


def one(job: jobs.Job) -> None:
    """How far a training is, or what came of it."""
    found = result(job)
    if found:
        st.markdown(in_words(found))
        return
    if job.is_active:
        done = job.progress.step / max(1, job.progress.steps)
        waits = f"queued, position {job.place}" if job.status == jobs.QUEUED else f"{job.status}, {100 * done:.0f} %"
        st.progress(min(1.0, done), f"{live.title(job)}: {waits}")
    else:
        why = f": {live.manager().error(job.id)}" if job.status == jobs.FAILED else ""
        st.warning(f"{live.title(job)} is {job.status}{why}")
    st.page_link(PAGES / "train.py", label="Watch it on Train", query_params={"watch": job.id})


def results(kept: list[jobs.Job]) -> list[Own]:
    """What came of those trainings that are finished."""
    return [found for job in kept if (found := result(job))]


def result(job: jobs.Job) -> Own | None:
    """What came of a training, once it is finished."""
    run, config = live.run(job) if job.status == jobs.FINISHED else None, job.config
    if run is None or "classification_error" not in run.metrics:
        return None
    chance, error = 100 * (1 - 1 / config.n_classes), 100 * run.metrics["classification_error"]
    agree = agreeing(config.dataset, data.version(config.dataset), config.own_labels)
    return Own(KNOWN[config.dataset].title, config.label_count or 0, error, chance, agree)


@functools.lru_cache(maxsize=1024)
def agreeing(dataset: str, _version: tuple, given: str) -> int | None:
    """How many of the labels are those of the data set, where that is here."""
    try:
        labels = data.load_train(dataset).labels
    except data.DataError:
        return None
    return sum(int(labels[index]) == label for index, label in ownlabels.parse(given))


def in_words(found: Own) -> str:
    """A result in a sentence or two."""
    n, agree = found.n_labels, found.agree
    right = "" if agree is None else f" {agree} of your {n} labels are those of the data set."
    return (
        f"**{found.error:.1f} %** of the test images of {found.dataset} get a wrong class, with your {n} labels "
        f"(a class drawn at random: {found.chance:.0f} %).{right}"
    )


HELP = "MNIST where it is on this server; Digits 8x8 comes with scikit-learn."
DRAW_HELP = "Another number, another ten: the images nearest to the centres of k-means on a sample of training images."
