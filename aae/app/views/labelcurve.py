"""The classification error against the number of labels: measured here, on labels alone, and reported by others."""

import json
import re
import statistics
from typing import Any, NamedTuple

import streamlit as st

from aae.app.views import comparison, plots

LABELS_ONLY = comparison.RESULTS / "labels_only.json"
TABLE, BUDGET = "table2", "quick"  # with the network of the labels alone; the long budget has a wider one
COUNTS = {"100": "100", "1000": "1,000", "all": "all"}  # of labels: as they are shown
PLAIN, EXTRAS, ALONE = "adversarial autoencoder", "with extras", "the same network, labels alone"
REPORTED = "reported by Makhzani et al. 2015, not measured here"
COLOURS = {PLAIN: "#3b6fb6", EXTRAS: "#00875a", ALONE: "#d6006e", REPORTED: "#9a9a9a"}
STARS = ("#e69f00", "#9467bd")  # of the visitor's own points, by data set


class Point(NamedTuple):
    """An error in percent at a number of labels."""

    n_labels: str
    mean: float
    sd: float | None
    n: int | None  # runs, each with its draw of labels; None: reported
    source: str


class Own(NamedTuple):
    """What came of labels that the visitor gave."""

    dataset: str  # its title
    n_labels: int
    error: float  # on test images, in percent
    chance: float  # that of a class drawn at random
    agree: int | None  # of the labels with those of the data set, where that is here

    @property
    def line(self) -> str:
        """The name of its points."""
        return f"yours: {self.n_labels} labels, {self.dataset}"


def points() -> dict[str, list[Point]]:
    """The points of each line that there are figures of."""
    rows = [row for row in _kept(comparison.TABLES, []) if (row["table"], row["budget"]) == (TABLE, BUDGET)]
    lines = {PLAIN: [], EXTRAS: [], ALONE: alone(), REPORTED: []}
    for row in rows:
        n_labels, _, extras = row["row"].partition(" labels")
        lines[EXTRAS if extras else PLAIN].append(Point(n_labels, row["mean"], row["sd"], row["n"], row["command"]))
        if not extras and (reported := re.match(r"([\d.]+) ± ([\d.]+) %", row["reported"])):
            lines[REPORTED].append(Point(n_labels, float(reported[1]), float(reported[2]), None, "the paper, Table 2"))
    return {name: line for name, line in lines.items() if line}


def alone() -> list[Point]:
    """The errors of the network that is trained on the labels alone."""
    kept = _kept(LABELS_ONLY, {"errors": {}, "command": ""})
    found = {n: list(errors.values()) for n, errors in kept["errors"].items()}
    return [
        Point(n, statistics.mean(all), statistics.stdev(all) if len(all) > 1 else None, len(all), kept["command"])
        for n, all in found.items()
    ]


def _kept(path: Any, otherwise: Any) -> Any:
    return json.loads(path.read_text()) if path.exists() else otherwise


@st.cache_resource(max_entries=32, show_spinner=False)
def show(own: list[Own]) -> None:
    """The chart with the visitor's own points, what its lines are, and by which commands they were measured."""
    lines = points()
    if not lines and not own:
        st.info("Not measured yet: `python -m benchmarks.paper table2` does it.")
        return
    plots.show(chart(lines, own), "label-curve", "Classification error on test images by the number of labels")
    st.caption(explanation(lines))


def chart(lines: dict[str, list[Point]], own: list[Own]) -> Any:
    """The error on a logarithmic axis, with the spread over draws as bars."""
    import plotly.graph_objects as go

    from aae.app.views import charts

    figure = go.Figure()
    for name, line in lines.items():
        add_line(figure, name, line)
    counts = dict.fromkeys([*sorted(str(each.n_labels) for each in own), *COUNTS.values()])
    add_own(figure, own, list(counts))
    figure.update_xaxes(title="labels in training", type="category", categoryarray=list(counts))
    ticks = [0.5, 1, 2, 5, 10, 20, 50, 100]
    figure.update_yaxes(title="classification error on test images (%)", type="log", tickvals=ticks)
    return charts.height(figure.update_layout(legend=charts.BELOW), 420)


def add_line(figure: Any, name: str, line: list[Point]) -> None:
    """The errors by the number of labels."""
    figure.add_scatter(
        x=[COUNTS[point.n_labels] for point in line],
        y=[point.mean for point in line],
        error_y={"type": "data", "array": [point.sd or 0 for point in line]},
        name=name,
        mode="lines+markers",
        line={"color": COLOURS[name], "dash": "dash" if name == REPORTED else "solid"},
        hovertemplate="%{y:.2f} %, %{x} labels",
    )


def add_own(figure: Any, own: list[Own], counts: list[str]) -> None:
    """A star for each result of the visitor's, and a line where a class drawn at random is."""
    for name, colour in zip(dict.fromkeys(each.line for each in own), STARS, strict=False):
        mine = [each for each in own if each.line == name]
        figure.add_scatter(
            x=[str(each.n_labels) for each in mine],
            y=[each.error for each in mine],
            name=name,
            mode="markers",
            marker={"symbol": "star", "size": 15, "color": colour},
            hovertemplate="%{y:.1f} %, %{x} labels",
        )
    for chance in {each.chance for each in own}:
        name = f"a class drawn at random, {chance:.0f} %"
        line = {"color": COLOURS[REPORTED], "dash": "dot"}
        figure.add_scatter(x=counts, y=[chance] * len(counts), name=name, mode="lines", line=line, hoverinfo="skip")


def explanation(lines: dict[str, list[Point]]) -> str:
    """Which lines were measured, by what, over how many draws; and what is reported."""
    measured = [
        f"**{name}**: {', '.join(figure(point) for point in line)} (`{line[0].source}`)"
        for name, line in lines.items()
        if name != REPORTED
    ]
    reported = [f"**{REPORTED}**, ± as they have it: {', '.join(figure(point) for point in lines[REPORTED])}"] * (
        REPORTED in lines
    )
    extras = ["Extras: what this project trains with beside the paper's adversarial autoencoder; see Compare."]
    about = [_kept(LABELS_ONLY, {}).get("about", "")] * (ALONE in lines)
    runs = "± and bars: standard deviation between runs, each with a seed, and a draw of labels, of its own."
    spread = [f"The 10,000 test images of MNIST; some 10 minutes of CPU a run: for longer ones see Compare. {runs}"]
    return "  \n".join([*spread, *measured, *about, *extras * (EXTRAS in lines), *reported])


def figure(point: Point) -> str:
    """A point in words."""
    spread = "" if point.sd is None else f" ± {point.sd:.2f}"
    runs = "" if point.n is None else f" of {point.n} {'run' if point.n == 1 else 'runs'}"
    return f"{COUNTS[point.n_labels]} labels {point.mean:.2f}{spread} %{runs}"
