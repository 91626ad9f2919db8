"""What a sweep is asked for, checked as a whole before anything is trained."""

import itertools
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from aae.config import Config, refuse
from aae.config.datasets import KNOWN
from aae.data import LEAST_VALIDATION
from aae.sweeps.space import Vary
from aae.texts import nearest

if TYPE_CHECKING:
    from optuna.pruners import BasePruner
    from optuna.samplers import BaseSampler

SAMPLERS = ("grid", "random", "tpe")
METRICS = (  # of validation images; smaller is better
    "reconstruction_mse", "reconstruction_bce", "prior_distance", "classification_error", "clustering_error",
    "hungarian_error",
)  # fmt: skip
MAX_TRIALS, MAX_SEEDS = 10_000, 100
N_VALIDATION = 10_000  # images of MNIST that are held out where a preset says nothing; of other sets at most a sixth
N_STARTUP = 5  # trials before TPE, and pruning, have something to learn from
WARM_UP = 0.2  # share of the epochs in which no trial is pruned


@dataclass(frozen=True)
class Plan:
    """The trials of a sweep. Raises ConfigError for what makes no sense."""

    config: Config  # of all trials but for what is varied; its seed is the first
    varied: tuple[Vary, ...]
    sampler: str
    n_trials: int
    n_seeds: int
    metric: str
    prunes: bool = True

    def __post_init__(self):
        check_varied(self.varied)
        _check_choice("--sampler", self.sampler, SAMPLERS)
        _check_choice("--metric", self.metric, METRICS)
        _check_number("--trials", self.n_trials, MAX_TRIALS)
        _check_number("--seeds", self.n_seeds, MAX_SEEDS)
        self.seeded(self.n_seeds - 1)
        if self.config.n_validation < LEAST_VALIDATION:
            rule = f"trials are compared on held-out images: set at least {LEAST_VALIDATION}"
            raise refuse("n_validation", self.config.n_validation, rule)
        if self.sampler == "grid" and (ranges := [vary for vary in self.varied if not vary.values]):
            raise refuse("--vary", str(ranges[0]), "a grid has no ranges: write values, or use --sampler tpe")

    @classmethod
    def make(
        cls,
        config: Config,
        varied: Iterable[str],
        sampler: str | None = None,
        n_trials: int | None = None,
        n_seeds: int = 1,
        metric: str | None = None,
        prunes: bool = True,
    ) -> "Plan":
        """A plan of texts FIELD=...; without a sampler a grid where there are no ranges. Raises ConfigError."""
        parsed = tuple(map(Vary.parse, varied))
        usual = "grid" if all(vary.values for vary in parsed) else "tpe"
        n = 20 if n_trials is None else n_trials
        plan = cls(config, parsed, sampler or usual, n, n_seeds, metric or default_metric(config), prunes)
        if plan.sampler == "grid" and n_trials is None:
            n = MAX_TRIALS
        return replace(plan, n_trials=int(min(n, plan.n_combinations)))

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> "Plan":
        """The plan that to_json() wrote. Raises ConfigError, KeyError, TypeError."""
        varied = tuple(map(Vary.parse, values["varied"]))
        return cls(**{**values, "config": Config.from_json(values["config"]), "varied": varied})

    def to_json(self) -> dict[str, Any]:
        return {**vars(self), "config": self.config.to_json(), "varied": [str(vary) for vary in self.varied]}

    @property
    def n_combinations(self) -> float:
        """How many combinations of values there are; infinity with a range."""
        return math.prod(len(vary.values) or math.inf for vary in self.varied)

    def combinations(self) -> Iterator[dict[str, str]]:
        """Every combination of the values; none with a range."""
        names = [vary.name for vary in self.varied]
        return (dict(zip(names, each, strict=True)) for each in itertools.product(*(v.values for v in self.varied)))

    def grid(self) -> list[dict[str, str]]:
        """The first n_trials combinations; nothing where another sampler chooses."""
        return list(itertools.islice(self.combinations(), self.n_trials)) if self.sampler == "grid" else []

    def config_of(self, written: dict[str, str]) -> Config:
        """The config of a trial with these values. Raises ConfigError for fields that do not go together."""
        return replace(self.config, **{vary.name: vary.value(written[vary.name]) for vary in self.varied})

    def seeded(self, k: int) -> Config:
        """The config with its seed moved by k. Raises ConfigError."""
        return replace(self.config, seed=self.config.seed + k)

    def make_sampler(self, number: int) -> "BaseSampler":
        """The sampler of one trial: its draws depend on the trials before it and its number, also after a restart."""
        from optuna.samplers import RandomSampler, TPESampler

        seed = (self.config.seed * MAX_TRIALS + number) % 2**32
        return RandomSampler(seed) if self.sampler == "random" else TPESampler(seed=seed, n_startup_trials=N_STARTUP)

    @property
    def may_prune(self) -> bool:
        """Whether bad trials are pruned: those of different lengths cannot be compared epoch by epoch."""
        return self.prunes and all(vary.name != "epochs" for vary in self.varied)

    def make_pruner(self) -> "BasePruner":
        """Trials are pruned where their best epoch so far is worse than the median of the trials before."""
        from optuna.pruners import MedianPruner, NopPruner

        if not self.may_prune:
            return NopPruner()
        return MedianPruner(N_STARTUP, n_warmup_steps=1 + round(WARM_UP * self.config.epochs))


def check_varied(varied: tuple[Vary, ...]) -> None:
    """Raise ConfigError unless there is something to vary, each field once."""
    names = [vary.name for vary in varied]
    if not names:
        raise refuse("--vary", "", "nothing is varied: add --vary FIELD=A,B,C or --vary FIELD=LOW..HIGH")
    if twice := [name for name in names if names.count(name) > 1]:
        raise refuse("--vary", twice[0], "is there twice: leave one out")


def _check_choice(name: str, value: str, choices: tuple[str, ...]) -> None:
    if value not in choices:
        raise refuse(name, value, f"must be one of {', '.join(choices)}{nearest(value, choices)}")


def _check_number(name: str, value: int, most: int) -> None:
    if type(value) is not int or not 1 <= value <= most:
        raise refuse(name, value, f"must lie between 1 and {most}")


def held_out(preset: Config) -> Config:
    """The preset for data of MNIST's size with images held out for validation, to be fitted to the data at hand."""
    n = preset.n_validation or N_VALIDATION
    return replace(preset, dataset="mnist", n_classes=KNOWN["mnist"].n_classes, n_validation=n)


def metrics_of(config: Config) -> tuple[str, ...]:
    """The metrics of METRICS that such a model has."""
    if config.labels == "classifier":
        return (*METRICS[:3], "classification_error")
    return (*METRICS[:3], *METRICS[4:]) if config.n_categories else METRICS[:3]


def default_metric(config: Config) -> str:
    """What such a model is for: its error of classification, of clustering, else of reconstruction."""
    return next((name for name in METRICS[3:5] if name in metrics_of(config)), METRICS[0])
