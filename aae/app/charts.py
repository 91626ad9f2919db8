"""Plotly charts of what is read and analysed."""

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from aae import compare, explore
from aae.app import loaders
from aae.runs import Run

PALETTE = ("#4e79a7", "#f28e2b", "#2a9d8f", "#9c6ade")  # of models, in their order
GREY = "#9a9a9a"
HOLE = "#d6006e"
FADING = ["rgba(78,121,167,0)", "rgba(78,121,167,1)"]
N_CELLS = 40


def height(figure: go.Figure, pixels: int) -> go.Figure:
    """The figure at this height, with little around it."""
    return figure.update_layout(height=pixels, margin={"l": 10, "r": 10, "t": 40, "b": 10})


def contours(run: Run) -> go.Figure:
    """Density of the codes in colour, of the prior in lines, and prior draws that have no code nearby, as crosses."""
    prior = explore.prior_samples(run.model())
    x, y, half = view = explore.view(prior, symmetric=True)
    axes = {"x": x + np.linspace(-half, half, N_CELLS), "y": y + np.linspace(-half, half, N_CELLS), "showscale": False}
    figure = go.Figure()
    codes = compare.density(run.test_codes.float(), view, N_CELLS)
    figure.add_contour(z=codes, **axes, ncontours=10, colorscale=FADING, line_width=0, hoverinfo="skip")
    lines = {"contours_coloring": "lines", "colorscale": [GREY, GREY], "line_width": 1.5, "hoverinfo": "skip"}
    figure.add_contour(z=compare.density(prior, view, N_CELLS), **axes, ncontours=5, **lines)
    empty = loaders.holes(run).numpy()
    marker = {"color": HOLE, "size": 6, "symbol": "x"}
    figure.add_scatter(x=empty[:, 0], y=empty[:, 1], mode="markers", marker=marker, hoverinfo="skip")
    figure.update_xaxes(range=[x - half, x + half], constrain="domain")
    figure.update_yaxes(range=[y - half, y + half], constrain="domain", scaleanchor="x")
    return height(figure.update_layout(title=run.name, showlegend=False), 400)


def marginals(shown: list[Run]) -> go.Figure:
    """How the codes spread along each of the two axes, beside the prior."""
    figure = make_subplots(1, 2, subplot_titles=["z₁", "z₂"], shared_yaxes=True)
    view = explore.view(explore.prior_samples(shown[-1].model()), symmetric=True)
    bins = np.linspace(-view[2], view[2], 61)
    for axis in (0, 1):
        edges = bins + view[axis]
        middle = (edges[1:] + edges[:-1]) / 2
        prior = explore.prior_samples(shown[-1].model())[:, axis].numpy()
        named = [("prior", prior, GREY)]
        named += [
            (run.name, run.test_codes[:, axis].float().numpy(), c) for run, c in zip(shown, PALETTE, strict=False)
        ]
        for name, values, colour in named:
            share = np.histogram(values, edges, density=True)[0]
            dash = "dash" if name == "prior" else "solid"
            line = {"color": colour, "dash": dash, "shape": "spline"}
            figure.add_scatter(
                x=middle, y=share, name=name, line=line, legendgroup=name, showlegend=axis == 0, row=1, col=axis + 1
            )
    return height(figure, 320)


def radii(shown: list[Run]) -> go.Figure:
    """Quantiles of the codes' distance from the origin against the prior's: on the diagonal where they agree."""
    figure = go.Figure()
    prior = compare.radial_quantiles(explore.prior_samples(shown[-1].model()))
    figure.add_scatter(x=prior, y=prior, name="prior", line={"color": GREY, "dash": "dash"})
    for run, colour in zip(shown, PALETTE, strict=False):
        figure.add_scatter(
            x=prior, y=compare.radial_quantiles(run.test_codes.float()), name=run.name, line_color=colour
        )
    figure.update_layout(xaxis_title="distance from the origin: draws of the prior", yaxis_title="codes")
    return height(figure, 360)


def losses(history: list[dict], names: tuple[str, ...]) -> go.Figure:
    """Each loss over the epochs, on a logarithmic axis."""
    figure = go.Figure()
    epochs = [record["epoch"] for record in history]
    for name in (name for name in names if name in history[0]):
        figure.add_scatter(x=epochs, y=[record[name] for record in history], name=name)
    figure.update_layout(yaxis_type="log", yaxis_title="loss", xaxis_title="epoch", legend_orientation="h")
    return height(figure, 230)
