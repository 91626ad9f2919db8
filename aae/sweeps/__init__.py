"""Sweeps: many trainings of one config with some fields varied, compared on validation images."""

from aae.sweeps.plan import METRICS, SAMPLERS, Plan, default_metric, held_out, metrics_of
from aae.sweeps.report import FAILED, FINISHED, PRUNED, RUNNING, Row, best, importance, rows
from aae.sweeps.space import Vary
from aae.sweeps.spread import spread
from aae.sweeps.study import JOURNAL, Sweep, SweepError, check_begun, check_folder, claimed, kept_plan, read
from aae.sweeps.trials import Moment, run, run_of

__all__ = [
    "FAILED",
    "FINISHED",
    "JOURNAL",
    "METRICS",
    "PRUNED",
    "RUNNING",
    "SAMPLERS",
    "Moment",
    "Plan",
    "Row",
    "Sweep",
    "SweepError",
    "Vary",
    "best",
    "check_begun",
    "check_folder",
    "claimed",
    "default_metric",
    "held_out",
    "importance",
    "kept_plan",
    "metrics_of",
    "read",
    "rows",
    "run",
    "run_of",
    "spread",
]
