"""What a sweep came to: a row a trial, and which field mattered most."""

from statistics import fmean, stdev
from typing import Any, NamedTuple

from aae.sweeps.plan import METRICS
from aae.sweeps.study import Sweep
from aae.sweeps.trials import MEASURED, PROBLEM, SECONDS, WRITTEN

FINISHED, PRUNED, FAILED, RUNNING = "finished", "pruned", "failed", "running"
FEWEST = 4  # finished trials from which importance is estimated


class Row(NamedTuple):
    """A trial; its figures are means over seeds, of validation images."""

    trial: int
    status: str
    value: float | None  # of the sweep's metric; of a pruned trial, when it was pruned
    spread: float | None  # standard deviation over seeds, of two or more
    written: dict[str, str]  # the varied fields
    metrics: dict[str, float]
    epoch: int  # up to which its first seed was trained, where it was pruned; else 0
    problem: str
    seconds: float  # of CPU, all seeds

    def to_json(self) -> dict[str, Any]:
        return self._asdict()


def rows(sweep: Sweep) -> list[Row]:
    """The trials that were begun, in their order."""
    from optuna.trial import TrialState

    names = {
        TrialState.COMPLETE: FINISHED,
        TrialState.PRUNED: PRUNED,
        TrialState.FAIL: FAILED,
        TrialState.RUNNING: RUNNING,
    }
    trials = sweep.study.get_trials(deepcopy=False)
    return [_row(trial, names[trial.state], sweep.plan.metric) for trial in trials if trial.state in names]


def _row(trial: Any, status: str, metric: str) -> Row:
    attributes, reported = trial.user_attrs, trial.intermediate_values
    measured = attributes.get(MEASURED, []) if status == FINISHED else []
    values, epoch = [each[metric] for each in measured], max(reported, default=0) if status == PRUNED else 0
    means = {name: fmean(each[name] for each in measured) for name in METRICS if measured and name in measured[0]}
    return Row(
        trial.number,
        status,
        reported.get(epoch) if status == PRUNED else means.get(metric),
        stdev(values) if len(values) > 1 else None,
        attributes.get(WRITTEN, {}),
        means,
        epoch,
        attributes.get(PROBLEM, ""),
        attributes.get(SECONDS, 0.0),
    )


def best(found: list[Row]) -> Row | None:
    """The finished trial with the smallest value."""
    return min((row for row in found if row.status == FINISHED), key=lambda row: row.value or 0.0, default=None)


def importance(sweep: Sweep) -> dict[str, float]:
    """The share of the metric's variance that each field accounts for (fANOVA, Hutter 2014); {} for few trials."""
    found = [row for row in rows(sweep) if row.status == FINISHED]
    if len(found) < FEWEST or len({row.value for row in found}) < 2:
        return {}
    from optuna.importance import FanovaImportanceEvaluator, get_param_importances

    return get_param_importances(sweep.study, evaluator=FanovaImportanceEvaluator(seed=0))
