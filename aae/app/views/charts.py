"""Plotly charts of codes and priors."""

import numpy as np
import plotly.graph_objects as go
import torch
from plotly.subplots import make_subplots
from torch import Tensor

from aae.analysis import density, planes
from aae.app.views import loaders
from aae.runs import Run

GREY = "#9a9a9a"
MODELS = ("#d6006e", "#00875a", "#8a4dff", "#e07000")  # of lines: classes have other colours
Z = ("z₁", "z₂")  # which have no unit
DASHES = ("dash", "dot", "dashdot", "longdash")
HOLE = "#d6006e"
FADING = ["rgba(36,84,204,0)", "rgba(36,84,204,1)"]
BELOW = {"orientation": "h", "y": -0.3}  # beside, a legend would take half of a telephone
N_CELLS = 40


def height(figure: go.Figure, pixels: int) -> go.Figure:
    """The figure at this height, with little around it; its title below a touch screen's buttons, above ticks."""
    title = {"yref": "paper", "y": 1, "yanchor": "bottom", "pad_b": 14}
    return figure.update_layout(height=pixels, margin={"l": 10, "r": 10, "t": 64, "b": 10}, title=title)


def contours(run: Run) -> go.Figure:
    """Density of the codes in colour, of the prior in lines, and prior draws that have no code nearby, as crosses.

    Raises TooFew.
    """
    prior = planes.prior_samples(run.model())
    x, y, half = view = planes.view(prior, symmetric=True)
    axes = {"x": x + np.linspace(-half, half, N_CELLS), "y": y + np.linspace(-half, half, N_CELLS), "showscale": False}
    figure = go.Figure()
    codes = density.density(run.test_codes.float(), view, N_CELLS)
    figure.add_contour(z=codes, **axes, ncontours=10, colorscale=FADING, line_width=0, hoverinfo="skip")
    lines = {"contours_coloring": "lines", "colorscale": [GREY, GREY], "line_width": 1.5, "hoverinfo": "skip"}
    figure.add_contour(z=density.density(prior, view, N_CELLS), **axes, ncontours=5, **lines)
    empty = loaders.holes(run).numpy()
    marker = {"color": HOLE, "size": 6, "symbol": "x"}
    figure.add_scatter(x=empty[:, 0], y=empty[:, 1], mode="markers", marker=marker, hoverinfo="skip")
    figure.update_xaxes(title=Z[0], range=[x - half, x + half], constrain="domain")
    figure.update_yaxes(title=Z[1], range=[y - half, y + half], constrain="domain", scaleanchor="x")
    return height(figure.update_layout(title=run.title, showlegend=False), 400)


def distinct_priors(shown: list[Run]) -> dict[str, Tensor]:
    """Draws of the runs' priors [N, 2] by name: "prior" where all share one."""
    drawn: dict[str, Tensor] = {}
    for run in shown:
        prior = planes.prior_samples(run.model())
        if not any(torch.equal(prior, other) for other in drawn.values()):
            drawn[f"prior of {run.title}"] = prior
    return drawn if len(drawn) > 1 else {"prior": prior}


def marginals(shown: list[Run]) -> go.Figure:
    """Densities of the codes along each of the two axes, beside the priors'. Raises TooFew."""
    figure = make_subplots(1, 2, shared_yaxes=True, horizontal_spacing=0.05)
    drawn = distinct_priors(shown)
    spreads = [
        (name, prior, {"color": GREY, "dash": dash}) for (name, prior), dash in zip(drawn.items(), DASHES, strict=False)
    ]
    spreads += [(run.title, run.test_codes.float(), {"color": c}) for run, c in zip(shown, MODELS, strict=False)]
    x, y, half = planes.view(torch.cat(list(drawn.values())), symmetric=True)
    for column, centre in enumerate((x, y)):
        edges = centre + np.linspace(-half, half, 61)
        for name, points, style in spreads:
            share = density.marginal(points, column, edges)
            line, at = {**style, "shape": "spline"}, {"row": 1, "col": column + 1}
            middle = (edges[1:] + edges[:-1]) / 2
            figure.add_scatter(x=middle, y=share, name=name, line=line, legendgroup=name, showlegend=column == 0, **at)
        figure.update_xaxes(title=Z[column], row=1, col=column + 1)
    figure.update_yaxes(title="density (share per unit of z)", row=1, col=1)
    return height(figure.update_layout(title="Marginal densities", legend=BELOW), 360)


def radii(shown: list[Run]) -> go.Figure:
    """Quantiles of the codes' distance from the origin against their prior's: on the diagonal where they agree.

    Raises TooFew.
    """
    figure = go.Figure()
    for run, colour in zip(shown, MODELS, strict=False):
        prior = density.radial_quantiles(planes.prior_samples(run.model()))
        codes = density.radial_quantiles(run.test_codes.float())
        figure.add_scatter(x=prior, y=codes, name=run.title, line_color=colour)
    ends = [0, max(line.x[-1] for line in figure.data)]
    figure.add_scatter(x=ends, y=ends, mode="lines", name="prior", line={"color": GREY, "dash": "dash"})
    figure.update_xaxes(title="|z| of draws of the prior (quantiles)")
    figure.update_yaxes(title="|z| of test codes (quantiles)")
    title = "Quantiles of |z|: on the dashed line where they are the prior's"
    return height(figure.update_layout(title=title, legend=BELOW), 360)
