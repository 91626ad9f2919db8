"""Which jobs may go on from their last saved state, and what is asked of them then."""

from typing import Any

from aae import training
from aae.config import ConfigError
from aae.jobs.records import FINISHED, Job, JobError


def can_go_on(job: Job, has_state: bool) -> bool:
    """Whether the job is a finished training whose state was kept."""
    return job.status == FINISHED and job.sweep is None and has_state


def asked_anew(job: Job, epochs: int, has_state: bool) -> dict[str, Any]:
    """What is other in job.json then: nothing, or of a finished one its config for more epochs. Raises JobError."""
    if not epochs:
        if job.is_active or job.status == FINISHED:
            raise JobError(f"{job.name} is {job.status}: only what has stopped can be resumed")
        return {}
    if not can_go_on(job, has_state):
        raise JobError(f"{job.name} is {job.status}: only what has finished, and kept its state, can go on")
    try:
        return {"config": training.continued(job.config, epochs).to_json()}
    except ConfigError as error:
        raise JobError(str(error)) from error
