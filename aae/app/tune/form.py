"""The form of the Tune page: a preset, data, and the fields to vary, with a click each."""

import functools
import random
import shlex
from collections.abc import Callable
from dataclasses import replace
from typing import Any, NamedTuple

import streamlit as st

from aae import data, jobs, sweeps
from aae.app import notices
from aae.app.runs import live
from aae.app.server import identity
from aae.app.train import trainpage
from aae.app.views import choosers
from aae.config import CHOICES, PRESETS, Config, ConfigError
from aae.config.datasets import KNOWN
from aae.runs import commands, titles

TRIALS, SEEDS = (4, 8, 12, 16), (1, 2, 3)  # what a workshop's queue can bear
MAX_SECONDS = 1800  # about, of a sweep of the page; the command line has no limit
METRICS = {
    "reconstruction_mse": "reconstruction MSE per pixel",
    "reconstruction_bce": "reconstruction BCE, nats per image",
    "prior_distance": "distance of the codes to the prior",
    "classification_error": "classification error",
    "clustering_error": "clustering error",
    "hungarian_error": "clustering error, Hungarian matching",
}
N_ESTIMATED = 16  # combinations by which a sweep's time is estimated
STRENGTHS = (0.25, 0.5, 1.0, 2.0)  # times the preset's weight


class Knob(NamedTuple):
    """A field that is varied by one click."""

    title: str
    values: Callable[[Config], list[str]]  # for a config, as they are written
    meaning: str


def strengths(config: Config) -> list[str]:
    """The weights of regularization, in the first epoch and the last."""
    first, last = config.regularizer_weight
    return [f"{times * first:g}:{times * last:g}" for times in STRENGTHS]


def around(value: int, *shares: float) -> list[str]:
    """A number and multiples of it."""
    return [str(max(2, round(share * value))) for share in shares]


KNOBS = {
    "learning_rate": Knob("Learning rate", lambda c: ["0.0005", "0.001", "0.002", "0.004"], "of encoder and decoder"),
    "epochs": Knob("Epochs", lambda c: around(c.epochs, 0.5, 1, 2), "passes over the data; then no trial is pruned"),
    "batch_size": Knob("Batch size", lambda c: around(c.batch_size, 0.5, 1, 2, 4), "images in a minibatch"),
    "latent_dim": Knob("Latent dimension", lambda c: ["2", "5", "10", "15"], "numbers in a code"),
    "regularizer_weight": Knob("Regularization strength", strengths, "weight in the first epoch and the last"),
}


def panel() -> None:
    """Choose what to sweep, see what it costs, start it."""
    preset = choosers.choose("Model (preset)", PRESETS, "preset", list(PRESETS).index("digits"), help=PRESET_HELP)
    st.caption(titles.title(PRESETS[preset]))
    names = ["digits", *(name for name in CHOICES["dataset"] if name != "digits")]
    dataset = choosers.choose("Data", names, "images", help=DATA_HELP, format_func=lambda name: KNOWN[name].title)
    base = base_config(preset, dataset)
    varied = choose_varied(base)
    with st.container(horizontal=True):
        trials = choosers.choose("Trials", TRIALS, "trials", 1, help="At most; a grid that is smaller is run whole.")
        seeds = choosers.choose("Seeds", SEEDS, "seeds", 0, help="Each trial is the mean of so many trainings.")
    metric = choose_metric(base)
    try:
        start_panel(plan_of(base, varied, trials, seeds, metric), preset, dataset)
    except (ConfigError, data.DataError) as error:
        start_button(disabled=True)
        st.warning(str(error))


PRESET_HELP = "What is the same in all trials: a row of `aae/config/presets.py`."
DATA_HELP = "A sixth of the training images is held out to compare trials; the test images are not looked at."


def base_config(preset: str, dataset: str) -> Config:
    """What is the same in all trials, in so few epochs that a workshop can wait."""
    config = live.fitted(sweeps.held_out(PRESETS[preset]), dataset)
    return replace(config, epochs=min(config.epochs, 20 if live.n_train(dataset) < live.FEW else 5))


def choose_varied(base: Config) -> list[str]:
    """The fields that are varied, each with its values, as sweeps read them."""
    help = "  \n".join(f"**{knob.title}**: {knob.meaning}" for knob in KNOBS.values())
    titled, asked = {name: knob.title for name, knob in KNOBS.items()}, st.query_params.get_all("vary")
    fields: dict[str, Any] = {"default": ["learning_rate"], "key": "vary", "bind": "query-params", "wrap": True}
    chosen = st.pills("Vary", titled, selection_mode="multi", format_func=titled.__getitem__, help=help, **fields)
    shown = [titled[name] for name in chosen]
    notices.unknown("vary", [text for text in asked if text and text not in titled.values()], [*titled.values()], shown)
    varied = {name: KNOBS[name].values(base) for name in KNOBS if name in chosen}
    for name, values in varied.items():
        st.caption(f"{KNOBS[name].title}: {', '.join(values).replace(':', ' to ')}")
    return [f"{name}={','.join(values)}" for name, values in varied.items()]


def choose_metric(base: Config) -> str:
    """What is to be small."""
    names, usual = sweeps.metrics_of(base), sweeps.default_metric(base)
    help = "Of the held-out images. Reconstruction alone is best without regularization: look at the prior's too."
    return choosers.choose("Make small", names, "metric", names.index(usual), METRICS.__getitem__, help=help)


def plan_of(base: Config, varied: list[str], trials: int, seeds: int, metric: str) -> sweeps.Plan:
    """The whole grid where it is small enough, else what TPE chooses of it. Raises ConfigError."""
    if not varied:
        raise ConfigError("Nothing is varied: choose one field or several.")
    whole = sweeps.Plan.make(base, varied, "grid", None, seeds, metric)
    return whole if whole.n_trials <= trials else sweeps.Plan.make(base, varied, "tpe", trials, seeds, metric)


def start_panel(plan: sweeps.Plan, preset: str, dataset: str) -> None:
    """What the sweep costs, and the button."""
    seconds = estimate(plan, dataset)
    how = "the whole grid" if plan.sampler == "grid" else f"chosen by TPE from {plan.n_combinations} combinations"
    pruned = " Those worse than the median of the trials before are pruned." if plan.may_prune else ""
    st.caption(f"{plan.n_trials} trials, {how}; about {trainpage.in_words(seconds)} on a free core.{pruned}")
    is_long = seconds > MAX_SECONDS
    if is_long:
        st.warning(f"Longer than {trainpage.in_words(MAX_SECONDS)}: choose fewer trials or seeds, or the command line.")
    if start_button(disabled=is_long):
        start(plan, preset, dataset)
    st.caption(
        "A sweep is one job of the queue on Train, with its limits; after each trial it lets jobs go first that wait."
    )
    fold = st.expander("The same on the command line", key="command-sweep", on_change="rerun")
    if fold.open:  # the code's colours are 1.6 MB of scripts
        fold.code(command(plan, preset), language=None, wrap_lines=True)


def start_button(disabled: bool) -> bool:
    """Whether the sweep is to be started; the button stays where it cannot be pressed."""
    return st.button("Start the sweep", type="primary", icon=":material/tune:", disabled=disabled)


def command(plan: sweeps.Plan, preset: str) -> str:
    """The command line that makes the same sweep."""
    fitted = data.fit(sweeps.held_out(PRESETS[preset]), plan.config.dataset)
    words = ["--data", plan.config.dataset, *commands.assignments(plan.config, fitted)]
    words += [word for vary in plan.varied for word in ("--vary", str(vary))]
    words += ["--sampler", plan.sampler, "--trials", str(plan.n_trials), "--seeds", str(plan.n_seeds)]
    return shlex.join(["python", "-m", "aae", "sweep", preset, *words, "--metric", plan.metric])


@functools.lru_cache(maxsize=256)
def estimate(plan: sweeps.Plan, dataset: str) -> float:
    """About how many seconds the sweep takes, alone on a core, without pruning: by the mean over some combinations."""
    some = list(plan.combinations())
    some = random.Random(0).sample(some, min(N_ESTIMATED, len(some)))
    seconds = [seconds_of(plan, written, dataset) for written in some]
    return plan.n_trials * plan.n_seeds * sum(seconds) / len(seconds)


def seconds_of(plan: sweeps.Plan, written: dict[str, str], dataset: str) -> float:
    """About how many seconds a trial takes with one seed; one whose fields do not go together fails at once."""
    try:
        return live.estimate(plan.config_of(written), live.n_train(dataset))
    except ConfigError:
        return 0.0


def start(plan: sweeps.Plan, preset: str, dataset: str) -> None:
    """Queue the sweep, and show it."""
    manager = live.manager()
    try:
        data.check(plan.config)
        name, me = " ".join(dict.fromkeys([preset, dataset])), identity.owner()  # not "digits digits"
        id = manager.submit(plan.config, name, me, sweep=plan, source=identity.address())
    except (ConfigError, data.DataError, jobs.JobError) as error:
        st.error(str(error))
        return
    st.session_state["sweep_shown"] = id
    st.rerun()
