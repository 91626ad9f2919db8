"""Evaluate: runs by metrics, and the pictures behind a number."""

import csv
import io
import json
import time
from typing import Any

import pyarrow
import streamlit as st
import torch

from aae import data, figures
from aae.analysis import evaluation, features, planes
from aae.analysis.evaluation import METRICS, Figure
from aae.app import notices, words
from aae.app.runs import catalogue, runcache, testimages
from aae.app.runs.runcache import Known
from aae.app.server import blobs, identity
from aae.app.views import loaders, measuring
from aae.runs import SHIPPED, Run, card

KEPT = SHIPPED.parent / "benchmarks/results/evaluation.json"
COMMAND = "python -m benchmarks.evaluation"
IMAGES = "training images"
TABLES = {
    "Reconstruction": ("mse", "bce", "psnr", "ssim"),
    "Codes": ("prior_distance", "coverage", "leakage", "active_units", "kl", "sensitivity"),
    "Generated images": ("parzen", "inception_score", "frechet", "precision", "recall"),
}
SOURCE = "reported by Makhzani et al. 2015, Table 1"
REPORTED = {  # model: Parzen log-likelihood of MNIST in nats and its standard error, from 10,000 samples
    "DBN": (138.0, 2.0),
    "Stacked CAE": (121.0, 1.6),
    "Deep GSN": (214.0, 1.1),
    "GAN": (225.0, 2.0),
    "GMMN + AE": (282.0, 2.0),
    "AAE of the paper": (340.0, 2.0),
}
N_PICTURES = 10  # images a row
LOOK = 1  # seconds between two looks at what is being measured
Row = tuple[str, str, dict[str, Figure]]  # what links call it, its title, what was measured


def rows() -> list[Row]:
    """The visitor's runs that were measured here, in sight, the shipped ones, and training images."""
    kept, known = load(), catalogue.known()
    found = [(id, each.title, kept[id]) for id, each in known.items() if id in kept and not each.group]
    own = [(id, each.title, measured) for id, each in known.items() if each.group and (measured := measuring.of(each))]
    images = [(IMAGES, "training images in place of generated ones", kept[IMAGES])] if IMAGES in kept else []
    return own + found + images


@st.cache_data(show_spinner=False)
def _load(_stamp: float) -> dict[str, dict[str, Figure]]:
    stored = json.loads(KEPT.read_text())
    return {id: {name: Figure(*each) for name, each in run["figures"].items()} for id, run in stored.items()}


def load() -> dict[str, dict[str, Figure]]:
    """The kept figures by run."""
    return _load(KEPT.stat().st_mtime) if KEPT.exists() else {}


def table(kind: str, shown: list[Row]) -> pyarrow.Table:
    """A column a metric, and one for its standard error; a row a run, and images where anything is known of them."""
    names = TABLES[kind]
    shown = [row for row in shown if row[0] != IMAGES or row[2].keys() & set(names)]
    columns: dict[str, list[Any]] = {"run": [title for _, title, _ in shown]}
    for name in names:
        figures_of = [measured.get(name) for _, _, measured in shown]
        columns[name] = [each and each.value for each in figures_of]
        if any(each and each.error is not None for each in figures_of):
            columns[f"{name} ±"] = [each and each.error for each in figures_of]
    if kind == "Generated images":
        columns["run"] += [f"{name} ({SOURCE})" for name in REPORTED]
        for key, column in columns.items():
            if key != "run":
                place = ("parzen", "parzen ±").index(key) if key.startswith("parzen") else None
                column += [None if place is None else pair[place] for pair in REPORTED.values()]
    return pyarrow.table(columns)


def column_config(table: pyarrow.Table) -> dict[str, Any]:
    """Headings with definitions, digits as the metric has them."""
    config: dict[str, Any] = {"run": st.column_config.TextColumn("Run (trained model)", width="medium", pinned=True)}
    for name in table.column_names[1:]:
        metric = METRICS[name.removesuffix(" ±")]
        heading = "±" if name.endswith("±") else metric.title
        about = "standard error" if name.endswith("±") else f"{metric.about}. {better(metric)}{metric.source}"
        config[name] = st.column_config.NumberColumn(heading, help=about, format=f"%.{metric.digits}f")
    return config


def better(metric: evaluation.Metric) -> str:
    """Which direction is good, as a sentence."""
    return f"The {metric.better} the better. " if metric.better else ""


def show(kind: str, shown: list[Row]) -> tuple[int, str] | None:
    """The table; the row and the metric of the cell that is selected."""
    made = table(kind, shown)
    options: dict[str, Any] = {"on_select": "rerun", "selection_mode": "single-cell", "key": f"evaluation-{kind}"}
    event = st.dataframe(made, column_config=column_config(made), hide_index=True, height="content", **options)
    defined = [f"**{METRICS[name].title}**: {METRICS[name].about}. {better(METRICS[name])}" for name in TABLES[kind]]
    if "frechet" in TABLES[kind]:
        right, command = f"{100 * features.ACCURACY:.2f} %", "python -m benchmarks.features"
        defined.append(
            f"The features are of a classifier that is right on {right} of MNIST's test images (`{command}`)."
        )
    st.caption("  \n".join(defined))
    cells = event.selection.get("cells", [])
    name = cells[0][1].removesuffix(" ±") if cells else ""
    return (cells[0][0], name) if name in METRICS else None


def pictures(run: Run, kind: str) -> None:
    """What a number is of, in pictures."""
    if kind == "Codes":
        st.caption(f"The test codes of {words.markdown(run.title)}, each in the colour of its class:")
        st.markdown(words.picture(loaders.scatter(run), f"codes of {run.title}"))
    elif kind == "Reconstruction":
        if testimages.of(run).images is None:
            notices.show(f"{run.config.dataset} {testimages.of(run).reason}: its images cannot be shown.")
            return
        st.caption(
            "Test images with the smallest error, of median error, with the largest; below each its reconstruction:"
        )
        st.markdown(words.ink(extremes(run), f"reconstructions of {run.title}"))
    else:
        st.caption(f"Images that {words.markdown(run.title)} generates from draws of its prior:")
        st.markdown(words.ink(generated(run), f"images generated by {run.title}"))


@blobs.published
@torch.no_grad()
def extremes(run: Run) -> bytes:
    """Test images of smallest, median and largest squared error, each row above its reconstructions."""
    found = testimages.of(run).images
    assert found is not None
    model, pixels = run.model(), found.floats()
    made = model.reconstruct(model.encode(pixels), found.labels).sigmoid()
    order, middle = (made - pixels).square().mean(1).argsort(), len(pixels) // 2
    chosen = [order[:N_PICTURES], order[middle : middle + N_PICTURES], order[-N_PICTURES:]]
    tiles = torch.cat([part[index] for index in chosen for part in (pixels, made)])
    return loaders.webp(figures.enlarge(figures.tile(tiles, run.config.image_shape, N_PICTURES, gap=1), 700))


@blobs.published
def generated(run: Run) -> bytes:
    """Decoded draws of the prior."""
    images = planes.generate(run.model(), 4 * N_PICTURES)
    return loaders.webp(figures.enlarge(figures.tile(images, run.config.image_shape, N_PICTURES, gap=1), 700))


def as_csv(shown: list[Row]) -> str:
    """Every figure with its standard error and sample size, a line each."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(["run", "title", "metric", "value", "standard_error", "n"])
    for id, title, measured in shown:
        writer.writerows([id, title, name, figure.value, figure.error, figure.n] for name, figure in measured.items())
    return file.getvalue()


def as_markdown(shown: list[Row]) -> str:
    """The same as a table of runs by metrics."""
    lines = [f"| run | {' | '.join(metric.title for metric in METRICS.values())} |", "|---" * (len(METRICS) + 1) + "|"]
    for _, title, measured in shown:
        cells = [card.spread(name, measured[name]) if name in measured else "" for name in METRICS]
        lines.append(f"| {title} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def card_of(known: Known) -> str:
    """The model card of a run, with what was measured of it."""
    run = runcache.load(known)
    return card.card(run, load().get(known.name) if not known.group else measuring.of(known))


# The widgets


def choose_table() -> str:
    """Which metrics are shown."""
    asked, options = st.query_params.get_all("table"), list(TABLES)
    chosen = st.segmented_control(
        "Metrics of", options, default=options[0], required=True, key="table", bind="query-params"
    )
    value = chosen or options[0]  # of an empty one in the address
    notices.unknown("table", [text for text in asked if text not in options], options, value)
    return value


def measure_menu(known: dict[str, Known]) -> None:
    """Let a visitor's run be measured."""
    is_busy = measuring.now() is not None
    own = {id: each for id, each in known.items() if each.group and not measuring.of(each)}
    if own:
        with st.popover("Measure a run of yours", icon=":material/straighten:"):
            st.fragment(choose_to_measure, run_every=LOOK if is_busy else None)(own, is_busy)


def choose_to_measure(own: dict[str, Known], was_busy: bool) -> None:
    """A run to be measured, or what is being measured; the page follows when that has begun or ended."""
    running = measuring.now()
    if (running is not None) != was_busy:
        st.rerun()
    if running is None:
        id = st.selectbox("Run (trained model)", list(own), format_func=lambda id: own[id].title, key="to-measure")
        st.button("Measure", key="measure", on_click=measuring.begin, args=(own[id],))
        if problem := measuring.problem(own[id]):
            st.error(problem)
    elif running.owner != identity.owner():
        st.caption("Another visitor's run is being measured: yours can be when that has ended.")
    else:
        seconds, title = time.monotonic() - running.since, words.markdown(running.title)
        more = "Of MNIST it takes a minute or more; you may leave the page."
        st.caption(f"Measuring {title} on its test images: {seconds:.0f} s so far. {more}")
        st.button("Cancel", key="cancel-measuring", on_click=measuring.cancel)


def export_menu(known: dict[str, Known], shown: list[Row]) -> None:
    """The table and the card of a run as files."""
    with st.popover("Export", icon=":material/download:"):
        once: dict[str, Any] = {"on_click": "ignore"}
        st.download_button("All figures as CSV", lambda: as_csv(shown), "evaluation.csv", "text/csv", **once)
        st.download_button("As a Markdown table", lambda: as_markdown(shown), "evaluation.md", "text/markdown", **once)
        id = st.selectbox("Model card of", list(known), format_func=lambda id: known[id].title, key="card")
        if id:
            st.download_button("Model card", lambda: card_of(known[id]), f"{id}.md", "text/markdown", **once)


def number_and_eye(known: dict[str, Known]) -> None:
    """A run whose samples have a higher Parzen log-likelihood than real images, beside them."""
    kept, run = load(), known.get("gaussian_8d")
    if run is None or not {"gaussian_8d", IMAGES} <= kept.keys():
        return
    made, real = kept["gaussian_8d"]["parzen"], kept[IMAGES]["parzen"]
    st.subheader("A number and the eye")
    st.markdown(
        f"Images generated by {words.markdown(run.title)} have a Parzen log-likelihood of {made.value:.1f} ± "
        f"{made.error:.1f} nats; training images in their place have {real.value:.1f} ± {real.error:.1f}. By this "
        "number the blurred ones are better than real ones: a blurred image is near more test images than a sharp one."
    )
    st.markdown(words.ink(generated(runcache.load(run)), f"images generated by {run.title}"))
    found = testimages.find("mnist").images
    if found:
        st.markdown(words.ink(real_images("mnist", data.version("mnist")), "test images"))


@blobs.published
def real_images(dataset: str, _version: tuple) -> bytes:
    """The first test images."""
    found = testimages.find(dataset).images
    assert found is not None
    shape = data.describe(dataset).shape
    tiles = figures.tile(found.rows(slice(4 * N_PICTURES)).floats(), shape, N_PICTURES, gap=1)
    return loaders.webp(figures.enlarge(tiles, 700))
