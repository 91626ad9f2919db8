"""What the Style & content page asks of a run whose decoder is told the class."""

import io
import itertools
from typing import Any

import streamlit as st
import torch
from safetensors.torch import save as serialize

from aae import data, explore, figures, metrics
from aae.app import blobs, catalogue, links, loaders, runcache, testimages, words
from aae.attributes import ATTRIBUTES
from aae.runs import Run


def pad_data(run: Run, plane: str, linked: str) -> dict[str, Any]:
    """A pad that shows all classes in a style."""
    attributes = attributes_url(run, data.version(run.config.dataset))
    extra = {"encoder": loaders.encoder_url(run), "attributes": attributes, "linked": linked}
    return {**loaders.pad_data(run, plane, min(3, run.config.n_classes - 1)), **extra}


def advice(run: Run) -> str:
    """What may be done on the map."""
    noun, n = words.markdown(run.description.noun), run.config.n_classes
    several = f"{n} {words.markdown(run.description.nouns)}" if n > 1 else f"1 {noun}"
    return f"One style, {several}: drag. Keys 0-9 enlarge a {noun}, a click pins the style as a row."


@blobs.published
def attributes_url(run: Run, _version: tuple) -> bytes:
    """The rank (0 to 255) of each test image by each attribute; without the data set, of its reconstruction."""
    found, y = testimages.of(run).images, torch.eye(run.config.n_classes)[run.test_labels.long()]
    pixels = found.floats() if found else run.model().sample(run.test_codes.float(), y)
    images = pixels.view(-1, *run.config.image_shape[1:])
    ranks = {name: measure(images).argsort().argsort() / len(images) for name, measure in ATTRIBUTES.items()}
    return serialize({name: (255 * rank).to(torch.uint8) for name, rank in ranks.items()})


@st.cache_data(
    max_entries=64,
    show_spinner="Asking two classifiers what they can tell from the style",
    hash_funcs=loaders.BY_CONTENT,
)
def leakage(run: Run) -> dict[str, float]:
    """How well the class can be told from the style code. Raises TooFew."""
    return metrics.leakage(run.test_codes.float(), run.test_labels.long())


def gauge(run: Run, beside: Run | None) -> None:
    """How much of the class leaks into the style, and into the code of a run that was told nothing. Raises TooFew."""
    noun = words.markdown(run.description.noun)
    st.subheader(f"How much of the {noun} is left in the style?")
    told_of = {shown.name: leakage(shown) for shown in ([run, beside] if beside else [run])}
    columns = st.columns(4)
    for (name, told), pair in zip(told_of.items(), (columns[:2], columns[2:]), strict=False):
        pair[0].metric(f"{name}, linear classifier", f"{100 * told['linear']:.0f} %")
        pair[1].metric(f"{name}, small network", f"{100 * told['mlp']:.0f} %")
    told_nothing = f" {beside.name} was told nothing of {beside.description.nouns}." if beside else ""
    st.caption(
        f"Share of test images whose {noun} a classifier tells from the code alone; who always names the most frequent "
        f"one is right for {100 * told_of[run.name]['guess']:.0f} %. They learn on half of the test codes and are "
        f"asked about the other half.{told_nothing}"
    )


def walk_button(run: Run, plane: str) -> None:
    """Save the walk from the first pinned style to the last as a GIF of all classes."""
    pins = links.read_points("pins")
    if len(pins) < 2:
        st.caption("Click the map to pin styles: each is a row of the table; two make a walk that plays (Space).")
        return
    known = catalogue.of(run.name)  # not the run: what the button holds stays in memory
    st.download_button(
        "Save the walk as a GIF",
        lambda: walk(runcache.load(known), plane, pins),
        f"{run.name}-walk.gif",
        on_click="ignore",
        icon=":material/animation:",
    )


def walk(run: Run, plane: str, pins: list[list[float]]) -> bytes:
    """The pinned styles in turn, to and fro, as the bytes of a GIF."""
    places = loaders.plane(run, plane).lift(torch.tensor(pins))
    legs = [explore.straight_path(a, b, 16) for a, b in itertools.pairwise(places)]
    frames = figures.walk(run, torch.cat([*legs, *(leg.flip(0) for leg in reversed(legs))]))
    file = io.BytesIO()
    frames[0].save(file, "GIF", save_all=True, append_images=frames[1:], duration=60, loop=0)
    return file.getvalue()
