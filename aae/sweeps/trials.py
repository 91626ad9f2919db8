"""The trials of a sweep, one after the other; what was begun and not ended is begun anew."""

import math
from collections.abc import Callable, Collection, Generator, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from aae import data, runs, training
from aae.config import Config, ConfigError, refuse
from aae.sweeps.plan import METRICS, Plan, metrics_of
from aae.sweeps.study import Sweep, SweepError
from aae.texts import one_line, shown

if TYPE_CHECKING:
    from optuna.trial import FrozenTrial, Trial

MEASURED, PROBLEM, WRITTEN, SECONDS = "metrics", "problem", "written", "seconds"  # attributes of a trial

Train = Callable[[Config, Path | None], Iterator[dict[str, Any]]]  # a config; where its model is kept; epochs

ATTEMPTS = 100  # draws of a sampler for a combination that was not tried yet


class Moment(NamedTuple):
    """How far a sweep is."""

    trial: int  # from 0
    seed: int  # from 0, of those of the trial
    epoch: int
    epochs: int
    share: float  # of the trial that is done


class Stopped(Exception):
    """The sweep was told to stop; it goes on with the same trial."""


def run(sweep: Sweep, images: data.Data, stop: Callable[[], bool] = bool) -> Iterator[Moment]:
    """Run the trials that are left, yielding after each epoch and each trial; return early once stop() is true."""

    def train(config: Config, model: Path | None) -> Iterator[dict[str, Any]]:
        return train_here(config, model, images, stop)

    while not stop() and (trial := next_trial(sweep)):
        try:
            yield from run_trial(sweep, trial, train)
        except Stopped:
            return
        yield Moment(trial.number, 0, 0, 0, 1.0)


def train_here(
    config: Config, model: Path | None, images: data.Data, stop: Callable[[], bool]
) -> Iterator[dict[str, Any]]:
    """Train a config, an epoch's record at a time, until stop() is true, and keep its model. Raises Diverged."""
    state = training.start(config)
    yield from training.train(state, images, stop=stop)
    if model and is_whole(state.history, config):
        keep_model(state, model)


def is_whole(history: list[dict[str, Any]], config: Config) -> bool:
    """Whether a training came to its end."""
    return bool(history) and history[-1]["epoch"] == config.epochs


def next_trial(sweep: Sweep, running: Collection[int] = ()) -> "Trial | None":
    """The trial that was interrupted, not one of those that run now, else a new one; None where all have begun."""
    from optuna.trial import Trial, TrialState

    begun = [t for t in sweep.study.get_trials(deepcopy=False) if t.state != TrialState.WAITING]
    broken = [t for t in begun if t.state == TrialState.RUNNING and t.number not in running]
    if not broken and len(begun) >= sweep.plan.n_trials:
        return None
    sweep.study.sampler = sweep.plan.make_sampler(broken[0].number if broken else len(begun))
    if broken:
        return Trial(sweep.study, broken[0]._trial_id)  # it keeps its values, and its number
    if len(begun) == len(sweep.study.get_trials(deepcopy=False)) and sweep.plan.n_combinations < math.inf:
        sweep.study.enqueue_trial(untried(sweep.plan, begun))
    return sweep.study.ask()


def untried(plan: Plan, begun: list["FrozenTrial"]) -> dict[str, str]:
    """The sampler's next combination that no trial has had; where it insists on old ones, the first other."""
    import optuna

    tried = [trial.params for trial in begun]
    scratch = optuna.create_study(sampler=plan.make_sampler(len(begun)))
    scratch.add_trials(begun)
    for _ in range(ATTEMPTS):
        trial = scratch.ask()
        if (drawn := {vary.name: vary.suggest(trial) for vary in plan.varied}) not in tried:
            return drawn
    return next(combination for combination in plan.combinations() if combination not in tried)


def run_trial(sweep: Sweep, trial: "Trial", train: Train) -> Iterator[Moment]:
    """Train one trial with each seed, and note what it came to. Raises Stopped."""
    from optuna import TrialPruned
    from optuna.trial import TrialState

    written = {vary.name: vary.suggest(trial) for vary in sweep.plan.varied}
    trial.set_user_attr(WRITTEN, written)
    try:
        values = yield from train_seeds(sweep, trial, checked_config(sweep.plan, written), train)
    except TrialPruned:
        sweep.study.tell(trial.number, state=TrialState.PRUNED)
    except (ConfigError, training.Diverged, MemoryError, RuntimeError) as error:
        if type(error) is RuntimeError and "allocate" not in str(error):
            raise
        trial.set_user_attr(PROBLEM, one_line(error))
        sweep.study.tell(trial.number, state=TrialState.FAIL)
    else:
        sweep.study.tell(trial.number, sum(values) / len(values))


def checked_config(plan: Plan, written: dict[str, str]) -> Config:
    """The config of a trial with these values. Raises ConfigError where it cannot be trained and compared."""
    config = plan.config_of(written)
    if plan.metric not in metrics_of(config):
        raise refuse("--metric", plan.metric, f"such a model has only {', '.join(metrics_of(config))}")
    runs.check_size(config, 0)
    return config


def train_seeds(sweep: Sweep, trial: "Trial", config: Config, train: Train) -> Generator[Moment, None, list[float]]:
    """Train with each seed that is left; the metric of each seed. Raises Stopped, TrialPruned, Diverged."""
    measured: list[dict[str, float]] = trial.user_attrs.get(MEASURED, [])
    reported = max(sweep.study.get_trials(deepcopy=False)[trial.number].intermediate_values, default=0)
    for k in range(len(measured), sweep.plan.n_seeds):
        history: list[dict[str, Any]] = []
        model = model_path(sweep.folder, trial.number) if k == 0 else None
        for record in train(replace(config, seed=config.seed + k), model):
            history.append(record)
            epoch, value = record["epoch"], record[sweep.plan.metric]
            yield Moment(trial.number, k, epoch, config.epochs, (k + epoch / config.epochs) / sweep.plan.n_seeds)
            if k == 0:
                judge(trial, epoch, value, reported, epoch == config.epochs)
        if not is_whole(history, config):
            raise Stopped
        measured = [*measured, {name: record[name] for name in METRICS if name in record}]
        trial.set_user_attr(SECONDS, trial.user_attrs.get(SECONDS, 0.0) + sum(r["seconds"] for r in history))
        trial.set_user_attr(MEASURED, measured)
    return [each[sweep.plan.metric] for each in measured]


def keep_model(state: training.State, path: Path) -> None:
    """Write what a run is made of, which has weights of 16 bits as well; the state cannot be trained on."""
    state.model.half()
    state.averaged.half()
    runs.save_state(replace(state, optimizers={}), path)


def judge(trial: "Trial", epoch: int, value: float, reported: int, is_last: bool) -> None:
    """Report an epoch that was not reported before an interruption. Raises TrialPruned where it is a bad one."""
    from optuna import TrialPruned

    if epoch > reported:
        trial.report(value, epoch)
    if epoch >= reported and not is_last and trial.should_prune():
        raise TrialPruned


def model_path(folder: Path, number: int) -> Path:
    """Where the model of a trial's first seed is kept, which has not seen the test images."""
    return runs.state_path(folder / f"trial-{number}{runs.SUFFIX}")


def run_of(folder: Path, number: int, name: str, images: data.Data | None = None) -> runs.Run:
    """A finished trial as a run: only now it is measured on the test images. Raises RunError, DataError, SweepError."""
    path = model_path(folder, number)
    if not path.is_file():
        raise SweepError(f"trial {number} of {shown(folder)}: has no model: choose one that has finished")
    state = runs.load_state(path)
    return runs.finish(state, images or data.load_for(state.config), name)
