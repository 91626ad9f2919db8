"""What the page Compress & search shows."""

import json
from typing import Any

import streamlit as st
from safetensors.torch import save as serialize

from aae import figures
from aae.analysis import hashing
from aae.app import words
from aae.app.browser import maps
from aae.app.browser.payloads import SearchPayload
from aae.app.runs import testimages
from aae.app.server import blobs
from aae.app.views import clusters, loaders, plots
from aae.runs import SHIPPED, Run, titles

KEPT = SHIPPED.parent / "benchmarks/results/compression.json"
PIXELS = "pixels"  # how the names of methods begin that are no runs


def payload(run: Run) -> SearchPayload:
    """The codes of the run's test images, its encoder, and the hyperplanes."""
    description = words.payload(run.description)
    return {
        "kind": "search",
        "run": run.name,
        **{key: description[key] for key in ("class_names", "noun", "shape", "centred")},
        "colours": list(figures.CLASS_COLOURS),
        "latent_dim": run.config.latent_dim,
        "gaussian_posterior": run.config.posterior == "gaussian",
        "conditional": maps.conditional(run.config),
        "label": clusters.first_label(run),
        "encoder": loaders.encoder_url(run),
        "decoder": loaders.decoder_url(run),
        "decoder_rest": loaders.decoder_rest_url(run),
        "codes": loaders.codes_url(run),
        "hash": hash_url(run),
        "images": testimages.of(run).address,
    }  # type: ignore[typeddict-item]


@blobs.published
def hash_url(run: Run) -> bytes:
    """Hyperplanes through the mean of the run's test codes, for the browser."""
    made = hashing.random_hyperplanes(run.test_codes.float())
    return serialize({"centre": made.centre, "directions": made.directions.contiguous()})


@st.cache_resource(show_spinner=False)
def curves() -> None:
    """Precision against bits, and error against bytes, as they were measured."""
    if not KEPT.exists():
        return
    kept = json.loads(KEPT.read_text())
    left, right = st.columns(2)
    with left:
        plots.show(_precision(kept), "precision", "Share of found images of the same class by the bits of a code")
    with right:
        plots.show(_sizes(kept), "sizes", "Reconstruction error by the bytes of a code")
    st.caption(
        f"First chart: {kept['about']} Second chart: a code's numbers in float16. Measured by `{kept['command']}`."
    )


def _precision(kept: dict[str, Any]) -> Any:
    """The precision of the nearest images by each method."""
    from plotly import graph_objects as go

    from aae.app.views import charts

    figure = go.Figure()
    for row in kept["search"]:
        n, mean, sd = zip(*row["precision"], strict=True)
        line = {"dash": "dot"} if row["of"].startswith(PIXELS) else {}
        figure.add_scatter(x=n, y=mean, name=_named(row["of"]), line=line, error_y={"array": sd, "thickness": 1})
    figure.update_xaxes(title="bits", type="log", tickvals=[2, 4, 8, 16, 32, 64])
    figure.update_yaxes(title=f"precision of the {kept['k']} nearest", range=[0, 1])
    return charts.height(figure.update_layout(title="Found images of the same class", legend=charts.BELOW), 480)


def _sizes(kept: dict[str, Any]) -> Any:
    """The reconstruction error of each run by the size of its codes, beside principal components."""
    from plotly import graph_objects as go

    from aae.app.views import charts

    figure = go.Figure()
    for name in dict.fromkeys(row["of"] for row in kept["size"]):
        rows = [row for row in kept["size"] if row["of"] == name]
        mode = "lines+markers" if len(rows) > 1 else "markers"
        x, y = [row["bytes"] for row in rows], [row["mse"] for row in rows]
        figure.add_scatter(x=x, y=y, name=_named(name), mode=mode, marker={"size": 10})
    figure.update_xaxes(title="bytes of a code (an image has 784)", type="log", tickvals=[2, 4, 8, 16, 32, 64, 128])
    figure.update_yaxes(title="reconstruction MSE per pixel", rangemode="tozero")
    return charts.height(figure.update_layout(title="Size against quality", legend=charts.BELOW), 480)


def _named(of: str) -> str:
    """What charts call a method: a shipped run by its title."""
    return titles.SHIPPED[of].title if of in titles.SHIPPED else of
