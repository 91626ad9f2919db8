"""The widgets by which a page's run, plane and label are chosen; each is in the link."""

import itertools

import streamlit as st

from aae import explore, runs
from aae.app import loaders

MAX_AXES = 8  # of a longer code the first ones are offered, beside the plane of largest variance


def run() -> runs.Run:
    """The chosen run."""
    name = st.selectbox(
        "Run", loaders.run_names(), key="run", bind="query-params", width=220, help="The trained model to look into."
    )
    return loaders.get_run(name)


def told_run() -> runs.Run:
    """The chosen run among those whose decoder is told the digit."""
    names = [name for name in loaders.run_names() if loaders.told(loaders.get_run(name).config) == "classes"]
    first = names.index("supervised_2d") if "supervised_2d" in names else 0
    name = st.selectbox(
        "Run",
        names,
        first,
        key="styles",
        bind="query-params",
        width=220,
        help="Models whose decoder is told the digit.",
    )
    return loaders.get_run(name)


def plane(shown: runs.Run) -> str:
    """The chosen plane of codes of more than two dimensions."""
    dim = shown.config.style_dim
    if dim <= 2:
        return "0,1"
    axes = [f"{i},{j}" for i, j in itertools.combinations(range(min(dim, MAX_AXES)), 2)]
    return st.selectbox(
        "Plane",
        ["pca", *axes],
        key="plane",
        bind="query-params",
        width=150,
        help="The plane of largest variance, or two axes of the code; the others stay at 0.",
    )


def label(shown: runs.Run) -> int | None:
    """The chosen class or cluster, where the decoder is told one."""
    n = explore.n_labels(shown.config)
    if not n:
        return None
    return st.selectbox(
        "Cluster" if shown.config.labels == "unused" else "Digit",
        range(n),
        key="label",
        bind="query-params",
        width=110,
        help="What the decoder is told beside the code.",
    )


MAX_COMPARED = 4


def several_runs() -> list[runs.Run]:
    """The chosen runs of two dimensions, one at least."""
    names = [name for name in loaders.run_names() if loaders.get_run(name).config.style_dim == 2]
    chosen = st.multiselect(
        "Runs",
        names,
        list(loaders.TRIO),
        key="runs",
        bind="query-params",
        max_selections=MAX_COMPARED,
        width=360,
        placeholder="ae",
    )
    return [loaders.get_run(name) for name in chosen or loaders.TRIO[:1]]


def pointer_meaning() -> str:
    """What the pointer takes to all pads: "code" or "image"."""
    return st.segmented_control(
        "Under the pointer the same",
        ["code", "image"],
        default="code",
        required=True,
        key="pointer",
        bind="query-params",
        help="The same place z in every model, or the same test image wherever each model puts it.",
    )


def samples() -> tuple[str | None, int]:
    """Whether draws are shown, of which distribution, and their seed."""
    drawn = st.selectbox(
        "Draws",
        ["none", "the prior", "a mixture fitted to the codes"],
        key="draws",
        bind="query-params",
        width=210,
        help="Of the prior: the same ones through every decoder. Of ten Gaussians fitted to each model's codes.",
    )
    if drawn == "none":
        return None, 0
    return drawn, st.number_input("Seed", 0, 9999, 0, key="seed", bind="query-params", width=110)
