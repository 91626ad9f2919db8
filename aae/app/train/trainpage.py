"""The parts of the Train page: starting jobs, and watching one or several of them."""

import secrets
from typing import Any

import streamlit as st

from aae import data, jobs, runs
from aae.app import notices, words
from aae.app.browser import maps, trainings
from aae.app.browser.pad import pad
from aae.app.runs import catalogue, live, runcache, testimages
from aae.app.runs.runcache import Known
from aae.app.server import identity, teacher
from aae.app.train import actions, classroom, form, stepping
from aae.app.train.entries import SHIPPED, SHIPPED_TRIO, entries_of, in_progress, others, trio, watched
from aae.app.views import loaders
from aae.config import Config, ConfigError
from aae.config.datasets import KNOWN
from aae.data import custom
from aae.runs import commands

MAX_NAMED = 5  # damaged files
LESSON, CHOICE = "Step by step", "lesson_choice"  # the tab; in the visit: what the form holds
COMMAND = "command"  # key of the fold that shows it
SERIES = "train"  # pads of one series are a group


@st.fragment
@notices.if_the_disk_is_full()
def start_panel() -> None:
    """Choose what to train, see what it costs, start it; what else is on the page runs anew only where it differs."""
    choice = choose_and_start()
    notices.show(*notices.of_the_address("train"))
    is_new = CHOICE in st.session_state and choice != st.session_state[CHOICE]
    st.session_state[CHOICE] = choice
    if is_new and st.session_state.get("tab") == LESSON:
        st.rerun()


def choose_and_start() -> form.Choice | None:
    """The form and its buttons; what is chosen, unless it makes no sense."""
    top = st.container()  # in sight, however long the form is
    try:
        choice = form.choose()
        config, *trio = checked_configs(choice)
        seconds = [live.estimate(each, live.n_train(choice.dataset)) for each in (config, *trio)]
    except (ConfigError, data.DataError) as error:
        with top:
            start_buttons(None)
            st.warning(str(error))
        return None
    with top:
        start_buttons(choice)
        st.caption(f"About {in_words(seconds[0])} on a free core; all three in turn {in_words(sum(seconds[1:]))}.")
    limits(choice, config)
    command(config, "form")
    return choice


def checked_configs(choice: form.Choice) -> list[Config]:
    """The configs of the chosen model, and of the three. Raises ConfigError, DataError."""
    configs = [choice.config(model) for model in (choice.model, *form.TRIO)]
    for config in configs:
        data.check(config)
    return configs


def start_buttons(choice: form.Choice | None) -> None:
    """The buttons that start the chosen model, or the three; without a choice neither can be pressed."""
    shared: dict[str, Any] = {"disabled": choice is None}
    with st.container(horizontal=True):
        if st.button("Train", type="primary", icon=":material/play_arrow:", **shared) and choice:
            start(choice, [choice.model])
        if st.button("Train AE, VAE and AAE", help="The same data, network, seed and budget.", **shared) and choice:
            start(choice, list(form.TRIO))


def limits(choice: form.Choice, config: Config) -> None:
    """Which of the three are trained with the chosen prior, and how many jobs there may be."""
    if choice.prior != "gaussian":
        st.caption(
            f"Of the three only the AAE is trained with the chosen prior ({maps.prior_name(config)}): the AE has no "
            "prior, and the VAE keeps the Gaussian."
        )
    rules = live.manager().rules
    st.caption(
        f"Jobs at once on this server: {rules.get('limit')}. You may have {rules.get('per_owner')} queued or "
        "running, and visitors take turns. "
        f"{jobs.MAX_KEPT_PER_OWNER} of yours are kept: a new one then replaces the oldest that has ended."
    )


def command(config: Config, key: str) -> None:
    """The command line that trains the same, and the drawing that it needs."""
    fold = st.expander("The same on the command line", key=f"{COMMAND}-{key}", on_change="rerun")
    if not fold.open:
        return  # the code's colours are 1.6 MB of scripts
    with fold:
        st.code(commands.training(config), language=None, wrap_lines=True)
        if config.prior_image:
            picture = custom.drawing_picture(config.prior_image)
            st.download_button(
                f"Save {commands.DRAWING}", picture, commands.DRAWING, on_click="ignore", key=f"drawing-{key}"
            )


def in_words(seconds: float) -> str:
    """A time in seconds or minutes."""
    return f"{max(1, seconds):.0f} s" if seconds < 100 else f"{seconds / 60:.0f} min"


def start(choice: form.Choice, models: list[str]) -> None:
    """Queue these models, and watch them."""
    series = secrets.token_hex(6) if len(models) > 1 else ""
    try:
        ids, gone = queue(choice, models, series)
    except (ConfigError, jobs.JobError) as error:
        st.error(str(error))
        return
    st.session_state["watched"] = series or ids[0]
    if gone:
        st.toast(f"Deleted, over the limit: {', '.join(map(live.title, gone))}.")
    st.rerun()


def queue(choice: form.Choice, models: list[str], series: str) -> tuple[list[str], list[jobs.Job]]:
    """The ids of new jobs, and the jobs that made room for them. Raises ConfigError or JobError."""
    manager, me, source = live.manager(), identity.owner(), identity.address()
    of = KNOWN[choice.dataset].title if choice.dataset in KNOWN else "custom data"
    configs = {f"{model} {of}": choice.config(model) for model in models}
    for config in configs.values():
        runs.check_size(config, live.n_snapshots(config))
    gone = manager.crowded_out(me, len(models), source)
    return [manager.submit(config, name, me, series, source=source) for name, config in configs.items()], gone


def beside() -> None:
    """The tabs beside the form, of which what is open runs.

    They are no fragment: what watch() had shown, a fragment of its own, would go on behind another tab.
    """
    names = ["Watch", LESSON, *([classroom.TAB] if teacher.is_here() else [])]
    tabs = st.tabs(names, on_change="rerun", key="tab")
    for tab, show in zip(tabs, (watch, explain, classroom.panel), strict=False):
        if tab.open:
            with tab:
                show()


@st.fragment(run_every=5)  # s
@notices.if_the_disk_is_full()
def watch() -> None:
    """A job, or a series of them, or the shipped three."""
    notices.show(*problems())
    kept = [job for job in live.manager().all() if not job.sweep]
    own = entries_of([job for job in kept if job.belongs_to(identity.owner())], kept)
    ready = catalogue.shipped_known()
    entries = own | others(kept, ready)
    if not entries:
        notices.show("Nothing to watch: there is no run in checkpoints/. Start a training.")
        return
    usual = SHIPPED_TRIO if SHIPPED_TRIO in entries else next(iter(entries))
    chosen = choose_watched(entries, next(iter(own), usual))
    if chosen.startswith(SHIPPED):
        shipped(ready, trio(ready) if chosen == SHIPPED_TRIO else [chosen.removeprefix(SHIPPED)])
    else:
        side_by_side([job for job in reversed(kept) if chosen in (job.id, job.series)])


def choose_watched(entries: dict[str, str], usual: str) -> str:
    """The key of what is watched.

    A choice that is not the visitor's gets a new widget: a slow browser may still send the value of the one before,
    which would count as a choice.
    """
    chosen, count = watched(entries) or usual, st.session_state.get("lists", 0)
    if st.session_state.get(f"job-{count}", chosen) != chosen:
        count += 1
    key, st.session_state["lists"] = f"job-{count}", count
    st.session_state[key] = chosen
    return st.selectbox(
        "Watch",
        list(entries),
        format_func=entries.__getitem__,
        key=key,
        label_visibility="collapsed",
        on_change=take_choice,
        args=(count, entries),
    )


def take_choice(count: int, entries: dict[str, str]) -> None:
    """Watch what the visitor chose in this list, if it is the one that is shown.

    A slow browser may send an entry in its former words, as before it was renamed: they are no key, and no choice.
    """
    chosen = st.session_state[f"job-{count}"]
    if count == st.session_state["lists"] and chosen in entries:
        st.session_state["watched"] = chosen


def side_by_side(members: list[jobs.Job]) -> None:
    """The jobs of a series, or one."""
    for column, job in zip(st.columns(len(members)), members, strict=True):
        with column:
            one(job, small=len(members) > 1)
    if scales := trainings.scales([job.config for job in members]):
        st.caption(scales)


def problems() -> list[str]:
    """What cannot be done with jobs now, and which of their files cannot be used, a line each."""
    damaged, trouble = live.manager().damaged(), live.manager().trouble()
    more = f", and {len(damaged) - MAX_NAMED} more" if len(damaged) > MAX_NAMED else ""
    named = f"In the folder of the jobs cannot be used: {'; '.join(damaged[:MAX_NAMED])}{more}." if damaged else ""
    return [f"{trouble[0].upper()}{trouble[1:]}." if trouble else "", named]


def shipped(ready: dict[str, Known], names: list[str]) -> None:
    """Shipped runs as they were trained, side by side."""
    for column, name in zip(st.columns(len(names)), names, strict=True):
        with column:
            run = runcache.load(ready[name])
            about = f" · {SHIPPED}{name} · {live.prior_words(run.config)}"
            st.markdown(f"**{words.markdown(run.title)}**{'' if len(names) > 1 else about}")  # short: level maps
            training, images = loaders.training(run), images_of(testimages.of(run), len(names) > 1)
            pad({**training, **images}, key=f"shipped-{name}-{len(names)}")
    if len(names) > 1:
        scales = trainings.scales([ready[name].config for name in names])
        st.caption(f"One network, data set, seed and budget; 100 epochs, a snapshot after every tenth. {scales}")


def one(job: jobs.Job, small: bool) -> None:
    """One job: what it is, what its owner may do, and the pad that follows it."""
    doing = f": {job.progress.doing}" if job.status == jobs.RUNNING and job.progress.doing else ""
    st.markdown(f"**{live.title(job)}** · {in_progress(job)}{doing} · {live.prior_words(job.config)}")
    acts = st.container()
    images = images_of(testimages.find(job.config.dataset), small)
    pad({**live.job_payload(job), **images}, key=f"live-{job.id}")
    with st.container() if small else acts:  # of several below, so that all maps and losses are in sight
        actions.buttons(job)
        actions.troubles(job)
    command(job.config, job.id)


def images_of(found: testimages.Found, small: bool) -> dict[str, Any]:
    """What a map of a training is given of test images; one of several side by side shows none."""
    notices.show("" if small else found.problem)
    return {"group": SERIES, "small": small, "images": None if small else found.address, "no_images": found.reason}


def explain() -> None:
    """One phase at a time, of what the form holds."""
    stepping.panel(st.session_state[CHOICE])
