"""What is known of the jobs in a folder: each file is parsed once, as long as it stays as it is."""

import contextlib
import json
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from aae import files, locks, runs
from aae.jobs import records
from aae.jobs.records import INTERRUPTED, JobError

DELETED = ".deleted-"  # begins the name of what is left of a removed job


class Store:
    """The folder of all jobs, one folder each."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.lock = threading.RLock()  # held by whoever changes jobs, or must not see them half changed
        self._cache, self._histories = Cache(), Histories()
        self._unwritten: dict[str, records.Progress] = {}  # what could not be written: kept until the server ends

    def path(self, id: str, name: str = "") -> Path:
        """A job's folder, or a file in it."""
        return self.folder / id / name

    def ids(self) -> list[str]:
        """The names of all folders."""
        try:
            with os.scandir(self.folder) as entries:
                found = [(entry.name, entry.is_dir()) for entry in entries]
        except OSError:
            return []
        marked = {name.removeprefix(DELETED) for name, _ in found if name.startswith(DELETED)}
        return [name for name, is_folder in found if is_folder and not name.startswith(".") and name not in marked]

    def refresh(self, id: str) -> None:
        """Know a job as a process left it that has ended, whose lock is free: of a store, ask it now."""
        with contextlib.suppress(OSError):
            locks.free(self.path(id, records.LOCK))
            files.pull(self.path(id))

    def asked(self, id: str) -> records.Asked:
        """What was asked. Raises Damaged."""
        if not records.ID.fullmatch(id):
            raise records.Damaged("no name of a job, which has 12 hexadecimal digits")
        try:
            return self.parsed(self.path(id, records.ASKED), records.parse_asked)
        except FileNotFoundError as error:
            raise records.Damaged(f"{records.ASKED} is missing") from error

    def progress(self, id: str) -> records.Progress:
        """How far the job is. Raises Damaged."""
        if id in self._unwritten:
            return self._unwritten[id]
        try:
            return self.parsed(self.path(id, records.PROGRESS), records.parse_progress)
        except FileNotFoundError:
            return records.Progress()

    def parsed(self, path: Path, parse: Callable[[dict[str, Any]], Any]) -> Any:
        """What `parse` makes of a file, once for as long as it stays as it is. Raises FileNotFoundError, Damaged."""
        return self._cache.get(path, parse)

    def known_progress(self, id: str) -> records.Progress:
        """How far the job is; where that cannot be read, it was interrupted."""
        try:
            return self.progress(id)
        except records.Damaged:
            return records.Progress(INTERRUPTED)

    def history(self, id: str) -> list[dict[str, float]]:
        """The figures of each epoch so far."""
        with self.lock:
            return self._histories.get(self.path(id, records.HISTORY)) or list(self.known_progress(id).history)

    def run_path(self, id: str) -> Path:
        """The run, once training has finished or stopped."""
        return self.path(id, records.RUN)

    def has_state(self, id: str) -> bool:
        """Whether there is a state from which the training can go on."""
        return runs.state_path(self.run_path(id)).exists()

    def sweep_path(self, id: str) -> Path:
        """The folder of a sweep, once it has begun."""
        return self.path(id, records.SWEEP)

    def frames(self, id: str) -> list[int]:
        """The steps of which there are frames."""
        return records.frame_steps(self.path(id))

    def write_asked(self, id: str, asked: records.Asked) -> None:
        """Begin a job's folder with what was asked. Raises OSError."""
        records.write_object(self.path(id, records.ASKED), asked.to_json())

    def ask_anew(self, id: str, **fields: Any) -> None:
        """Change what was asked, such as the job's name. Raises Damaged, OSError."""
        path = self.path(id, records.ASKED)
        if not fields:
            return
        files.pull(path.parent)
        records.write_object(path, {**records.read_object(path), **fields})

    def report(self, id: str, status: str, **progress: Any) -> None:
        """Write the job's status. Raises OSError."""
        files.pull(self.path(id))
        records.report(self.path(id), status, **progress)
        self._unwritten.pop(id, None)

    def report_if_possible(self, id: str, status: str, error: str = "") -> None:
        """Write the job's status, or know it until the server ends."""
        try:
            self.report(id, status, error=error, stage="", doing="")
        except OSError:
            self._unwritten[id] = records.Progress(status, error=error)

    def remove(self, id: str) -> None:
        """Remove the job's folder, at once or not at all. Raises JobError, OSError."""
        folder = self.path(id)
        if locks.is_locked(folder / records.LOCK):
            raise JobError("a process of an earlier server is still saving this job: delete it in a moment")
        files.remove_folder(folder, self.folder / f"{DELETED}{id}")
        self._cache.forget(folder)
        self._unwritten.pop(id, None)

    def discard(self, id: str) -> None:
        """Remove what could be written of a job that could not be begun."""
        with contextlib.suppress(OSError):
            files.finish_removal(self.path(id), self.path(id))

    def sweep(self) -> None:
        """Remove what a killed server left half-removed."""
        for path in self.folder.glob(f"{DELETED}*"):
            with contextlib.suppress(OSError):
                files.finish_removal(self.folder / path.name.removeprefix(DELETED), path)


class Cache:
    """What files say, parsed once for as long as they stay as they are."""

    def __init__(self) -> None:
        self.kept: dict[Path, tuple[tuple[int, int, int], Any]] = {}

    def get(self, path: Path, parse: Callable[[dict[str, Any]], Any]) -> Any:
        """What `parse` makes of the file's JSON object. Raises FileNotFoundError, Damaged."""
        try:
            found = path.stat()
        except FileNotFoundError:
            raise
        except OSError as error:
            raise records.Damaged(f"{path.name} cannot be read ({error.strerror})") from error
        key = found.st_mtime_ns, found.st_size, found.st_ino
        if self.kept.get(path, (None,))[0] != key:
            self.kept[path] = key, _result(lambda: parse(records.read_object(path)))
        parsed = self.kept[path][1]
        if isinstance(parsed, records.Damaged):
            raise records.Damaged(*parsed.args)
        return parsed

    def forget(self, folder: Path) -> None:
        """Drop what is kept of a folder's files."""
        for path in [path for path in self.kept if path.parent == folder]:
            self.kept.pop(path, None)


def _result(call: Callable[[], Any]) -> Any:
    """What the call gives, or the Damaged that it raises."""
    try:
        return call()
    except records.Damaged as error:
        return error


class Histories:
    """The epochs of jobs, of which only what was appended since the last look is read."""

    MAX_KEPT = 16  # jobs

    def __init__(self) -> None:
        self.kept: dict[Path, tuple[int, int, list[dict[str, float]]]] = {}  # inode, bytes read, records

    def get(self, path: Path) -> list[dict[str, float]]:
        """The records of a file, an epoch each; none where it cannot be read."""
        inode, offset, epochs = self.kept.pop(path, (0, 0, []))
        try:
            with records.open_now(path) as file:
                found = os.fstat(file.fileno())
                if found.st_ino != inode or found.st_size < offset:
                    offset, epochs = 0, []
                file.seek(offset)
                lines = file.read(records.MAX_FILE)
        except OSError:
            return []
        lines = lines[: lines.rfind(b"\n") + 1]  # the last one may still be being written
        epochs = epochs + [record for record in map(_parse_line, lines.splitlines()) if record]
        self.kept[path] = found.st_ino, offset + len(lines), epochs
        while len(self.kept) > self.MAX_KEPT:
            self.kept.pop(next(iter(self.kept)), None)
        return epochs


def _parse_line(line: bytes) -> dict[str, float] | None:
    try:
        return records.parse_record(json.loads(line))
    except (ValueError, RecursionError):
        return None
