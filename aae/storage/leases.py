"""Leases: locks between processes in a store, which end with the process that holds them, however that ends.

A lease is an object with a number in its name, which a store creates once; the highest number holds. Its holder writes
it anew every few seconds. Who sees it unchanged for EXPIRED seconds, by their own clock, creates the next number and
begins SETTLED seconds later: until then the holder before, if it lives, writes nothing any more, since it begins no
writing more than VALID seconds after it last saw that its number is the highest.
"""

import contextlib
import errno
import json
import secrets
import threading
import time
from pathlib import Path

from aae.storage.mirror import Mirror

RENEWED, VALID, SETTLED, EXPIRED = 2.0, 5.0, 7.0, 8.0  # seconds
LOOK = 1.0  # seconds between two looks at a lease that another holds
FREE = b"free"
_seen: dict[tuple[str, str], "Seen"] = {}  # by the store's URL and the lease's name
_pending: dict[tuple[str, str], "Lease"] = {}  # taken over from a process that ended, and not yet to be used
_guard = threading.RLock()


class Seen:
    """What was seen of a lease that another process holds, and since when."""

    def __init__(self, number: int, content: bytes):
        self.number, self.content = number, content
        self.since = self.looked = time.monotonic()

    def is_expired(self) -> bool:
        """Whether it was not renewed for so long."""
        return time.monotonic() - self.since > EXPIRED


def look(mirror: Mirror, name: str) -> tuple[int, bytes]:
    """The highest number of a lease, and what is written there. Raises OSError."""
    ends = [each[len(name) + 1 :] for each in mirror.objects.beside(name)]
    number = max((int(end) for end in ends if end.isdecimal()), default=0)
    with contextlib.suppress(FileNotFoundError):
        return number, mirror.objects.read(f"{name}.{number}") if number else FREE
    return number, FREE


def is_held(mirror: Mirror, path: Path) -> bool:
    """Whether another process holds a lease, as far as it is known. Raises OSError."""
    name = mirror.name(path)
    with _guard:
        seen = _seen.get((mirror.objects.url, name))
        if seen is None or time.monotonic() - seen.looked > LOOK:
            seen = _see(mirror, name)
        return seen is not None and not seen.is_expired()


def _see(mirror: Mirror, name: str) -> Seen | None:
    """Look again at who holds a lease; None where nobody does. Raises OSError."""
    key, found = (mirror.objects.url, name), look(mirror, name)
    if found[1] == FREE:
        _seen.pop(key, None)
        return None
    if key not in _seen or (_seen[key].number, _seen[key].content) != found:
        _seen[key] = Seen(*found)
    _seen[key].looked = time.monotonic()
    return _seen[key]


def take(mirror: Mirror, path: Path) -> "Lease | None":
    """The lease, now held by this process, or None where another one holds it. Raises OSError."""
    key = mirror.objects.url, mirror.name(path)
    with _guard:
        if key in _pending:
            return _pending.pop(key) if time.monotonic() >= _pending[key].due else None
        if is_held(mirror, path):
            return None
        number, content = look(mirror, key[1])
        seen = _seen.pop(key, None)
        if content != FREE and (seen is None or (seen.number, seen.content) != (number, content)):
            return None  # another one was faster
        lease = Lease(mirror, path, number + 1)
        if not lease.begin():
            return None
        if content == FREE:
            return lease
        _pending[key] = lease
        lease.due = time.monotonic() + SETTLED
        return None


def free(mirror: Mirror, path: Path) -> None:
    """Give back the lease of a process that has ended for certain. Raises OSError."""
    name = mirror.name(path)
    number, content = look(mirror, name)
    if content != FREE:
        mirror.objects.write(f"{name}.{number}", FREE)
    with _guard:
        _seen.pop((mirror.objects.url, name), None)


class Lease:
    """A lease that this process holds, until it is released or another process has taken it over."""

    def __init__(self, mirror: Mirror, path: Path, number: int):
        self.mirror, self.path, self.number = mirror, path, number
        self.folder = path.parent  # below which it permits to write
        self.name = f"{mirror.name(path)}.{number}"
        self.token, self.count = secrets.token_hex(8), 0
        self.due = 0.0  # when it may be used, by time.monotonic()
        self.verified = 0.0  # when it was last seen to be the highest, by time.monotonic()
        self.is_lost = False
        self._ended, self._renewing = threading.Event(), threading.Lock()

    def begin(self) -> bool:
        """Create it, and renew it from now on; whether no other process was faster. Raises OSError."""
        began = time.monotonic()
        try:
            self.mirror.objects.write(self.name, self._content(), replace=False)
        except FileExistsError:
            if self.mirror.objects.read(self.name) != self._content():  # else the answer was lost, and asked for again
                return False
        self.verified = began
        before = [each for each in self.mirror.holders if each.path != self.path]
        self.mirror.holders[:] = [*before, self]
        threading.Thread(target=self._go_on, name="lease", daemon=True).start()
        return True

    def _content(self) -> bytes:
        return json.dumps({"token": self.token, "count": self.count}).encode()

    def _go_on(self) -> None:
        while not self._ended.wait(RENEWED) and not self.is_lost:
            with contextlib.suppress(OSError):  # while the store does not answer nothing is written there either
                self.renew(within=0)

    def renew(self, within: float | None = None) -> None:
        """Write it anew, and see whether it is still the highest. Raises OSError."""
        with self._renewing:
            if self._ended.is_set() or self.is_lost:
                return
            began = time.monotonic()
            self.count += 1
            self.mirror.objects.write(self.name, self._content(), within=within)
            number, _ = look(self.mirror, self.mirror.name(self.path))
            self.is_lost = number > self.number
            self.verified = began

    def check(self) -> None:
        """Raise OSError unless this process may write."""
        if not self.is_lost and time.monotonic() - self.verified > VALID:
            self.renew()
        if self.is_lost:
            raise OSError(errno.ESTALE, "another process has taken over, and writes there now")

    def release(self) -> None:
        """Give it back, so that another process can take it."""
        with self._renewing:
            self._ended.set()
            if not self.is_lost:  # else this process writes there no more
                self.mirror.holders.remove(self)
                with contextlib.suppress(OSError):  # it expires
                    self.mirror.objects.write(self.name, FREE, within=0)
        with _guard:
            _seen.pop((self.mirror.objects.url, self.mirror.name(self.path)), None)
