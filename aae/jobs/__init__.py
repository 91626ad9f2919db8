"""Training jobs: each a folder and, while it runs, a process `python -m aae work`; a queue with a limit."""

from aae.jobs.limits import MAX_JOBS, MAX_KEPT_PER_OWNER
from aae.jobs.manager import Jobs
from aae.jobs.records import (
    ACTIVE,
    FAILED,
    FINISHED,
    FRAMES,
    ID,
    INTERRUPTED,
    MAX_NAME,
    PAUSED,
    PAUSING,
    QUEUED,
    RUN,
    RUNNING,
    STOPPED,
    STOPPING,
    Job,
    JobError,
)
from aae.jobs.resuming import can_go_on
from aae.jobs.rules import MAX_PER_OWNER
from aae.jobs.worker import N_SNAPSHOTS, Control, Worker, work

__all__ = [
    "ACTIVE",
    "FAILED",
    "FINISHED",
    "FRAMES",
    "ID",
    "INTERRUPTED",
    "MAX_JOBS",
    "MAX_KEPT_PER_OWNER",
    "MAX_NAME",
    "MAX_PER_OWNER",
    "N_SNAPSHOTS",
    "PAUSED",
    "PAUSING",
    "QUEUED",
    "RUN",
    "RUNNING",
    "STOPPED",
    "STOPPING",
    "Control",
    "Job",
    "JobError",
    "Jobs",
    "Worker",
    "can_go_on",
    "work",
]
