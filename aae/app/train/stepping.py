"""Training by hand: one phase at a time, of what the form says, with what each phase moves."""

import secrets
from dataclasses import dataclass, field, replace
from typing import Any

import streamlit as st
import torch

from aae import data, training
from aae.analysis import planes
from aae.app import notices
from aae.app.browser import maps, trainings
from aae.app.browser.pad import pad
from aae.app.browser.payloads import LivePayload
from aae.app.runs import live, testimages
from aae.app.server import blobs
from aae.app.train import more
from aae.app.train.form import Choice
from aae.config import Config
from aae.config.datasets import KNOWN
from aae.training import frames

MAX_STEPS = 400  # minibatches in all: a lesson, not a training
BATCH, WIDTH = 128, 256  # images of a minibatch, and units of a layer, at most: a visitor waits for each step
N_CODES, N_ARROWS = 2000, 200  # test images on the map, and with an arrow
NAMES = {
    "reconstruction": "Reconstruction",
    "discriminator": "Discriminator",
    "generator": "Generator",
    "kl": "KL",
    "classification": "Classification",
}
IN_TURN = {2: "Both in turn", 3: "All three in turn", 4: "All four in turn"}
ALONE: dict[str, Any] = {
    "discriminator_steps": 1,
    "ema_decay": 0.0,
    "pseudo_label_threshold": 0.0,
    "unlabeled_epochs": 0,
    "epochs": 1,
}
MEANING = (
    "Each button runs a phase of the paper's algorithm on this number of minibatches, and updates only the networks "
    "that light up. Learning rates and weights stay those of the first epoch."
)


@dataclass
class Lesson:
    """A training of which each phase is run by hand."""

    state: training.State
    frames: dict[str, str] = field(default_factory=dict)  # address by the number of phases taken
    history: list[dict[str, float]] = field(default_factory=list)
    taken: int = 0
    phases: list[str] = field(default_factory=list)  # of the last button
    id: str = field(default_factory=lambda: secrets.token_hex(4))

    @property
    def digest(self) -> str:
        """The id, by which remembered functions tell lessons apart."""
        return self.id


@st.fragment
@notices.if_the_disk_is_full()
def panel(choice: Choice | None) -> None:
    """Buttons for each phase, and the pad that shows what it did."""
    if choice is None:
        st.info("The form on the left holds nothing that can be trained: see the line there.")
        return
    config, left_out = lesson_config(choice)
    lesson = current(config)
    widths = "-".join(map(str, config.hidden))
    st.caption(
        f"An untrained {choice.model} on {data.describe_for(config).title}, as the form says: {widths} hidden units, "
        f"{live.prior_words(config)}, seed {config.seed}. {left_out}"
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        buttons(lesson)
    pad(lesson_payload(lesson), key=f"lesson-{lesson.id}")


def buttons(lesson: Lesson) -> None:
    """One for each phase, one for all in turn, and one that begins anew."""
    label, phases = f"Minibatches of {lesson.state.config.batch_size}", trainings.phases(lesson.state.config)
    repeats = st.segmented_control(label, [1, 10, 50], default=10, required=True, key="repeats", help=MEANING)
    names, is_over = [phase["name"] for phase in phases], lesson.taken >= MAX_STEPS
    for name in names:
        if st.button(NAMES[name], key=f"phase-{name}", disabled=is_over):
            advance(lesson, [name], repeats)
    if len(names) > 1 and st.button(IN_TURN[len(names)], type="primary", disabled=is_over):
        advance(lesson, names, repeats)
    st.button("Start again", on_click=lambda: st.session_state.pop("lesson"))


def lesson_config(choice: Choice) -> tuple[Config, str]:
    """The config of the form as far as it applies step by step, and what of it does not."""
    said = ["Its epochs and discriminator updates do not apply."]
    if data.missing_files(choice.dataset):
        title = KNOWN[choice.dataset].title if choice.dataset in KNOWN else "The custom data set"
        said.append(f"{title} is not on this machine: the 8x8 digits instead.")
        others = {field: value for field, value in choice.changes.items() if field != more.HELD_OUT}
        choice = choice._replace(dataset="digits", changes=others)
    if max(choice.hidden) > WIDTH:
        said.append(f"At most {WIDTH} units a layer here.")
    config = choice.config(choice.model)
    hidden, batch = tuple(min(WIDTH, width) for width in config.hidden), min(BATCH, config.batch_size)
    return replace(config, hidden=hidden, batch_size=batch, **ALONE), " ".join(said)


def current(config: Config) -> Lesson:
    """This visitor's lesson; another config begins another."""
    kept = st.session_state.get("lesson")
    if kept is None or kept.state.config != config:
        kept = st.session_state["lesson"] = Lesson(training.start(config))
        keep_frame(kept)
    return kept


def advance(lesson: Lesson, phases: list[str], repeats: int) -> None:
    """Take so many minibatches through these phases in turn, and keep a frame of what came of it."""
    config = lesson.state.config
    train = data.load_for(config).train
    images = train._replace(labels=training.known_labels(config, train.labels))
    losses: dict[str, float] = {}
    for _ in range(repeats):
        generator = training.seeded(config.seed, lesson.taken, 1)
        rows = torch.randint(len(images.labels), (config.batch_size,), generator=generator)
        batch = training.make_batch(config, images, rows, generator)
        for phase in phases:
            losses[phase] = training.single_phase(lesson.state, batch, phase, generator).item()
        lesson.taken += 1
    lesson.phases = phases
    lesson.history.append({**(lesson.history[-1] if lesson.history else {}), **losses, "epoch": lesson.taken})
    keep_frame(lesson)


def test_images(lesson: Lesson) -> data.Images:
    """The test images that are on the map."""
    return data.load_test(lesson.state.config.dataset).rows(slice(N_CODES))


def keep_frame(lesson: Lesson) -> None:
    """Publish the current frame, with arrows where the losses of the last phases push codes."""
    model, images = lesson.state.model, test_images(lesson)
    pushes = training.pushes(model, images.rows(slice(N_ARROWS)), lesson.phases)
    frame = frames.frame(model, images) | {f"{maps.PUSH}{name}": arrows for name, arrows in pushes.items()}
    lesson.frames[str(lesson.taken)] = blobs.publish(maps.frame_file(frame))


@blobs.published
def scene_url(lesson: Lesson) -> bytes:
    """The classes of the test images, and draws of the lesson's prior, for the browser."""
    return maps.scene_file(test_images(lesson).labels, planes.prior_samples(lesson.state.model))


def lesson_payload(lesson: Lesson) -> LivePayload:
    """What the browser is given of a lesson."""
    n, config = lesson.taken, lesson.state.config
    course = {"step": n, "steps": n, "epochs": n, "frames": lesson.frames, "history": lesson.history}
    n_test = min(live.n_test(config), N_CODES)
    return {
        **trainings.common(config, data.describe_for(config), n_test, live.nearby_radius(config, n_test)),
        "run": "step by step",
        "title": "step by step",
        "trained": lesson.phases,
        "unit": "minibatch",
        "images": testimages.find(config.dataset).address,
        "no_images": "",
        "scene": scene_url(lesson),
        "timeline": {"status": "finished", **course},
    }
