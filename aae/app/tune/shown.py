"""What sweeps came to: parallel coordinates, importance, and a table from which a trial becomes a run."""

import functools
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from aae import data, jobs, runs, sweeps
from aae.app import notices, words
from aae.app.runs import live, uploads
from aae.app.server import identity
from aae.app.train import actions, entries
from aae.app.tune import figures
from aae.app.tune.form import METRICS
from aae.app.views import choosers, plots
from aae.files import stamps

WIDE = st.column_config.TextColumn(width="medium")
PARALLEL = "Each trial as a line through its fields to its metric: the numbers of the table below"
EVERY = 3  # seconds between two looks
PAGES = Path(__file__).resolve().parents[3] / "pages"
NONE = "No sweep yet: start one; on the 8x8 digits it takes a minute or two. Or on the command line:"
COMMAND = "python -m aae sweep digits --vary learning_rate=5e-4..5e-3 --vary batch_size=64,128 --trials 20 --seeds 2"


def panel() -> None:
    """The chosen sweep; while one waits or runs, looked at again and again."""
    is_active = any(job.is_active for job in kept())
    st.fragment(chosen, run_every=EVERY if is_active else None)(is_active)


def kept() -> list[jobs.Job]:
    """All sweeps, one's own first, each the newest first."""
    return sorted(
        (job for job in live.manager().all() if job.sweep), key=lambda job: not job.belongs_to(identity.owner())
    )


@notices.if_the_disk_is_full()
def chosen(is_active: bool) -> None:
    """The chosen sweep, as far as it is."""
    offered = kept()
    if not offered:
        st.info(NONE)
        st.code(COMMAND, language=None, wrap_lines=True)
        return
    job = choose(offered)
    if job.sweep:
        one(job, job.sweep)
    if is_active and not any(job.is_active for job in offered):
        st.rerun()


def choose(offered: list[jobs.Job]) -> jobs.Job:
    """One of the sweeps, which the link names; one that was just started at first."""
    by_id = {job.id: job for job in offered}
    if (started := st.session_state.pop("sweep_shown", None)) in by_id:
        st.query_params["sweep"] = started
    usual = [offered[0].id]
    missing = choosers.follow_link("sweep", by_id, usual)
    id = st.selectbox("Sweep", by_id, key="sweep", format_func=lambda id: titled(by_id[id]))
    choosers.write_link("sweep", [id], usual)
    if missing:
        st.info("The sweep of this link is not there any more.")
    return by_id[id]


def titled(job: jobs.Job) -> str:
    """A sweep as it is offered."""
    return f"{live.title(job)}: {entries.in_progress(job)}"


def one(job: jobs.Job, plan: sweeps.Plan) -> None:
    """A sweep: how far it is, what its owner may do, and its trials."""
    found, shares = results(live.manager().store.sweep_path(job.id))
    done = sum(row.status != sweeps.RUNNING for row in found)
    doing = job.progress.doing
    st.progress(done / plan.n_trials, f"{done} of {plan.n_trials} trials. {doing[:1].upper()}{doing[1:]}")
    if job.belongs_to(identity.owner()):
        with st.container(horizontal=True, vertical_alignment="center"):
            actions.for_owner(job)
    actions.troubles(job)
    st.caption(about(plan))
    if not done:
        return
    if finished := finished_of(found):
        charts(job.id, finished, plan, found, shares)
    table(job, figures.table(found, plan), found)


def about(plan: sweeps.Plan) -> str:
    """What is compared, in words."""
    n = f"mean of {plan.n_seeds} seeds" if plan.n_seeds > 1 else "one seed"
    return (
        f"{METRICS[plan.metric]} of {plan.config.n_validation:,} held-out training images, smaller is better; {n}; "
        f"sampler: {plan.sampler}. The test images are measured only when a trial is opened as a run."
    )


@st.cache_resource(max_entries=64, show_spinner=False)
def charts(
    id: str, finished: tuple[int, ...], _plan: sweeps.Plan, _found: list[sweeps.Row], _shares: dict[str, float]
) -> None:
    """The finished trials of a sweep as lines, and what its fields account for; made anew when more have finished."""
    names = [vary.name for vary in _plan.varied]
    plots.show(figures.parallel(_found, names, _plan.metric), f"parallel-{id}", PARALLEL)
    if _shares:
        plots.show(figures.importance(_shares), f"importance-{id}", figures.importance_words(_shares))


def finished_of(found: list[sweeps.Row]) -> tuple[int, ...]:
    """The numbers of the trials that have finished."""
    return tuple(row.trial for row in found if row.status == sweeps.FINISHED)


def results(folder: Path) -> tuple[list[sweeps.Row], dict[str, float]]:
    """The trials of a sweep and the importance of its fields, each made anew when there is more of it."""
    found = _rows(folder, stamps([folder / sweeps.JOURNAL]))
    return found, _importance(folder, finished_of(found))


@functools.lru_cache(maxsize=64)
def _rows(folder: Path, journal: tuple) -> list[sweeps.Row]:
    try:
        return sweeps.rows(sweeps.read(folder)) if journal else []
    except sweeps.SweepError:  # of which the worker says why it failed
        return []


@functools.lru_cache(maxsize=64)
def _importance(folder: Path, finished: tuple[int, ...]) -> dict[str, float]:
    try:
        return sweeps.importance(sweeps.read(folder)) if finished else {}
    except sweeps.SweepError:
        return {}


def table(job: jobs.Job, shown: pd.DataFrame, found: list[sweeps.Row]) -> None:
    """All trials, sortable; a chosen one can be opened."""
    st.caption("Lines: finished trials, the best in colour. Choose one in the table to open it as a run of your own.")
    selected: dict[str, Any] = {"on_select": "rerun", "selection_mode": "single-row", "key": f"trials-{job.id}"}
    event: Any = st.dataframe(shown, hide_index=True, column_config={"ended": WIDE}, **selected)
    rows = event.selection.rows
    if rows and rows[0] < len(found):
        offer(job, found[rows[0]])


def offer(job: jobs.Job, row: sweeps.Row) -> None:
    """A button that opens a trial, and the way to it; or why it has no run."""
    if row.status != sweeps.FINISHED:
        st.caption(f"Trial {row.trial} is {row.status}, and has no run. {words.markdown(row.problem)}")
        return
    key = f"{job.id}-{row.trial}"
    if st.button(f"Open trial {row.trial}", icon=":material/folder_open:", key=f"open-{key}"):
        with st.spinner("Measuring the model on the test images"):
            st.session_state["trial_opened"] = key, *open_trial(job, row.trial)
    opened, name, problem = st.session_state.get("trial_opened", ("", "", ""))
    if opened == key and problem:
        st.error(problem)
    elif opened == key:
        st.page_link(PAGES / "explore.py", label=f"Explore {words.markdown(name)}", query_params={"run": name})


def open_trial(job: jobs.Job, number: int) -> tuple[str, str]:
    """Make a run of a trial, and keep it as one that the visitor opened; its name, or why that cannot be."""
    name = uploads.safe_name(f"{job.name} trial {number}.x")
    try:
        run = sweeps.run_of(live.manager().store.sweep_path(job.id), number, name)
        return uploads.keep(name, runs.to_bytes(run)).name, ""
    except (sweeps.SweepError, runs.RunError, data.DataError) as error:
        return "", str(error)
