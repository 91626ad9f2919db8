"""Charts and the table of a sweep's trials."""

import math
import textwrap
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from aae import sweeps
from aae.app.tune.form import KNOBS, METRICS
from aae.app.views.charts import height

COLOURS = [[0, "#d6006e"], [1, "#9a9a9a"]]  # of the smallest and the largest value, in both themes


def parallel(found: list[sweeps.Row], names: list[str], metric: str) -> go.Figure:
    """A line a finished trial through its fields and its metric, the best ones in colour."""
    measured = [row for row in found if row.status == sweeps.FINISHED]
    values = [row.value for row in measured]
    axes = [axis(title(name), [row.written[name] for row in measured]) for name in names]
    axes.append({"label": narrow(METRICS[metric]), "values": values})
    line = {"color": values, "colorscale": COLOURS}
    unseen = {"color": "rgba(0,0,0,0)"}  # the ends of an axis, which its ticks tell, lie over a label's second line
    figure = go.Figure(go.Parcoords(line=line, dimensions=axes, rangefont=unseen))
    return height(figure, 320).update_layout(margin={"l": 64, "r": 64, "t": 60, "b": 20})


def narrow(label: str) -> str:
    """A label in short lines: it is centred over its axis, and the last axis is near the edge."""
    return "<br>".join(textwrap.wrap(label, 20))


def axis(label: str, texts: list[str]) -> dict[str, Any]:
    """An axis of a field: each value that trials have is a place of its own, in the order of numbers."""
    options = sorted(set(texts), key=order)
    places = {text: place for place, text in enumerate(options)}
    values = [places[text] for text in texts]
    shown = [text.replace(":", " to ") for text in options]
    return {"label": narrow(label), "values": values, "tickvals": list(places.values()), "ticktext": shown}


def order(text: str) -> tuple[float, str]:
    """Numbers before texts, by size."""
    try:
        return float(text.split(":")[0]), text
    except ValueError:
        return math.inf, text


def importance(shares: dict[str, float]) -> go.Figure:
    """The share of the metric's variance that each field accounts for."""
    ordered = sorted(shares.items(), key=lambda item: item[1])
    figure = go.Figure(go.Bar(x=[s for _, s in ordered], y=[title(n) for n, _ in ordered], orientation="h"))
    figure.update_xaxes(title="share of the metric's variance (fANOVA)", range=[0, 1], tickformat=".0%")
    return height(figure.update_layout(title="Importance"), 154 + 30 * len(ordered))


def importance_words(shares: dict[str, float]) -> str:
    """The same in words, the largest first."""
    ordered = sorted(shares.items(), key=lambda item: -item[1])
    return f"Importance of the fields: {', '.join(f'{title(name)} {share:.0%}' for name, share in ordered)}"


def title(name: str) -> str:
    """A field as it is called on the page."""
    return KNOBS[name].title if name in KNOBS else name


def table(found: list[sweeps.Row], plan: sweeps.Plan) -> pd.DataFrame:
    """A row a trial: its fields, its metrics as means over seeds, the spread, and how it ended."""
    return pd.DataFrame([_row(row, plan) for row in found])


def _row(row: sweeps.Row, plan: sweeps.Plan) -> dict[str, Any]:
    fields = {title(vary.name): cell(row.written.get(vary.name, "")) for vary in plan.varied}
    others = [name for name in sweeps.metrics_of(plan.config) if name != plan.metric]
    spread = {"± (seeds)": row.spread} if plan.n_seeds > 1 else {}
    ended = f"pruned after epoch {row.epoch}" if row.status == sweeps.PRUNED else row.problem or row.status
    figures = {METRICS[plan.metric]: row.value, **spread, "ended": ended}
    figures |= {METRICS[name]: row.metrics.get(name) for name in others}
    return {"trial": row.trial, **fields, **figures, "CPU s": round(row.seconds, 1)}


def cell(text: str) -> float | str:
    """A number where it is one, so that it sorts as such."""
    try:
        return float(text)
    except ValueError:
        return text.replace(":", " to ")
