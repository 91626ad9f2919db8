"""The runs that a visitor can choose: shipped, opened, trained."""

from collections.abc import Iterator
from pathlib import Path

from aae import runs
from aae.app import live, runcache, uploads
from aae.app.runcache import Known
from aae.texts import one_line

FIRST = "aae"
MAX_NAMED = 3  # files that are left out


def known() -> dict[str, Known]:
    """Every run that this visitor can choose, by name; the one to begin with first."""
    return {found.name: found for found in _look(_all()) if isinstance(found, Known)}


def get(name: str) -> runs.Run:
    """The run of this name. Raises KeyError, or RunError where its file has just gone."""
    return runcache.load(known()[name])


def get_if_known(name: str) -> runs.Run | None:
    """The run of this name, if there is one."""
    found = known().get(name)
    return found and runcache.load(found)


def shipped_known() -> dict[str, Known]:
    """The sound ones among the shipped runs, by name."""
    return {found.name: found for found in _look(shipped()) if isinstance(found, Known)}


def left_out() -> str:
    """Which files cannot be chosen from and why, in one line; else nothing."""
    problems = [found for found in _look(_all()) if isinstance(found, str)]
    more = f"; and {len(problems) - MAX_NAMED} more" if len(problems) > MAX_NAMED else ""
    return f"Left out: {'; '.join(problems[:MAX_NAMED])}{more}." if problems else ""


def _all() -> dict[str, Path]:
    """The files that this visitor can choose from, by name."""
    return {**shipped(), **uploads.kept(), **live.trained()}


def _look(paths: dict[str, Path]) -> Iterator[Known | str]:
    """The runs of these files, or why they are none."""
    for name, path in paths.items():
        try:
            yield runcache.look(path, name)
        except runs.RunError as error:
            text = one_line(error, 200)
            yield text if text.startswith(name) else f"{name}: {text}"


def shipped() -> dict[str, Path]:
    """What is in checkpoints/, the run to begin with first."""
    paths = sorted(runs.SHIPPED.glob(f"*{runs.SUFFIX}"), key=lambda path: (path.stem != FIRST, path.stem))
    return {path.stem: path for path in paths}
