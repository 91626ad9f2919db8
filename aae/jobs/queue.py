"""The queue: the jobs that wait, in the order in which they will start; visitors take turns."""

from collections import Counter

from aae.jobs.records import QUEUED, Damaged, Job
from aae.jobs.store import Store


class Queue:
    """The ids of the waiting jobs, the next one first; their turns are written, so that the order outlives a server."""

    def __init__(self, store: Store):
        self.store = store
        self.ids: list[str] = []

    def place(self, id: str) -> int:
        """The job's place, from 1; 0 where it does not wait."""
        return self.ids.index(id) + 1 if id in self.ids else 0

    def add(self, id: str, running: list[str]) -> None:
        """Put a job in its visitor's turn: a second one behind the first of every other visitor. Raises OSError."""
        owners, owner = [self._owner(other) for other in self.ids], self._owner(id)
        before = Counter(map(self._owner, running))
        mine, place = before[owner] + owners.count(owner), 0
        for i, other in enumerate(owners, 1):
            place = i if before[other] <= mine else place
            before[other] += 1
        self._put(id, place)

    def add_last(self, id: str) -> None:
        """Put a job at the end. Raises OSError."""
        self._put(id, len(self.ids))

    def add_first(self, id: str) -> None:
        """Put a job at the front. Raises OSError."""
        self._put(id, 0)

    def put_first(self, id: str) -> None:
        """Let a waiting job be the next. Raises OSError."""
        if id in self.ids[1:]:
            self.add_first(id)

    def _put(self, id: str, place: int) -> None:
        """Put a job at a place, with a turn between those of its neighbours."""
        others = [other for other in self.ids if other != id]
        turns = [self.store.known_progress(other).turn for other in others]
        before = turns[place - 1] if place else 0.0
        turn = (before + turns[place]) / 2 if place < len(turns) else before + 1
        self.store.report(id, QUEUED, turn=turn, error="", stage="", doing="")
        self.ids = [*others[:place], id, *others[place:]]

    def drop(self, id: str) -> None:
        """Take a job out, if it waits."""
        if id in self.ids:
            self.ids.remove(id)

    def restore(self, jobs: list[Job]) -> None:
        """Put those of the jobs that wait in the order of their turns."""
        waiting = [job for job in jobs if job.status == QUEUED]
        self.ids = [job.id for job in sorted(waiting, key=lambda job: (job.progress.turn, job.created))]

    def _owner(self, id: str) -> str:
        try:
            return self.store.asked(id).owner
        except Damaged:
            return ""
