"""The runs that a visitor can choose: shipped, opened, trained."""

import re
from collections.abc import Iterator
from pathlib import Path

from aae import jobs, runs
from aae.app import live, runcache, uploads
from aae.app.runcache import Known
from aae.texts import one_line

FIRST = "aae"
RENAMED = re.compile("#([0-9a-f]{4})$")  # how the names of trained runs end
MAX_NAMED = 3  # files that are left out


def known() -> dict[str, Known]:
    """Every run that this visitor can choose, by what links call it; the one to begin with first."""
    return {id: found for id, found in _look(_all()) if isinstance(found, Known)}


def find(text: str, among: dict[str, Known] | None = None) -> str | None:
    """What links call the run that is called so, by its id or its name, also by the one that a job had before."""
    among = known() if among is None else among
    if text in among:
        return text
    by_name = [id for id, found in among.items() if found.name == text]
    renamed = RENAMED.search(text)
    by_number = [id for id in among if renamed and jobs.ID.fullmatch(id) and id.startswith(renamed[1])]
    return next(iter(by_name or by_number), None)


def of(text: str) -> Known:
    """The run that is called so. Raises KeyError."""
    everything = known()
    return everything[find(text, everything)]


def get(text: str) -> runs.Run:
    """The run that is called so. Raises KeyError, or RunError where its file has just gone."""
    return runcache.load(of(text))


def get_if_known(text: str) -> runs.Run | None:
    """The run that is called so, if there is one."""
    everything = known()
    found = find(text, everything)
    return runcache.load(everything[found]) if found else None


def shipped_known() -> dict[str, Known]:
    """The sound ones among the shipped runs, by name."""
    return {id: found for id, found in _look(_named(shipped())) if isinstance(found, Known)}


def left_out() -> str:
    """Which files cannot be chosen from and why, in one line; else nothing."""
    problems = [found for _, found in _look(_all()) if isinstance(found, str)]
    more = f"; and {len(problems) - MAX_NAMED} more" if len(problems) > MAX_NAMED else ""
    return f"Left out: {'; '.join(problems[:MAX_NAMED])}{more}." if problems else ""


def _all() -> dict[str, tuple[str, Path]]:
    """The names and files that this visitor can choose from, by what links call them."""
    return _named(shipped()) | _named(uploads.kept()) | live.trained()


def _named(paths: dict[str, Path]) -> dict[str, tuple[str, Path]]:
    """Of runs that links call by their names."""
    return {name: (name, path) for name, path in paths.items()}


def _look(paths: dict[str, tuple[str, Path]]) -> Iterator[tuple[str, Known | str]]:
    """The runs of these files, or why they are none."""
    for id, (name, path) in paths.items():
        try:
            yield id, runcache.look(path, name)
        except runs.RunError as error:
            text = one_line(error, 200)
            yield id, text if text.startswith(name) else f"{name}: {text}"


def shipped() -> dict[str, Path]:
    """What is in checkpoints/, the run to begin with first."""
    paths = sorted(runs.shipped_paths(), key=lambda path: path.stem != FIRST)
    return {path.stem: path for path in paths}
