"""The Style & content page, of a run whose decoder is conditioned on the class."""

import io
import itertools
from typing import Any

import streamlit as st
import torch

from aae import data, figures
from aae.analysis import metrics, planes
from aae.app import words
from aae.app.browser import maps
from aae.app.browser.pad import pad
from aae.app.browser.payloads import StylePayload, Walk
from aae.app.runs import testimages
from aae.app.server import blobs
from aae.app.server.remembered import remembered
from aae.app.views import loaders
from aae.runs import Run

MAX_PINS, MAX_REQUEST, FAR = 50, 2000, 1e6  # limits of what is read of a browser's report


def advice(run: Run) -> str:
    """What may be done on the map."""
    noun, n = words.markdown(run.description.noun), run.config.n_classes
    several = f"{n} {words.markdown(run.description.nouns)}" if n > 1 else f"1 {noun}"
    return f"One style, {several}: drag. Keys 0-9 enlarge a {noun}, a click pins the style as a row."


def show(run: Run, plane: str, linked: str) -> None:
    """The map that shows all classes of a style, and the animation of its pins that was requested."""
    key = f"style-{run.name}-{plane}"
    reported = st.session_state.get(key)
    pad(
        {**pad_data(run, plane), "linked": linked, "walk": answer(run, plane, reported.walk if reported else None)}, key
    )


def pad_data(run: Run, plane: str) -> StylePayload:
    """The map of a run's styles."""
    attributes = attributes_url(run, data.version(run.config.dataset))
    return maps.style_payload(loaders.pad_data(run, plane), attributes)


@blobs.published
def attributes_url(run: Run, _version: tuple) -> bytes:
    """The rank of each test image by each attribute, for the browser."""
    found = testimages.of(run).images
    return maps.attributes_file(run, found.floats() if found else None)


def answer(run: Run, plane: str, request: Any) -> Walk | None:
    """The animation that the browser requested; None where the request holds no pins."""
    pins = places(request.get("pins")) if isinstance(request, dict) else []
    if len(pins) < 2 or not isinstance(request.get("asked"), str):
        return None
    return {"asked": request["asked"][:MAX_REQUEST], "address": walk_url(run, plane, tuple(pins))}


def places(reported: Any) -> list[tuple[float, float]]:
    """The finite pairs among what a browser reported, which may be anything."""
    pairs = reported[:MAX_PINS] if isinstance(reported, list) else []
    sound = [pair for pair in pairs if isinstance(pair, list) and len(pair) == 2 and all(map(is_near, pair))]
    return [(float(x), float(y)) for x, y in sound]


def is_near(x: Any) -> bool:
    """Whether a value is a number, and one that a coordinate of a map can have."""
    return type(x) in (int, float) and abs(x) < FAR


@remembered
def leakage(run: Run) -> dict[str, float]:
    """The accuracies of classifiers that predict the class from the style code. Raises TooFew."""
    return metrics.leakage(run.test_codes.float(), run.test_labels.long())


def gauge(run: Run, beside: Run | None) -> None:
    """How much of the class leaks into the style, and into the code of an unconditional run. Raises TooFew."""
    noun = words.markdown(run.description.noun)
    st.subheader(f"How much of the {noun} is left in the style?")
    with st.spinner("Training two classifiers on the style codes"):
        accuracies = {shown.title: leakage(shown) for shown in ([run, beside] if beside else [run])}
    for (name, found), column in zip(accuracies.items(), st.columns(2), strict=False):
        with column:
            st.markdown(f"**{words.markdown(name)}**")
            with st.container(horizontal=True):
                st.metric("linear classifier", f"{100 * found['linear']:.0f} %", width=160)
                st.metric("small network", f"{100 * found['mlp']:.0f} %", width=160)
    unconditional = (
        f" The decoder of {beside.title} is not conditioned on the {words.markdown(beside.description.noun)}."
        if beside
        else ""
    )
    st.caption(
        f"Accuracy of classifiers that predict the {noun} from the code alone; always predicting the most frequent one "
        f"gives {100 * accuracies[run.title]['guess']:.0f} %. They are trained on half of the test codes and evaluated "
        f"on the other half.{unconditional}"
    )


@blobs.published
def walk_url(run: Run, plane: str, pins: tuple[tuple[float, float], ...]) -> bytes:
    """The walk through pinned styles, for the browser."""
    return walk(run, plane, [list(pin) for pin in pins])


def walk(run: Run, plane: str, pins: list[list[float]]) -> bytes:
    """The pinned styles in turn, to and fro, as the bytes of a GIF."""
    places = maps.plane(run, plane).lift(torch.tensor(pins))
    legs = [planes.straight_path(a, b, 16) for a, b in itertools.pairwise(places)]
    frames = figures.walk(run, torch.cat([*legs, *(leg.flip(0) for leg in reversed(legs))]))
    file = io.BytesIO()
    frames[0].save(file, "GIF", save_all=True, append_images=frames[1:], duration=60, loop=0)
    return file.getvalue()
