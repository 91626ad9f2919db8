"""The parts of the Train page: starting jobs, and watching one or several of them."""

import secrets
from pathlib import Path

import streamlit as st

from aae import data, jobs, own, runs
from aae.app import form, live, loaders, notices, stepping, testimages
from aae.app.pad import pad
from aae.config import Config, ConfigError

PAGES = Path(__file__).resolve().parents[2] / "pages"
SHIPPED = "shipped: "
SHIPPED_TRIO = f"{SHIPPED}AE, VAE and AAE"
SERIES = "train"  # pads of one series are a group


def start_panel() -> form.Choice | None:
    """Choose what to train, see what it costs, start it; what is chosen, unless it makes no sense."""
    try:
        choice = form.choose()
        config = choice.config(choice.model)
        trio = [choice.config(model) for model in form.TRIO]
        seconds = [live.estimate(each, live.n_train(choice.dataset)) for each in (config, *trio)]
    except (ConfigError, data.DataError) as error:
        st.warning(str(error))
        if isinstance(error, ConfigError):  # else there is nothing to train on yet
            st.button("Train", type="primary", icon=":material/play_arrow:", disabled=True)
        return None
    st.caption(
        f"About {in_words(seconds[0])} on a free core; all three, one after the other, {in_words(sum(seconds[1:]))}."
    )
    with st.container(horizontal=True):
        if st.button("Train", type="primary", icon=":material/play_arrow:"):
            start(choice, [choice.model])
        if st.button("Train AE, VAE and AAE", help="The same data, network, seed and budget, side by side."):
            start(choice, list(form.TRIO))
    if choice.prior != "gaussian":
        st.caption(
            f"Of the three only the AAE is pressed into the chosen prior ({live.prior_name(config)}): the AE has no "
            "prior, and the VAE keeps the Gaussian."
        )
    st.caption(
        f"Jobs at once on this server: {live.LIMIT}. Of yours at most {jobs.MAX_PER_OWNER} wait or run, and "
        f"{jobs.MAX_KEPT_PER_OWNER} are kept."
    )
    command(config, "form")
    return choice


def command(config: Config, key: str) -> None:
    """The command line that trains the same, and the drawing that it needs."""
    with st.expander("The same on the command line"):
        st.code(live.command(config), language="sh", wrap_lines=True)
        if config.prior_image:
            picture = own.drawing_picture(config.prior_image)
            st.download_button(f"Save {live.DRAWING}", picture, live.DRAWING, on_click="ignore", key=f"drawing-{key}")


def in_words(seconds: float) -> str:
    """A time as one says it."""
    return f"{max(1, seconds):.0f} s" if seconds < 100 else f"{seconds / 60:.0f} min"


def start(choice: form.Choice, models: list[str]) -> None:
    """Queue these models, and watch them."""
    series = secrets.token_hex(6) if len(models) > 1 else ""
    of = "own data" if choice.dataset.startswith("own-") else choice.dataset
    try:
        live.manager().check_room(live.owner(), len(models))
        for model in models:
            id = live.manager().submit(choice.config(model), f"{model} {of}", live.owner(), series)
        st.session_state["watched"] = series or id
    except jobs.JobError as error:
        st.error(str(error))


@st.fragment(run_every="5s")
def watch() -> None:
    """A job, or a series of them, or the shipped three."""
    kept = live.manager().all()
    shown = {SHIPPED_TRIO: SHIPPED_TRIO, **{f"{SHIPPED}{name}": f"{SHIPPED}{name}" for name in loaders.shipped_names()}}
    entries = {entry: name for job in reversed(kept) for entry, name in [entry_of(job, kept)]}
    entries = dict(reversed(entries.items())) | shown
    watched = st.session_state.get("watched")  # which outlives the widget, when the page is left
    st.session_state["job"] = watched if watched in entries else next(iter(entries))
    chosen = st.selectbox(
        "Watch",
        list(entries),
        format_func=entries.get,
        key="job",
        label_visibility="collapsed",
        on_change=lambda: st.session_state.update(watched=st.session_state["job"]),
    )
    if chosen.startswith(SHIPPED):
        shipped(loaders.TRIO if chosen == SHIPPED_TRIO else (chosen.removeprefix(SHIPPED),))
        return
    members = [job for job in reversed(kept) if chosen in (job.id, job.series)]
    for column, job in zip(st.columns(len(members)), members, strict=True):
        with column:
            one(job, small=len(members) > 1)


def entry_of(job: jobs.Job, kept: list[jobs.Job]) -> tuple[str, str]:
    """The key and the words by which a job, or its series, is chosen."""
    if not job.series:
        return job.id, f"{live.title(job)}: {job.status}"
    together = [other for other in kept if other.series == job.series]
    names = ", ".join(live.title(other) for other in reversed(together))
    finished = sum(other.status == jobs.FINISHED for other in together)
    return job.series, f"{names}: {finished} of {len(together)} finished"


def shipped(names: tuple[str, ...]) -> None:
    """Shipped runs as they were trained, side by side."""
    if len(names) > 1:
        st.caption("One network, data set, seed and budget; 100 epochs, a snapshot after every tenth.")
    for column, name in zip(st.columns(len(names)), names, strict=True):
        with column:
            run = loaders.shipped_run(name)
            st.markdown(f"**{name}** · {live.prior_words(run.config)}")
            told = live.run_data(run, loaders.frame_urls(run), small=len(names) > 1)
            images = None if len(names) > 1 else testimages.url_of(run)
            notices.show("" if len(names) > 1 else testimages.of(run).problem)
            pad({**told, "group": SERIES, "images": images}, key=f"shipped-{name}-{len(names)}")


def one(job: jobs.Job, small: bool) -> None:
    """One job: what it is, what its owner may do, and the pad that follows it."""
    st.markdown(f"**{live.title(job)}** · {job.status}")
    st.caption(live.prior_words(job.config))
    buttons(job)
    if job.status == jobs.FAILED:
        st.error(live.manager().error(job.id))
    elif job.status == jobs.INTERRUPTED:
        st.info("The server ended while this was training. Resume goes on from the last saved state.")
    told = {**live.job_data(job, small), "group": SERIES, "status": job.status}
    images = None if small else testimages.url(job.config.dataset)
    notices.show("" if small else testimages.find(job.config.dataset).problem)
    pad({**told, "images": images}, key=f"live-{job.id}")
    command(job.config, job.id)


def buttons(job: jobs.Job) -> None:
    """What may be done with the job, and by whom."""
    manager, me = live.manager(), live.owner()
    with st.container(horizontal=True, vertical_alignment="center"):
        for label, act in actions(job, manager) if job.owner == me else []:
            if st.button(label, key=f"{label}-{job.id}"):
                attempt(lambda act=act: act(job.id, me))
        if job.owner == me:
            rename(job)
        run = live.run(job)
        if run:
            name = f"{job.name}.safetensors"
            st.download_button("Save", lambda: runs.to_bytes(run), name, on_click="ignore", key=f"save-{job.id}")
            st.page_link(PAGES / "explore.py", label="Explore it", query_params={"run": run.name})
    if job.owner != me:
        st.caption("Another visitor's job: you may watch.")


def actions(job: jobs.Job, manager: jobs.Jobs) -> list:
    """The buttons of a job's owner."""
    if job.is_active:
        return [("Pause", manager.pause), ("Stop", manager.stop), ("Delete", manager.delete)]
    resume = [("Resume", manager.resume)] if job.status != jobs.FINISHED else []
    return [*resume, ("Delete", manager.delete)]


def rename(job: jobs.Job) -> None:
    """A menu to give the job another name."""
    with st.popover("Rename"):
        key = f"name-{job.id}"
        st.text_input("Name", job.name, max_chars=jobs.MAX_NAME, key=key, on_change=give_name, args=(job.id, key))
        if error := st.session_state.pop(f"error-{job.id}", None):
            st.error(error)


def give_name(id: str, key: str) -> None:
    """Give the job the name that was just written, or keep the reason why not."""
    try:
        live.manager().rename(id, live.owner(), st.session_state[key])
    except jobs.JobError as error:
        st.session_state[f"error-{id}"] = str(error)


def attempt(act) -> None:
    """Do it and show what came of it, or say why it cannot be done."""
    try:
        act()
    except jobs.JobError as error:
        st.error(str(error))
    else:
        st.rerun(scope="fragment")


def explain(choice: form.Choice | None) -> None:
    """One phase at a time, on the digits."""
    stepping.panel(choice.prior if choice else "gaussian", choice.prior_image if choice else "")
