"""Training in the paper's phases."""

from aae.training.batches import (
    Batch,
    aligned,
    epoch_order,
    known_labels,
    make_batch,
    pseudo_labels,
    seeded,
    steps_per_epoch,
)
from aae.training.health import PATIENCE, Diverged, check_health
from aae.training.loop import (
    PLAYED_BY,
    bfloat16_is_fast,
    single_phase,
    step,
    timed_step,
    train,
    tune_process,
)
from aae.training.phases import (
    classification_phase,
    discriminator_phase,
    draw_real,
    generator_phase,
    pseudo_phase,
    reconstruction_phase,
)
from aae.training.pushes import pushes
from aae.training.schedules import regularizer_weight, scheduled_epochs, set_rates
from aae.training.state import AVERAGE_EVERY, State, continued, go_on, make_optimizers, start

__all__ = [
    "AVERAGE_EVERY",
    "PATIENCE",
    "PLAYED_BY",
    "Batch",
    "Diverged",
    "State",
    "aligned",
    "bfloat16_is_fast",
    "check_health",
    "classification_phase",
    "continued",
    "discriminator_phase",
    "draw_real",
    "epoch_order",
    "generator_phase",
    "go_on",
    "known_labels",
    "make_batch",
    "make_optimizers",
    "pseudo_labels",
    "pseudo_phase",
    "pushes",
    "reconstruction_phase",
    "regularizer_weight",
    "scheduled_epochs",
    "seeded",
    "set_rates",
    "single_phase",
    "start",
    "step",
    "steps_per_epoch",
    "timed_step",
    "train",
    "tune_process",
]
