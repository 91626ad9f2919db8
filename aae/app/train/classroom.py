"""The teacher's part of the Train page: all jobs, and what visitors may do."""

import hashlib
from collections.abc import Callable
from typing import Any

import streamlit as st

from aae import jobs
from aae.app import notices
from aae.app.runs import live
from aae.app.train.entries import in_progress

TAB = "Class"
CHOSEN = "class_jobs"  # key of the chosen jobs
SAID = "class_said"  # in the visit: what could not be done
ACTS: dict[str, Callable[[jobs.Jobs, jobs.Job], None]] = {
    "To the front": lambda manager, job: manager.put_first(job.id),
    "Pause": lambda manager, job: manager.pause(job.id, job.owner),
    "Stop": lambda manager, job: manager.stop(job.id, job.owner),
}


@st.fragment(run_every=5)  # s
@notices.if_the_disk_is_full()
def panel() -> None:
    """What visitors may do, and all jobs, the next ones first."""
    rules()
    kept = {job.id: job for job in sorted(live.manager().all(), key=lambda job: (not job.is_active, job.place))}
    st.session_state[CHOSEN] = [id for id in st.session_state.get(CHOSEN, []) if id in kept]
    st.multiselect("Jobs", kept, key=CHOSEN, format_func=lambda id: live.title(kept[id]), placeholder="choose some")
    with st.container(horizontal=True):
        for label, act in ACTS.items():
            button(label, act)
        with st.popover("Delete"):
            st.markdown("The chosen trainings and their runs are removed for ever.")
            button("Yes, remove them", lambda manager, job: manager.delete(job.id, job.owner))
    for line in st.session_state.pop(SAID, []):
        st.error(line)
    st.table([row(job) for job in kept.values()])


def button(label: str, act: Callable[[jobs.Jobs, jobs.Job], None]) -> None:
    """A button that does something with each chosen job."""
    st.button(label, key=f"class-{label}", on_click=to_all, args=(act,))


def rules() -> None:
    """What can be changed for all visitors, until the server ends."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        number("Jobs of a visitor that wait or run", "per_owner", jobs.MAX_JOBS)
        number("Jobs at once", "limit", live.CORES)
        st.toggle("Visitors may upload files", **field("uploads"))


def number(label: str, name: str, most: int) -> None:
    """A whole number of 1 or more."""
    st.number_input(label, 1, most, width=260, **field(name))


def field(name: str) -> dict[str, Any]:
    """The key of a widget that shows a rule, and changes it for all."""
    key, shared = f"class_{name}", live.manager().rules
    st.session_state[key] = shared.get(name)  # another teacher may have changed it
    return {"key": key, "on_change": lambda: shared.set(name, st.session_state[key])}


def row(job: jobs.Job) -> dict[str, str]:
    """What is said of a job; its visitor by a short code, from which the secret cannot be found."""
    code = hashlib.sha256(job.owner.encode()).hexdigest()[:4]
    return {"Job": live.title(job), "Visitor": code, "Status": in_progress(job)}


def to_all(act: Callable[[jobs.Jobs, jobs.Job], None]) -> None:
    """Do something with each chosen job; what cannot be done is said."""
    manager, said = live.manager(), []
    for id in st.session_state[CHOSEN]:
        try:
            act(manager, manager.get(id))
        except jobs.JobError as error:
            said.append(str(error))
    st.session_state[SAID] = said
