"""What goes on without a visitor: the folder is kept, jobs that have ended are handled, and those that wait start."""

import logging
import threading
from collections.abc import Callable

from aae import locks
from aae.jobs.listing import Listing
from aae.jobs.records import FAILED, INTERRUPTED, LOCK, QUEUED, RUNNING
from aae.jobs.requests import Act, Requests
from aae.jobs.rules import Rules
from aae.jobs.serverlock import is_writable

TICK = 0.3  # seconds between two looks at the queue


class Scheduler:
    """Starts the jobs of a queue in their order, and acts on what other servers ask; at first this one does not."""

    def __init__(self, listing: Listing, rules: Rules, requests: Requests, act: Act):
        self.listing, self.rules, self.requests, self.act = listing, rules, requests, act
        self.store, self.processes, self.queue = listing.store, listing.processes, listing.queue
        self.server_lock = listing.server_lock
        self.closed = threading.Event()
        self._ticker: threading.Thread | None = None
        self._answers = False

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
            self._answer()
            for id in self.processes.look():
                self._queue_again(id)
            self._go_on()
            self._start()
            self.processes.engine.keep_ready()

    def _answer(self) -> None:
        """Act on requests, which may tick in turn."""
        if not self._answers:
            self._answers = True
            try:
                self.requests.answer(self.act)
            finally:
                self._answers = False

    def _start(self) -> None:
        """Start the next jobs, as many as may run."""
        limit = self.rules.get("limit") - len(self.listing.left)  # whose processes end, and then go first
        while self.queue.ids and len(self.processes.running) < limit and is_writable(self.store.folder):
            id = self.queue.ids[0]
            self._try_to_start(id)
            self.queue.drop(id)  # not before: it would be shown as interrupted meanwhile

    def _queue_again(self, id: str) -> None:
        """Put a job whose process made room for others at the end of the queue."""
        if self.store.known_progress(id).status == QUEUED and not self.queue.place(id):
            self._put(self.queue.add_last, id)

    def _put(self, put: Callable[[str], None], id: str) -> None:
        """Put a job into the queue, unless that cannot be written."""
        try:
            put(id)
        except OSError:
            self.store.report_if_possible(id, INTERRUPTED)

    def take_over(self) -> bool:
        """Take the folder's lock, if it is free, and restore the queue; whether this server holds it now."""
        keeps, found = self.server_lock.acquire(), self.listing.all()
        self.queue.restore(found)
        if keeps:
            self.store.sweep()
            self.requests.sweep()
        else:
            self.listing.left = {job.id for job in found if job.status == RUNNING}
        return keeps

    def _go_on(self) -> None:
        """Queue the jobs again that ran under a server which ended, each once its process has saved itself."""
        left = self.listing.left & set(self.store.ids())
        self.listing.left = {id for id in left if locks.is_locked(self.store.path(id, LOCK))}
        for id in left - self.listing.left:
            self._queue_again(id)
            if self.store.known_progress(id).status in (RUNNING, INTERRUPTED):
                self._put(self.queue.add_first, id)

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
