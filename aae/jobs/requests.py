"""What servers that do not keep the jobs ask of the one that does: files beside the jobs, each answered by another.

A request is removed before it is acted on, so that it is acted on once at most, whichever server ends meanwhile.
"""

import contextlib
import functools
import inspect
import secrets
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar, cast

from aae import files
from aae.config import Config, ConfigError
from aae.jobs import records
from aae.jobs.records import JobError
from aae.sweeps import Plan
from aae.texts import quoted

FOLDER, ASKED, ANSWERED = ".requests", ".json", ".answer"
LOOK = 0.05  # seconds between two looks for an answer
PATIENCE = 10.0  # seconds without an answer, after which none is waited for
ABANDONED = 60.0  # seconds after which an answer is of a server that ended
PARSED: dict[str, Callable[[Any], Any]] = {"config": Config.from_json, "sweep": Plan.from_json}
Act = Callable[[str, dict[str, Any]], Any]  # by name, with arguments
Method = TypeVar("Method", bound=Callable[..., Any])
ASKED_FOR: set[str] = set()  # what servers ask of each other


class Requests:
    """The requests that wait in a folder of jobs."""

    def __init__(self, folder: Path):
        self.folder = folder / FOLDER

    def ask(self, act: str, arguments: dict[str, Any], meanwhile: Callable[[], None]) -> Any:
        """What the server that keeps the jobs returns. Raises what it raises: JobError; OSError."""
        path = self.folder / f"{time.time_ns():020d}-{secrets.token_hex(4)}{ASKED}"
        packed = {name: value.to_json() if hasattr(value, "to_json") else value for name, value in arguments.items()}
        try:
            records.write_object(path, {"act": act, "arguments": packed}, durable=False)
            answer = self._wait(path.with_suffix(ANSWERED), meanwhile)
        finally:
            files.remove(path)
        if "error" in answer:
            raise JobError(answer["error"])
        return answer.get("result")

    def _wait(self, path: Path, meanwhile: Callable[[], None]) -> dict[str, Any]:
        """The answer. Raises JobError where none comes."""
        give_up = time.monotonic() + PATIENCE
        while time.monotonic() < give_up:
            meanwhile()
            files.glance(self.folder)
            if path.exists():
                answer = records.read_object(path)
                files.remove(path)
                return answer
            time.sleep(LOOK)
        raise JobError("the server that keeps the jobs does not answer: try again in a moment")

    def answer(self, act: Act) -> None:
        """Act on what was asked, in its order."""
        files.glance(self.folder)
        for path in sorted(self.folder.glob(f"*{ASKED}")):
            try:
                asked = records.read_object(path)
            except records.Damaged:
                asked = {}
            with contextlib.suppress(OSError):  # where it cannot be removed nothing can be changed either
                files.remove(path)
                records.write_object(path.with_suffix(ANSWERED), _answer(act, asked), durable=False)

    def sweep(self) -> None:
        """Remove the answers for which nobody waits any more."""
        for path in self.folder.glob(f"*{ANSWERED}"):
            with contextlib.suppress(OSError):
                if time.time() - path.stat().st_mtime > ABANDONED:
                    files.remove(path)


def _answer(act: Act, asked: dict[str, Any]) -> dict[str, Any]:
    """What comes of a request."""
    try:
        arguments = {name: _parsed(name, value) for name, value in asked["arguments"].items()}
        return {"result": act(asked["act"], arguments)}
    except JobError as error:
        return {"error": str(error)}
    except (KeyError, TypeError, AttributeError, ConfigError, records.Damaged) as error:
        return {"error": f"what another server asked was not understood ({error}): are both of one version?"}


def _parsed(name: str, value: Any) -> Any:
    return PARSED[name](value) if name in PARSED and value is not None else value


# The manager's side


def by_the_keeper(act: Method) -> Method:
    """Decorate what changes jobs: a server that does not keep them asks the one that does, and waits for its answer."""
    ASKED_FOR.add(act.__name__)
    parameters = inspect.signature(act)

    @functools.wraps(act)
    def do(jobs: Any, *given: Any, **named: Any) -> Any:
        if not jobs.is_elsewhere:
            return act(jobs, *given, **named)
        _, *arguments = parameters.bind(jobs, *given, **named).arguments.items()
        with writing("another server keeps the jobs and could not be asked"):
            return jobs.requests.ask(act.__name__, dict(arguments), jobs.tick)

    return cast(Method, do)


def act_on(jobs: Any, act: str, arguments: dict[str, Any]) -> Any:
    """Do with the jobs what another server asks. Raises JobError."""
    if act not in ASKED_FOR:
        raise JobError(f"{quoted(act)} is nothing that servers ask of each other")
    return getattr(jobs, act)(**arguments)


@contextlib.contextmanager
def writing(what: str) -> Iterator[None]:
    """Raise JobError for what cannot be written."""
    try:
        yield
    except OSError as error:
        remedy = "make room on the disk, or let its folder be written"
        raise JobError(f"{what} ({error.strerror or error}): {remedy}") from error
