"""The runs that a visitor can choose: shipped, opened, trained."""

import functools
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from aae import jobs, runs
from aae.app.runs import live, runcache, uploads
from aae.app.runs.runcache import Known
from aae.app.server import identity
from aae.files import stamps
from aae.runs import titles
from aae.texts import one_line

FIRST = "aae"
RENAMED = re.compile("#([0-9a-f]{4})$")  # how the names of trained runs end
MAX_NAMED = 3  # files that are left out


class Source(NamedTuple):
    """A file that may be a run's."""

    name: str
    path: Path
    group: str  # in choosers; nothing for a shipped one, whose group its title has


def known() -> dict[str, Known]:
    """Every run that this visitor can choose, by what links call it, group by group; the one to begin with first."""
    return _sound(_all())


def _sound(sources: dict[str, Source]) -> dict[str, Known]:
    """Those of some files that are runs, as choosers offer them."""
    found = {id: each for id, each in _look(sources) if isinstance(each, Known)}
    return dict(sorted(found.items(), key=lambda item: titles.place(item[0], item[1].entry.group)))


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
    return everything[find(text, everything) or text]


def get(text: str) -> runs.Run:
    """The run that is called so. Raises KeyError, or RunError where its file has just gone."""
    return runcache.load(of(text))


def get_if_known(text: str) -> runs.Run | None:
    """The run that is called so, if there is one."""
    everything = known()
    found = find(text, everything)
    return runcache.load(everything[found]) if found else None


def shipped_known() -> dict[str, Known]:
    """The sound ones among the shipped runs, by name, as choosers offer them."""
    return _sound(_named(shipped()))


def left_out() -> str:
    """Which files cannot be chosen from and why, in one line; else nothing."""
    problems = [found for _, found in _look(_all()) if isinstance(found, str)]
    more = f"; and {len(problems) - MAX_NAMED} more" if len(problems) > MAX_NAMED else ""
    return f"Left out: {'; '.join(problems[:MAX_NAMED])}{more}." if problems else ""


def _all() -> dict[str, Source]:
    """The files that this visitor can choose from, by what links call them."""
    trained = {id: Source(live.title(job), path, _whose(job)) for id, (job, path) in live.trained().items()}
    return _named(shipped()) | _named(uploads.kept(), titles.YOURS) | trained


def _whose(job: jobs.Job) -> str:
    """The group of a job's run."""
    return titles.YOURS if job.belongs_to(identity.owner()) else titles.OTHERS


def _named(paths: dict[str, Path], group: str = "") -> dict[str, Source]:
    """Runs that links call by their names."""
    return {name: Source(name, path, group) for name, path in paths.items()}


def _look(sources: dict[str, Source]) -> Iterator[tuple[str, Known | str]]:
    """The runs of these files, or why they are none."""
    for id, source in sources.items():
        yield id, _look_at(source, stamps([source.path]))


@functools.lru_cache(maxsize=1024)
def _look_at(source: Source, _stamps: tuple) -> Known | str:
    """One of them, looked at again when its file is another."""
    try:
        return runcache.look(source.path, source.name)._replace(group=source.group)
    except runs.RunError as error:
        text = one_line(error, 200)
        return text if text.startswith(source.name) else f"{source.name}: {text}"


def shipped() -> dict[str, Path]:
    """What is in checkpoints/, the run to begin with first."""
    paths = sorted(runs.shipped_paths(), key=lambda path: path.stem != FIRST)
    return {path.stem: path for path in paths}
