"""What may be done with a job, and by whom."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st

from aae import jobs, runs
from aae.app.runs import live
from aae.app.server import identity
from aae.app.train import form

PAGES = Path(__file__).resolve().parents[3] / "pages"
REFUSED = "refused"  # in the visit: a job, and why something could not be done with it


def buttons(job: jobs.Job) -> None:
    """What may be done with the job, and by whom."""
    owned = job.belongs_to(identity.owner())
    with st.container(horizontal=True, vertical_alignment="center"):
        if owned:
            for_owner(job)
        run = live.run(job)
        if run:
            name = f"{job.name}.safetensors"
            st.download_button("Save", lambda: runs.to_bytes(run), name, on_click="ignore", key=f"save-{job.id}")
            st.page_link(PAGES / "explore.py", label="Explore it", query_params={"run": job.id})
    if not owned:
        st.caption("Another visitor's job: you may watch.")


def for_owner(job: jobs.Job) -> None:
    """The buttons of a job's owner."""
    manager, ending = live.manager(), job.status in (jobs.PAUSING, jobs.STOPPING)
    if job.is_active:
        button("Pause", job, manager.pause, ending)
        button("Stop", job, manager.stop, ending)
    else:  # as many elements: what follows stays where it is, and open
        button("Resume", job, manager.resume) if job.status != jobs.FINISHED else st.empty()
        more_epochs(job) if jobs.can_go_on(job, manager.store.has_state(job.id)) else st.empty()
    with st.popover("Delete"):
        st.markdown("The training and its run are removed for ever.")
        button("Yes, remove it", job, manager.delete)
    with st.popover("Rename"):
        key = f"name-{job.id}"
        st.text_input("Name", job.name, max_chars=jobs.MAX_NAME, key=key, on_change=rename, args=(job.id, key))


def troubles(job: jobs.Job) -> None:
    """Why something could not be done with the job, why it failed, or how it goes on."""
    refused, why = st.session_state.get(REFUSED, ("", ""))
    if refused == job.id:
        st.error(why)
    if job.status == jobs.FAILED:
        st.error(live.manager().error(job.id))
    elif job.status == jobs.INTERRUPTED:
        resume = " Resume goes on from the last saved state." if job.belongs_to(identity.owner()) else ""
        st.info(f"The server ended while this was training.{resume}")


def more_epochs(job: jobs.Job) -> None:
    """Let a finished training go on, and say how that differs from as many epochs at once."""
    with st.popover("Go on"):
        n = st.number_input("More epochs", 1, form.EPOCHS[1], 10, key=f"more-{job.id}")
        before, after = job.config.epochs, job.config.epochs + n
        ends = ",".join(map(str, (*job.config.continued_at, before)))
        st.markdown(
            f"From its last state, with the learning rate and the weight of the regularization that a training of "
            f"{after} epochs has from epoch {before} on. Its first {before} epochs stay as they were: nothing else "
            f"differs from {after} epochs at once. From the start `epochs={after} continued_at={ends}` trains the "
            "same, bit for bit."
        )
        label = f"Go on for {n} more epoch{'s' * (n > 1)}"
        st.button(label, key=f"go-on-{job.id}", on_click=attempt, args=(job.id, live.manager().resume, n))


def button(label: str, job: jobs.Job, act: Callable[[str, str], None], disabled: bool = False) -> None:
    """A button that does something with the job, before anything of it is shown."""
    st.button(label, key=f"{label}-{job.id}", disabled=disabled, on_click=attempt, args=(job.id, act))


def attempt(id: str, act: Callable[..., None], *arguments: Any) -> None:
    """Do something with the job; why it cannot be done is said until something else is."""
    st.session_state.pop(REFUSED, None)
    try:
        act(id, identity.owner(), *arguments)
    except jobs.JobError as error:
        st.session_state[REFUSED] = id, str(error)


def rename(id: str, key: str) -> None:
    """Give the job the name that was just written."""
    attempt(id, live.manager().rename, st.session_state[key])
