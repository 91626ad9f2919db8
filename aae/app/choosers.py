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
