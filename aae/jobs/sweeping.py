"""The worker of a sweep: trial after trial, making room for jobs that wait after each."""

from pathlib import Path

from aae import data, files, sweeps
from aae.jobs import records
from aae.jobs.control import Control, now_and_then
from aae.jobs.records import FINISHED, QUEUED, RUNNING, TRAINING


def sweep(folder: Path, plan: sweeps.Plan, control: Control) -> None:
    """Run the trials that are left, until all are done, the server wants otherwise, or another job waits."""
    images = data.load_training(
        plan.config, now_and_then(lambda text: records.report(folder, RUNNING, False, doing=text))
    )
    with sweeps.claimed(folder / records.SWEEP, plan) as claimed:
        control.has_begun = True
        records.report(folder, RUNNING, stage=TRAINING, steps=plan.n_trials, doing="", error="")
        status = run(folder, claimed, images, control)
        done = sum(row.status != sweeps.RUNNING for row in sweeps.rows(claimed))
        records.report(folder, status, step=done, stage="", doing="")


def run(folder: Path, claimed: sweeps.Sweep, images: data.Data, control: Control) -> str:
    """Run trials; what the job is then."""
    n = claimed.plan.n_trials
    say = now_and_then(lambda text: records.report(folder, RUNNING, False, doing=text))
    for moment in sweeps.run(claimed, images, lambda: control.wanted != RUNNING):
        if moment.epoch:
            say(f"trial {moment.trial + 1} of {n}, epoch {moment.epoch} of {moment.epochs}")
        elif moment.trial + 1 < n and others_wait(folder):
            return QUEUED if control.wanted == RUNNING else control.wanted
    return FINISHED if control.wanted == RUNNING else control.wanted


def others_wait(folder: Path) -> bool:
    """Whether another job of the same server waits in the queue."""
    files.pull(folder.parent)
    for path in folder.parent.glob(f"*/{records.PROGRESS}"):
        if path.parent != folder:
            try:
                waits = records.parse_progress(records.read_object(path)).status == QUEUED
            except records.Damaged:
                continue
            if waits:
                return True
    return False
