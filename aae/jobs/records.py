"""The files of a job's folder, checked when they are read, since they may be damaged.

`job.json` is what was asked, written by the server; `progress.json` is how far it is, written by the worker while
there is one, else by the server; `history.jsonl` has a line for each epoch.
"""

import contextlib
import json
import os
import re
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from aae import files, runs, sweeps
from aae.config import Config, ConfigError
from aae.files import write_atomically
from aae.texts import one_line, quoted

RUN = f"run{runs.SUFFIX}"
ASKED, PROGRESS, HISTORY, LOG = "job.json", "progress.json", "history.jsonl", "log.txt"
SCENE, FRAMES, LOCK, SWEEP = f"scene{runs.SUFFIX}", "frames", "lock", "sweep"
ID = re.compile(r"[0-9a-f]{12}")
MAX_NAME = 40  # characters
MAX_TEXT = 300  # characters of a message
MAX_FILE = 2_000_000  # bytes of a JSON file, or of new lines of the history that are read at once
MAX_COUNT = 2**53  # of steps and the like: what JSON numbers of a browser can hold
LOG_TAIL = 4000  # bytes

QUEUED, RUNNING, PAUSING, STOPPING = "queued", "running", "pausing", "stopping"
PAUSED, STOPPED, FINISHED, FAILED, INTERRUPTED = "paused", "stopped", "finished", "failed", "interrupted"
STATUSES = (QUEUED, RUNNING, PAUSED, STOPPED, FINISHED, FAILED, INTERRUPTED)  # that are written
ACTIVE = (QUEUED, RUNNING, PAUSING, STOPPING)
STARTING, TRAINING, FINISHING = "starting", "training", "finishing"  # stages of a running job


class JobError(ValueError):
    """An operation on jobs that is refused; the text names the reason and the remedy."""


class Damaged(ValueError):
    """A damaged file of a job; the text names the file and the fault."""


@dataclass(frozen=True)
class Asked:
    """What job.json holds."""

    name: str
    owner: str
    config: Config
    created: float = 0.0  # seconds since 1970
    series: str = ""  # jobs that were started together have it in common
    sweep: sweeps.Plan | None = None  # of many trainings, in place of one

    def to_json(self) -> dict[str, Any]:
        return {**vars(self), "config": self.config.to_json(), "sweep": self.sweep and self.sweep.to_json()}


@dataclass(frozen=True)
class Progress:
    """What progress.json holds."""

    status: str = INTERRUPTED
    stage: str = ""
    doing: str = ""  # in words, where there is something to say
    error: str = ""
    turn: float = 0.0  # of a waiting job: the smallest is next
    step: int = 0
    steps: int = 0
    seconds: float = 0.0  # of CPU, in all epochs so far
    history: tuple[dict[str, Any], ...] = ()  # only in files of before, which held it


@dataclass(frozen=True)
class Job:
    """One training, or a sweep of many, as its folder and its process have it."""

    id: str
    name: str
    owner: str
    config: Config
    status: str
    progress: Progress
    place: int  # in the queue, from 1; else 0
    created: float  # seconds since 1970
    series: str  # jobs that were started together have it in common
    sweep: sweeps.Plan | None = None  # of many trainings, in place of one

    @property
    def is_active(self) -> bool:
        return self.status in ACTIVE

    def belongs_to(self, owner: str) -> bool:
        """Whether this visitor started it; compared in constant time."""
        return secrets.compare_digest(self.owner.encode(), owner.encode())


def new_id() -> str:
    """The id of a new job."""
    return secrets.token_hex(6)


def checked_name(name: str) -> str:
    """The name without what surrounds it; other visitors see it. Raises JobError."""
    name = " ".join(name.split())
    if not re.fullmatch(rf"[\w .,+-]{{1,{MAX_NAME}}}", name):
        raise JobError(f"name={name[:60]!r}: must have 1 to {MAX_NAME} letters, digits, spaces, or any of .,+-_")
    return name


# Reading


def read_object(path: Path) -> dict[str, Any]:
    """The JSON object of a file. Raises Damaged."""
    try:
        found = json.loads(files.read(path, MAX_FILE))
    except OSError as error:
        raise Damaged(f"{path.name} cannot be read ({error.strerror})") from error
    except (ValueError, RecursionError) as error:
        raise Damaged(f"{path.name} is no JSON") from error
    if not isinstance(found, dict):
        raise Damaged(f"{path.name} is no JSON object")
    return found


def open_now(path: Path) -> BinaryIO:
    """Open a file to be read, without blocking where it is a pipe. Raises OSError."""
    files.fetch(path)
    return open(path, "rb", opener=lambda name, flags: os.open(name, flags | os.O_NONBLOCK))


def parse_asked(found: dict[str, Any]) -> Asked:
    """What a job.json says. Raises Damaged."""
    try:
        name = checked_name(_text(found, ASKED, "name"))
        config = Config.from_json(found.get("config"))
    except (JobError, ConfigError) as error:
        raise Damaged(f"{ASKED}: {one_line(error, MAX_TEXT)}") from error
    series = _text(found, ASKED, "series", "")
    if series and not ID.fullmatch(series):
        raise Damaged(f"{ASKED}: series has not 12 hexadecimal digits")
    created = _number(found, ASKED, "created", 0.0)
    return Asked(name, _text(found, ASKED, "owner"), config, created, series, _sweep(found))


def _sweep(found: dict[str, Any]) -> sweeps.Plan | None:
    try:
        return sweeps.Plan.from_json(found["sweep"]) if found.get("sweep") is not None else None
    except ConfigError as error:
        raise Damaged(f"{ASKED}: {one_line(error, MAX_TEXT)}") from error
    except (KeyError, TypeError, AttributeError) as error:
        raise Damaged(f"{ASKED}: sweep is no plan of one") from error


def _text(found: dict[str, Any], file: str, name: str, default: str | None = None) -> str:
    value = found.get(name, default)
    if not isinstance(value, str):
        raise Damaged(f"{file}: {name} is no text")
    return value.encode(errors="replace").decode()  # half a surrogate pair is no text that can be sent


def _number(found: dict[str, Any], file: str, name: str, default: float) -> float:
    value = found.get(name, default)
    if type(value) not in (int, float) or not 0 <= value <= MAX_COUNT:
        raise Damaged(f"{file}: {name} is no number of 0 or more")
    return type(default)(value)


def parse_progress(found: dict[str, Any]) -> Progress:
    """What a progress.json says. Raises Damaged."""
    texts: dict[str, Any] = {
        name: _text({name: found.get(name) or ""}, PROGRESS, name) for name in ("status", "stage", "doing", "error")
    }
    if texts["status"] not in STATUSES:
        raise Damaged(f"{PROGRESS}: status is {quoted(texts['status'])}")
    numbers: dict[str, Any] = {name: _number(found, PROGRESS, name, 0) for name in ("step", "steps")}
    numbers["turn"] = _number(found, PROGRESS, "turn", 0.0)
    history = found.get("history", [])
    if not isinstance(history, list):
        raise Damaged(f"{PROGRESS}: history is no list")
    history = tuple(record for record in map(parse_record, history) if record)
    seconds = _number(found, PROGRESS, "seconds", float(sum(record.get("seconds", 0) for record in history)))
    texts |= {name: one_line(texts[name], MAX_TEXT) for name in ("doing", "error")}
    return Progress(**texts, **numbers, seconds=seconds, history=history)


def parse_record(found: Any) -> dict[str, float] | None:
    """The numbers of an epoch's record, or None where there are none."""
    if not isinstance(found, dict):
        return None
    return {name: value for name, value in found.items() if type(value) in (int, float) and abs(value) <= MAX_COUNT}


def log_tail(folder: Path) -> str:
    """The last line that the job's process wrote, or nothing."""
    try:
        with open_now(folder / LOG) as file:
            file.seek(max(0, os.fstat(file.fileno()).st_size - LOG_TAIL))
            lines = file.read(LOG_TAIL).decode(errors="replace").split("\n")
    except OSError:
        return ""
    return next((line.strip()[:500] for line in reversed(lines) if line.strip()), "")


# Writing


def write_object(path: Path, content: dict[str, Any], durable: bool = True) -> None:
    """Write a JSON object, whole or not at all."""
    write_atomically(path, json.dumps(content).encode(), durable=durable)


def report(folder: Path, status: str, durable: bool = True, **progress: Any) -> None:
    """Say how far the job is; what is not named stays as it was."""
    try:
        before = read_object(folder / PROGRESS)
    except Damaged:
        before = {}
    before.pop("history", None)
    write_object(folder / PROGRESS, {**before, **progress, "status": status}, durable)


def write_history(folder: Path, records: list[dict[str, Any]]) -> None:
    """Begin the history with these epochs."""
    write_atomically(folder / HISTORY, "".join(map(_line, records)).encode())


def append_history(folder: Path, record: dict[str, Any]) -> None:
    """Add an epoch to the history."""
    files.append(folder / HISTORY, _line(record).encode())


def _line(record: dict[str, Any]) -> str:
    return json.dumps(record) + "\n"


def frame_path(folder: Path, step: int) -> Path:
    """Where the frame of a step is kept."""
    return folder / FRAMES / f"{step}{runs.SUFFIX}"


def frame_steps(folder: Path) -> list[int]:
    """The steps of which there are frames."""
    try:
        names = os.listdir(folder / FRAMES)
    except OSError:
        return []
    steps = [name.removesuffix(runs.SUFFIX) for name in names if name.endswith(runs.SUFFIX)]
    return sorted(int(step) for step in steps if re.fullmatch("[0-9]{1,12}", step))


def sweep(folder: Path) -> None:
    """Remove what killed writers left half-written."""
    for path in folder.rglob("*.partial"):
        with contextlib.suppress(OSError):
            path.unlink()
