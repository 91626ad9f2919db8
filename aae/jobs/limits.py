"""How many jobs there may be, and which of those that have ended make room for new ones."""

from aae.jobs.records import Job, JobError

MAX_JOBS, MAX_KEPT_PER_OWNER, MAX_PER_OWNER = 100, 8, 4  # kept in all; of one visitor: kept, and waiting or running


def check_active(jobs: list[Job], owner: str, n: int = 1) -> None:
    """Raise JobError unless n more jobs of this visitor may wait or run."""
    if sum(job.is_active for job in _own(jobs, owner)) + n > MAX_PER_OWNER:
        raise JobError(f"at most {MAX_PER_OWNER} of your jobs may wait or run: stop one, or wait")


def crowded_out(jobs: list[Job], owner: str, n: int = 1) -> list[Job]:
    """The ended of all jobs (the newest first) that make room for n more of this visitor. Raises JobError."""
    check_active(jobs, owner, n)
    own = _own(jobs, owner)
    gone = _oldest_ended(own, len(own) + n - MAX_KEPT_PER_OWNER)
    short = len(jobs) - len(gone) + n - MAX_JOBS
    others = _oldest_ended([job for job in jobs if job not in gone], short)
    if len(others) < short:
        raise JobError(f"{MAX_JOBS} jobs wait or run, and no more may: wait until one of them has ended")
    return gone + others


def _own(jobs: list[Job], owner: str) -> list[Job]:
    return [job for job in jobs if job.belongs_to(owner)]


def _oldest_ended(jobs: list[Job], n: int) -> list[Job]:
    """Up to n of the jobs that have ended, the oldest first."""
    return [job for job in reversed(jobs) if not job.is_active][: max(0, n)]
