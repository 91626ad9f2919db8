"""How many jobs there may be, and which of those that have ended make room for new ones."""

from aae.jobs.records import Job, JobError
from aae.jobs.rules import Rules

MAX_JOBS, MAX_KEPT_PER_OWNER = 100, 8  # kept in all; of one visitor
MAX_PER_ADDRESS = 40  # that wait or run, of one network address, whose visitors may be invented


class Limits:
    """How many jobs may wait or run, and from which addresses those came that this server was given."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self.addresses: dict[str, str] = {}  # of jobs by their ids

    def check(self, jobs: list[Job], owner: str, address: str, n: int = 1) -> None:
        """Raise JobError unless n more jobs of this visitor, at this address, may wait or run."""
        active = [job for job in jobs if job.is_active]
        per_owner = self.rules.get("per_owner")
        if len(_own(active, owner)) + n > per_owner:
            raise JobError(f"at most {per_owner} of your jobs may wait or run: stop one, or wait")
        if sum(self.addresses.get(job.id) == address for job in active) + n > MAX_PER_ADDRESS:
            raise JobError(f"at most {MAX_PER_ADDRESS} jobs of one network address may wait or run: wait")

    def crowded_out(self, jobs: list[Job], owner: str, address: str, n: int = 1) -> list[Job]:
        """The ended of all jobs (the newest first) that make room for n more of this visitor. Raises JobError."""
        self.check(jobs, owner, address, n)
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
