"""What a teacher changed for all visitors, in a file that every server of the folder reads."""

import contextlib
from typing import Any

from aae import files
from aae.jobs import records
from aae.jobs.store import Store

NAME = ".rules.json"
MAX_PER_OWNER, MOST = 4, 100  # jobs of one visitor that wait or run, unless a teacher changes that; at most


class Rules:
    """How many jobs of a visitor may wait or run, how many run at once, and whether visitors upload."""

    def __init__(self, store: Store, limit: int):
        self.store, self.path = store, store.folder / NAME
        self.defaults: dict[str, Any] = {"per_owner": MAX_PER_OWNER, "limit": limit, "uploads": True}
        self._unwritten: dict[str, Any] = {}  # where the file cannot be written

    def get(self, name: str) -> Any:
        """A rule as it is now."""
        return {**self.defaults, **self._changed()}[name]

    def set(self, name: str, value: Any) -> None:
        """Change a rule for all servers; where that cannot be written, for this one."""
        self._unwritten = {**self._changed(), name: value}
        with contextlib.suppress(OSError):
            records.write_object(self.path, self._unwritten)
            self._unwritten = {}

    def reset(self) -> None:
        """Forget what was changed: all servers of before have ended."""
        with contextlib.suppress(OSError):
            files.remove(self.path)

    def _changed(self) -> dict[str, Any]:
        with contextlib.suppress(FileNotFoundError, records.Damaged):
            return {**self.store.parsed(self.path, _parse), **self._unwritten}
        return self._unwritten


def _parse(found: dict[str, Any]) -> dict[str, Any]:
    """Those of the values that make sense."""
    numbers = {name: found.get(name) for name in ("per_owner", "limit")}
    sound = {name: n for name, n in numbers.items() if type(n) is int and 0 <= n <= MOST}
    return sound | ({"uploads": found["uploads"]} if isinstance(found.get("uploads"), bool) else {})
