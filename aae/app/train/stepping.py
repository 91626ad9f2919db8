"""Training by hand: one phase at a time, on the 8x8 digits, with what each phase moves."""

import secrets
from dataclasses import dataclass, field, replace

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
from aae.config import PRESETS, Config
from aae.training import frames

MAX_STEPS = 400  # phases in all: a lesson, not a training
BATCH = 128
LESSON = replace(PRESETS["digits"], hidden=(128,), ema_decay=0.0, discriminator_steps=1)
NAMES = {"reconstruction": "Reconstruction", "discriminator": "Discriminator", "generator": "Generator"}


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
        """What its scene is known by."""
        return self.id


@st.fragment
@notices.if_the_disk_is_full()
def panel(prior: str, image: str) -> None:
    """Buttons for each phase, and the pad that shows what it did."""
    lesson = current(replace(LESSON, prior=prior, prior_image=image))
    st.caption(
        f"An untrained AAE on the 8x8 digits: {LESSON.hidden[0]} hidden units, seed {LESSON.seed}. Each button runs a "
        "phase of the paper's algorithm on this number of minibatches, and updates only the networks that light up. "
        f"Of the form on the left only the prior ({maps.prior_name(lesson.state.config)}) applies here."
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        repeats = st.segmented_control("Minibatches", [1, 10, 50], default=10, required=True, key="repeats")
        for phase, name in NAMES.items():
            if st.button(name, key=f"phase-{phase}", disabled=lesson.taken >= MAX_STEPS):
                advance(lesson, [phase], repeats)
        if st.button("All three in turn", type="primary", disabled=lesson.taken >= MAX_STEPS):
            advance(lesson, list(NAMES), repeats)
        st.button("Start again", on_click=lambda: st.session_state.pop("lesson"))
    pad(lesson_payload(lesson), key=f"lesson-{lesson.id}")


def current(config: Config) -> Lesson:
    """This visitor's lesson; another prior begins another."""
    kept = st.session_state.get("lesson")
    if kept is None or kept.state.config != config:
        kept = st.session_state["lesson"] = Lesson(training.start(config))
        keep_frame(kept)
    return kept


def advance(lesson: Lesson, phases: list[str], repeats: int) -> None:
    """Take so many minibatches through these phases in turn, and keep a frame of what came of it."""
    images = data.load("digits").train
    losses: dict[str, float] = {}
    for _ in range(repeats):
        generator = training.seeded(lesson.state.config.seed, lesson.taken, 1)
        rows = torch.randint(len(images.labels), (BATCH,), generator=generator)
        batch = training.make_batch(lesson.state.config, images, rows, generator)
        for phase in phases:
            losses[phase] = training.single_phase(lesson.state, batch, phase, generator).item()
        lesson.taken += 1
    lesson.phases = phases
    lesson.history.append({**(lesson.history[-1] if lesson.history else {}), **losses, "epoch": lesson.taken})
    keep_frame(lesson)


def keep_frame(lesson: Lesson) -> None:
    """Publish the current frame."""
    frame = frames.frame(lesson.state.model, data.load("digits").test)
    lesson.frames[str(lesson.taken)] = blobs.publish(maps.frame_file(frame))


@blobs.published
def scene_url(lesson: Lesson) -> bytes:
    """The classes of the test images, and draws of the lesson's prior, for the browser."""
    return maps.scene_file(data.load("digits").test.labels, planes.prior_samples(lesson.state.model))


def lesson_payload(lesson: Lesson) -> LivePayload:
    """What the browser is given of a lesson."""
    n, config = lesson.taken, lesson.state.config
    timeline = {
        "status": "finished",
        "step": n,
        "steps": n,
        "epochs": n,
        "frames": lesson.frames,
        "history": lesson.history,
    }
    n_test = live.n_test(config)
    return {
        **trainings.common(config, data.describe("digits"), n_test, live.nearby_radius(config, n_test)),
        "run": "step by step",
        "title": "step by step",
        "trained": lesson.phases,
        "unit": "minibatch",
        "images": testimages.find("digits").address,
        "no_images": "",
        "scene": scene_url(lesson),
        "timeline": timeline,
    }
