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


def height(figure: go.Figure, pixels: int) -> go.Figure:
    """The figure at this height, with little around it."""
    return figure.update_layout(height=pixels, margin={"l": 10, "r": 10, "t": 40, "b": 10})


def contours(shown: list[Run], view: tuple[float, float, float]) -> go.Figure:
    """Density of the codes in colour, of the prior in lines, and prior draws that have no code nearby."""
    figure = make_subplots(1, len(shown), subplot_titles=[run.name for run in shown], horizontal_spacing=0.03)
    x, y, half = view
    for column, run in enumerate(shown, 1):
        axes = {"x": x + np.linspace(-half, half, 40), "y": y + np.linspace(-half, half, 40)}
        codes = compare.density(run.test_codes.float(), view)
        figure.add_contour(
            z=codes, **axes, ncontours=12, colorscale="Blues", showscale=False, line_width=0, row=1, col=column
        )
        prior = compare.density(explore.prior_samples(run.model()), view)
        lines = {"coloring": "none", "showlabels": False}
        figure.add_contour(
            z=prior, **axes, ncontours=5, contours=lines, line_color=GREY, name="prior", row=1, col=column
        )
        empty = loaders.holes(run).numpy()
        figure.add_scatter(
            x=empty[:, 0],
            y=empty[:, 1],
            mode="markers",
            marker={"color": HOLE, "size": 5, "symbol": "x"},
            name="prior without a code",
            showlegend=column == 1,
            row=1,
            col=column,
        )
        figure.update_xaxes(range=[x - half, x + half], row=1, col=column)
        figure.update_yaxes(range=[y - half, y + half], scaleanchor=f"x{column if column > 1 else ''}", col=column)
    return height(figure, 420)


def marginals(shown: list[Run], view: tuple[float, float, float]) -> go.Figure:
    """How the codes spread along each of the two axes, beside the prior."""
    figure = make_subplots(1, 2, subplot_titles=["z₁", "z₂"], shared_yaxes=True)
    bins = np.linspace(-view[2], view[2], 81)
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
    figure.update_layout(xaxis_title="distance from the origin: prior", yaxis_title="codes", yaxis_type="log")
    return height(figure.update_xaxes(type="log"), 360)
