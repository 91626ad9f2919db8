"""Charts of several runs: each beside its own prior."""

from dataclasses import replace

import numpy as np
import plotly.graph_objects as go
import pytest

from aae.analysis import planes
from aae.app.views import charts
from aae.config import Config
from aae.models.autoencoder import AutoEncoder


class Shown:
    """A run whose codes are draws of its own prior."""

    def __init__(self, name, **changes):
        self.title, self.own = name, AutoEncoder(replace(Config(), hidden=(4,), **changes))
        self.test_codes = planes.prior_samples(self.own, seed=1)

    def model(self):
        return self.own


def test_a_prior_that_runs_share_is_drawn_once():
    narrow, wide = Shown("narrow"), Shown("wide", prior_std=3.0)
    assert list(charts.distinct_priors([narrow, Shown("other")])) == ["prior"]
    assert list(charts.distinct_priors([narrow, wide])) == ["prior of narrow", "prior of wide"]
    names = [line.name for line in charts.marginals([narrow, wide]).data]
    assert names == 2 * ["prior of narrow", "prior of wide", "narrow", "wide"]


def test_marginals_are_densities_of_either_axis():
    line = charts.marginals([Shown("normal")]).data[1]
    assert line.y == pytest.approx(np.exp(-(line.x**2) / 2) / np.sqrt(2 * np.pi), abs=0.06)


def test_each_axis_has_a_title():
    shown = [Shown("normal")]
    for figure, n in ((charts.marginals(shown), 3), (charts.radii(shown), 2)):
        assert sum(axis.title.text is not None for axis in [*figure.select_xaxes(), *figure.select_yaxes()]) == n


def test_radii_like_their_own_prior_lie_on_the_diagonal():
    lines = charts.radii([Shown("narrow"), Shown("wide", prior_std=3.0)]).data
    assert [line.name for line in lines] == ["narrow", "wide", "prior"]
    assert all(line.y == pytest.approx(line.x, rel=0.1) for line in lines)


def test_a_title_stands_on_the_plot_below_the_buttons_of_a_touch_screen():
    layout = charts.height(go.Figure(layout_title_text="Size against quality"), 300).layout
    assert (layout.title.text, layout.title.yanchor, layout.title.y) == ("Size against quality", "bottom", 1)
    assert layout.margin.t > layout.title.pad.b + 30 + 17  # pixels of the buttons, and of a line
