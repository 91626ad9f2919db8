"""What the Compare page asks of several runs."""

import json
from typing import Any

import streamlit as st
from PIL import Image
from torch import Tensor

from aae import compare, explore, figures
from aae.app import loaders
from aae.runs import SHIPPED, Run

GROUP = "compare"
N_DRAWS = 16
PLANE = "0,1"
CLAIMS = SHIPPED.parent / "benchmarks/results/compare.json"
COLUMNS = {  # metric: (heading, what it means)
    "reconstruction_mse": ("squared error", "per pixel, of test images in [0, 1] after encoding and decoding"),
    "prior_distance": ("distance to prior", "sliced Wasserstein-1 from the test codes to as many draws of the prior"),
    "prior_distance_floor": ("floor", "the same distance between two samples of the prior: nothing can be nearer"),
    "coverage": ("coverage", "share of the prior's mass that has a code nearby; what is missing are holes"),
    "seconds": ("CPU seconds", "of training, one thread"),
}


@st.cache_data(max_entries=64, show_spinner=False, hash_funcs=loaders.BY_CONTENT)
def common_view(shown: list[Run]) -> tuple[float, float, float]:
    """The axes and the scale on which all these runs are shown."""
    return compare.common_view(shown, [explore.axes_plane(2)] * len(shown))


def pad_data(run: Run, view: tuple[float, float, float], linked: str, draws: Tensor | None) -> dict[str, Any]:
    """A pad of the group, on the common view, with its draws as numbered places."""
    marks = [] if draws is None else draws.tolist()
    label = 0 if explore.n_labels(run.config) else None
    return {**loaders.pad_data(run, PLANE, label), "group": GROUP, "view": list(view), "linked": linked, "marks": marks}


@st.cache_data(max_entries=64, show_spinner=False, hash_funcs=loaders.BY_CONTENT)
def controls_data(shown: list[Run]) -> dict[str, Any]:
    """Epochs that all these runs have snapshots of, their names, and two squares to look at."""
    epochs = sorted(set.intersection(*(set(run.snapshots) for run in shown)))
    return {"group": GROUP, "epochs": epochs, "runs": [run.name for run in shown], **squares(*shown)}


def squares(*shown: Run) -> dict[str, dict[str, float]]:
    """The square that shows all these runs, and the one that shows the prior."""
    prior_view = explore.view(explore.prior_samples(shown[-1].model()), symmetric=True)
    views = {"view": common_view(list(shown)), "prior_view": prior_view}
    return {name: dict(zip(("x", "y", "half"), view, strict=True)) for name, view in views.items()}


def caption(run: Run) -> str:
    """A run's two main numbers."""
    distance = run.metrics["prior_distance"] / run.metrics["prior_distance_floor"]
    return f"squared error {run.metrics['reconstruction_mse']:.4f}, {distance:.1f} x floor from the prior"


@st.cache_data(max_entries=64, show_spinner="Fitting a mixture to the codes", hash_funcs=loaders.BY_CONTENT)
def draw(run: Run, of: str, seed: int) -> Tensor:
    """Draws [N_DRAWS, 2] of the run's prior, or of a mixture fitted to its codes."""
    if of == "the prior":
        return compare.draw_prior(run.config, N_DRAWS, seed)
    return compare.draw_mixture(run.test_codes.float(), N_DRAWS, seed)


def strip(run: Run, codes: Tensor) -> Image.Image:
    """The decoded draws in a row."""
    picture = figures.tile(explore.decode(run.model(), codes), run.config.image_shape, len(codes), gap=2)
    return figures.enlarge(picture, 1400)


def table(shown: list[Run]) -> None:
    """The runs' numbers, sortable, each with what it means."""
    rows = [{"run": run.name, **{key: run.metrics.get(key) for key in COLUMNS}} for run in shown]
    for row, run in zip(rows, shown, strict=True):
        row["seconds"] = run.cpu_seconds
    formats = {"seconds": "%.0f"}
    config = {
        key: st.column_config.NumberColumn(heading, help=meaning, format=formats.get(key, "%.4f"))
        for key, (heading, meaning) in COLUMNS.items()
    }
    st.dataframe(rows, column_config=config, hide_index=True)
    st.caption("  \n".join(f"**{heading}**: {meaning}." for heading, meaning in COLUMNS.values()))


def claims() -> None:
    """What papers say of AE, VAE and AAE, beside what was measured here over several seeds."""
    if not CLAIMS.exists():
        st.info("Not measured yet: `python -m benchmarks.compare` does it.")
        return
    measured = json.loads(CLAIMS.read_text())
    st.markdown(measured["markdown"])
    st.caption(f"Measured by `{measured['command']}`: {measured['about']}")
