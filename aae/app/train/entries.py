"""What can be watched on the Train page: jobs, series of jobs and shipped runs, by keys and in words."""

import streamlit as st

from aae import jobs
from aae.app import links
from aae.app.runs import live
from aae.app.runs.runcache import Known
from aae.app.views import loaders

SHIPPED = "shipped: "
SHIPPED_TRIO = f"{SHIPPED}AE, VAE and AAE"
LINKED = "watch"  # the address's parameter


def others(kept: list[jobs.Job], ready: dict[str, Known]) -> dict[str, str]:
    """The keys and words of what all can watch: jobs that wait or run, shipped runs, and jobs that have ended."""
    with_names = {SHIPPED_TRIO: SHIPPED_TRIO} if trio(ready) else {}
    with_names |= {f"{SHIPPED}{name}": f"{SHIPPED}{name} · {known.title}" for name, known in ready.items()}
    return entries_of([job for job in kept if job.is_active], kept) | with_names | entries_of(kept, kept)


def trio(ready: dict[str, Known]) -> list[str]:
    """The shipped runs to be compared first, as far as they can be shown."""
    return [name for name in loaders.TRIO if name in ready]


def watched(entries: dict[str, str]) -> str | None:
    """The entry that was chosen in this visit, or by the link; None where there is none."""
    asked = links.asked(LINKED)
    if asked or (asked == [] and st.session_state.get("stays")):  # of a new link, or the visitor went back
        st.session_state["watched"] = None
    wanted = st.session_state.get("watched") or st.query_params.get(LINKED, "")
    if wanted in entries:
        st.session_state["watched"] = wanted
        links.write(LINKED, [wanted])
        return wanted
    if st.session_state.pop("watched", None):  # it was deleted
        links.write(LINKED, [])
    elif wanted:
        st.info("The training of this link is not there any more.")
    return None


def entries_of(some: list[jobs.Job], kept: list[jobs.Job]) -> dict[str, str]:
    """The keys and words by which these jobs, or their series, are chosen, the newest first."""
    return dict(entry_of(job, kept) for job in some)


def entry_of(job: jobs.Job, kept: list[jobs.Job]) -> tuple[str, str]:
    """The key and the words by which a job, or its series, is chosen."""
    if not job.series:
        return job.id, f"{live.title(job)}: {in_progress(job)}"
    together = [other for other in kept if other.series == job.series]
    names = ", ".join(live.title(other) for other in reversed(together))
    finished = sum(other.status == jobs.FINISHED for other in together)
    return job.series, f"{names}: {finished} of {len(together)} finished"


def in_progress(job: jobs.Job) -> str:
    """The job's status in words."""
    named = {jobs.QUEUED: f"queued, position {job.place}", jobs.PAUSING: "pausing…", jobs.STOPPING: "stopping…"}
    return named.get(job.status, job.status)
