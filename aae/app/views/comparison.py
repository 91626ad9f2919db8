"""The parts of the Compare page."""

import json
from typing import Any

import pyarrow
import streamlit as st
from torch import Tensor

from aae import figures
from aae.analysis import density, planes
from aae.analysis.metrics import FEWEST
from aae.app import notices
from aae.app.browser import maps
from aae.app.browser.payloads import ControlsPayload, MapPayload
from aae.app.server import blobs
from aae.app.server.remembered import remembered
from aae.app.views import clusters, loaders, plots
from aae.runs import SHIPPED, Run

GROUP = "compare"
N_DRAWS = 16
PRIOR = "the prior"  # of what draws are
PLANE = "0,1"
SPREADS = {  # charts of the codes of several runs, and what they are about
    "marginals": "Densities of the test codes along each axis, beside the prior's",
    "radii": "Quantiles of the distance of the test codes from the origin, against the prior's",
}
RESULTS = SHIPPED.parent / "benchmarks/results"
CLAIMS, TABLES = RESULTS / "compare.json", RESULTS / "paper.json"
COLUMNS = {  # of a run: (heading, what it means, format)
    "run": ("model", "", None),
    "reconstruction_mse": (
        "reconstruction MSE",
        "mean squared error per pixel, of test images in [0, 1] after encoding and decoding",
        "%.4f",
    ),
    "prior_distance": (
        "distance to prior",
        "sliced Wasserstein-1 from the test codes to draws of the prior; AE: of the Gaussian",
        "%.4f",
    ),
    "prior_distance_floor": (
        "between two prior samples",
        "the same distance between two samples of the prior: the least that can be expected",
        "%.4f",
    ),
    "coverage": ("coverage", "share of the prior's mass that has a code nearby; what is missing are holes", "%.4f"),
    "seconds": ("CPU seconds", "of training, one thread", "%.0f"),
}
TABLE_COLUMNS = {  # of the paper's tables: likewise
    "row": ("row", "", None),
    "budget": ("budget", "of training: quick is some 10 minutes of CPU a run, long up to 60", None),
    "mean": (
        "measured",
        "mean over the runs, in percent of the 10,000 test images; Parzen (the log-likelihood of test images under "
        "a kernel density of generated ones) and images: nats",
        "%.2f",
    ),
    "sd": ("± sd", "standard deviation between runs, each with a seed, and a draw of labels, of its own", "%.2f"),
    "reported": ("reported", "by Makhzani et al. 2015, or by the authors named; not measured here", None),
    "extras": ("extras", "what this project trains with beside the paper's adversarial autoencoder", None),
    "n": ("runs", "how many there have been", "%d"),
    "seconds": ("CPU seconds", "of training, mean over the runs", "%.0f"),
    "command": ("command", "", None),
}


@remembered
def common_view(shown: list[Run]) -> tuple[float, float, float]:
    """The axes and the scale on which all these runs are shown."""
    plane = planes.axes_plane(2)
    return planes.enclosing([planes.run_view(run.model(), plane, run.test_codes) for run in shown])


@remembered
def common_radius(shown: list[Run]) -> float:
    """How far "nearby" reaches on all these maps: by their priors, the widest; without any, by the codes."""
    with_prior = [run for run in shown if run.config.regularizer != "none"]
    return max(maps.nearby_radius(run) for run in with_prior or shown)


def pad_data(run: Run, shown: list[Run], linked: str, draws: Tensor | None) -> MapPayload:
    """A map of the group of these runs, on the common view, with its draws as numbered places."""
    common = {"view": list(common_view(shown)), "radius": common_radius(shown), "small": len(shown) > 1}
    marks = [] if draws is None else draws.tolist()
    return {
        **loaders.pad_data(run, PLANE, clusters.first_label(run)),
        "group": GROUP,
        **common,
        "linked": linked,
        "marks": marks,
    }


@remembered
def controls_data(shown: list[Run]) -> ControlsPayload:
    """Epochs that all these runs have snapshots of, their names, and two squares to look at."""
    return {
        "kind": "controls",
        "group": GROUP,
        "epochs": sorted(set.intersection(*(set(run.snapshots) for run in shown))),
        "runs": {run.name: run.title for run in shown},
        "view": list(common_view(shown)),
        "noun": shown[0].description.noun,
        "prior_view": list(planes.view(planes.prior_samples(shown[-1].model()), symmetric=True)),
    }


def caption(run: Run) -> str:
    """A run's two main numbers."""
    return f"On test images: reconstruction MSE {run.metrics['reconstruction_mse']:.4f}; {loaders.from_prior(run)}"


@remembered
def mixture(run: Run) -> density.Mixture:
    """The mixture that is fitted to the run's codes. Raises TooFew."""
    return density.fit_mixture(run.test_codes.float())


def draw(run: Run, of: str, seed: int) -> Tensor:
    """Draws [N_DRAWS, 2] of the run's prior, or of a mixture fitted to its codes. Raises TooFew."""
    return planes.prior_samples(run.model(), N_DRAWS, seed) if of == PRIOR else draw_mixture(run, seed)


@st.cache_resource(max_entries=256, show_spinner="Fitting a mixture to the codes", hash_funcs=loaders.BY_CONTENT)
def draw_mixture(run: Run, seed: int) -> Tensor:
    """Draws [N_DRAWS, 2] of a mixture fitted to the run's codes. Raises TooFew."""
    return mixture(run).draw(N_DRAWS, seed)


def draws(shown: list[Run], of: str | None, seed: int) -> dict[str, Tensor]:
    """The draws of each run by its name, where any are chosen; a line for a run whose codes are too few."""
    drawn = {}
    for run in shown if of else ():
        with notices.if_too_few(run.title):
            drawn[run.name] = draw(run, str(of), seed)
    return drawn


@blobs.published
def strip_url(run: Run, of: str, seed: int) -> bytes:
    """The decoded draws in a row, of the class or cluster that the run's map shows. Raises TooFew."""
    images = planes.decode(run.model(), draw(run, of, seed), clusters.first_label(run))
    return loaders.webp(figures.enlarge(figures.tile(images, run.config.image_shape, N_DRAWS, gap=2), 1400))


def strip_caption(run: Run, n: int, of: str | None) -> str:
    """What the strip shows: draws of what, and decoded as what."""
    prior = maps.prior_name(run.config)
    drawn = f"the {prior} (it has no prior)" if run.config.regularizer == "none" else f"its prior ({prior})"
    decoded = f", decoded as {clusters.name_first(run)}" if maps.conditional(run.config) else ""
    return f"{run.title}: draws 1 to {n} of {drawn if of == 'the prior' else of}{decoded}"


def table(shown: list[Run]) -> None:
    """The runs' numbers."""
    explained([{"run": run.title, **run.metrics, "seconds": run.cpu_seconds} for run in shown], COLUMNS)


def codes(shown: list[Run]) -> None:
    """The runs' codes beside their priors: densities, holes, marginals, quantiles of |z|."""
    st.caption(
        "Blue: where test codes are. Lines: the prior; of a plain autoencoder, which has none, a Gaussian. "
        "Crosses: draws of it that have no code nearby (holes)."
    )
    for column, run in zip(st.columns(len(shown)), shown, strict=True):
        with column, notices.if_too_few(run.title):
            contours(run)
    if enough := [run for run in shown if len(run.test_codes) >= FEWEST]:
        st.markdown("Marginal densities of the codes along each axis, and quantiles of their distance from the origin:")
        spreads(enough)


@st.cache_resource(max_entries=64, show_spinner=False, hash_funcs=loaders.BY_CONTENT)
def contours(run: Run) -> None:
    """The chart of a run's densities. Raises TooFew."""
    from aae.app.views import charts  # and Plotly, which few open

    plots.show(charts.contours(run), f"contours-{run.name}", f"{run.title}: where test codes and the prior are")


@st.cache_resource(max_entries=64, show_spinner=False, hash_funcs=loaders.BY_CONTENT)
def spreads(shown: list[Run]) -> None:
    """The charts of the marginals and of the radii of several runs."""
    from aae.app.views import charts

    for (name, about), chart in zip(SPREADS.items(), (charts.marginals, charts.radii), strict=True):
        plots.show(chart(shown), name, about)


def explained(rows: list[dict[str, Any]], columns: dict[str, tuple[str, str, str | None]]) -> None:
    """A table to be sorted, and what each of its columns means."""
    kept = pyarrow.Table.from_pylist([{key: row.get(key) for key in columns} for row in rows])  # as it is sent
    config = {
        key: st.column_config.NumberColumn(heading, help=meaning, format=pattern) if pattern else heading
        for key, (heading, meaning, pattern) in columns.items()
    }
    st.dataframe(kept, column_config=config, hide_index=True, height="content")
    st.caption("  \n".join(f"**{heading}**: {meaning}." for heading, meaning, _ in columns.values() if meaning))


def claims(_shown: list[Run]) -> None:
    """Claims of the literature on AE, VAE and AAE, beside what was measured here over several seeds."""
    if not CLAIMS.exists():
        st.info("Not measured yet: `python -m benchmarks.compare` does it.")
        return
    measured = json.loads(CLAIMS.read_text())
    st.caption(f"Measured by `{measured['command']}`: {measured['about']}")
    st.markdown(measured["markdown"])


def tables(_shown: list[Run]) -> None:
    """The tables of the paper beside what was measured here."""
    if TABLES.exists():
        explained(json.loads(TABLES.read_text()), TABLE_COLUMNS)
    else:
        st.info("Not measured yet: `python -m benchmarks.paper table2` does it, and likewise the other tables.")


TABS = {  # below the maps; only what is open is made and sent
    "Numbers": table,
    "Codes and prior": codes,
    "Claims, checked here": claims,
    "The paper's tables": tables,
}


@st.fragment
@notices.if_the_disk_is_full()
def below(shown: list[Run]) -> None:
    """The tabs below the maps, which change alone."""
    tabs = st.tabs(list(TABS), on_change="rerun", key="below")
    for tab, show in zip(tabs, TABS.values(), strict=True):
        if tab.open:
            with tab:
                show(shown)
