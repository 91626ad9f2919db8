"""What goes on without a visitor: the folder is kept, jobs that have ended are handled, and those that wait start."""

import logging
import threading

from aae.jobs.listing import Listing
from aae.jobs.records import FAILED, INTERRUPTED, QUEUED
from aae.jobs.serverlock import is_writable

TICK = 0.3  # seconds between two looks at the queue


class Scheduler:
    """Starts the jobs of a queue in their order, at most `limit` of them at once."""

    def __init__(self, listing: Listing, limit: int):
        self.listing, self.limit = listing, limit
        self.store, self.processes, self.queue = listing.store, listing.processes, listing.queue
        self.server_lock = listing.server_lock
        self.closed = threading.Event()
        self._ticker: threading.Thread | None = None

    def look_after(self) -> None:
        """Tick in a thread of its own, until close()."""
        self._ticker = threading.Thread(target=self._tick_on, name="jobs", daemon=True)
        self._ticker.start()

    def _tick_on(self) -> None:
        while not self.closed.wait(TICK):
            try:
                self.tick()
            except Exception:
                logging.getLogger(__name__).exception("an update of the queue failed")

    def tick(self) -> None:
        """See which processes have ended, and start what may start."""
        with self.store.lock:
            if self.closed.is_set() or not (self.server_lock.is_held() or self.take_over()):
                return
            for id in self.processes.look():
                self._queue_again(id)
            while self.queue.ids and len(self.processes.running) < self.limit and is_writable(self.store.folder):
                id = self.queue.ids[0]
                self._try_to_start(id)
                self.queue.drop(id)  # not before: it would be shown as interrupted meanwhile
            self.processes.waiting.keep()

    def _queue_again(self, id: str) -> None:
        """Put a job whose process made room for others at the end of the queue."""
        if self.store.known_progress(id).status == QUEUED:
            try:
                self.queue.add_last(id)
            except OSError:
                self.store.report_if_possible(id, INTERRUPTED)

    def take_over(self) -> bool:
        """Take the folder's lock, if it is free, and restore the queue; whether this server holds it now."""
        keeps = self.server_lock.acquire()
        self.queue.restore(self.listing.all())
        if keeps:
            self.store.sweep()
        return keeps

    def _try_to_start(self, id: str) -> None:
        try:
            self.processes.start(id)
        except OSError as error:
            problem = f"could not be started ({error.strerror or error}): make room, then resume"
            self.store.report_if_possible(id, FAILED, problem)

    def close(self) -> None:
        """Let every running job save itself, and wait for that: the server stops."""
        self.closed.set()
        if self._ticker:
            self._ticker.join()
        with self.store.lock:
            self.processes.close()
            self.server_lock.release()
