"""The folder of a sweep: its plan, Optuna's journal of its trials, and the models that they came to."""

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from aae import files, locks
from aae.config import ConfigError, refuse, to_present
from aae.sweeps.plan import Plan
from aae.texts import one_line, shown

if TYPE_CHECKING:
    from optuna.storages import BaseStorage
    from optuna.study import Study

PLAN, JOURNAL, LOCK, NAME = "sweep.json", "journal.log", "lock", "sweep"
MAX_PLAN = 1_000_000  # bytes
OPTIONS = {"n_trials": "--trials", "n_seeds": "--seeds", "prunes": "--no-pruning", "varied": "--vary"}


class SweepError(ValueError):
    """A sweep's folder that cannot be used; the text names the fault and the remedy in one line."""

    def __init__(self, text: str):
        super().__init__(one_line(text))


class Sweep(NamedTuple):
    """A sweep in its folder."""

    folder: Path
    plan: Plan
    study: "Study"


def kept_plan(folder: Path) -> Plan | None:
    """The plan in a folder, or None where there is none. Raises SweepError."""
    if not (folder / PLAN).exists():
        return None
    try:
        return Plan.from_json(json.loads(files.read(folder / PLAN, MAX_PLAN)))
    except OSError as error:
        raise SweepError(f"{shown(folder / PLAN)}: cannot be read ({error.strerror}): check the name") from error
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        problem = error if isinstance(error, ConfigError) else "not sound"
        raise SweepError(f"{shown(folder / PLAN)}: {problem}: remove the folder, or name another") from error


def check_folder(folder: Path, plan: Plan) -> None:
    """Refuse a folder that cannot be written, or holds anything but this sweep. Raises ConfigError, SweepError."""
    name = str(folder)
    if not name.isprintable():
        raise refuse("--out", name, "must be printable: name another folder")
    try:
        files.check_place(folder / PLAN)
        is_other = not (folder / PLAN).exists() and folder.is_dir() and any(folder.iterdir())
    except OSError as error:
        raise refuse("--out", name, f"cannot be written ({error.strerror}): name another folder") from error
    if is_other:
        raise refuse("--out", name, "holds other files, and no sweep: name another folder")
    if kept := kept_plan(folder):
        check_same(plan, kept)


def check_same(plan: Plan, kept: Plan) -> None:
    """Raise ConfigError unless the plan goes on with the one that is kept; it may have more trials, or fewer."""
    asked, before = (to_present(p.config.to_json()) for p in (plan, kept))
    for name, value in asked.items():
        if value != before[name]:
            raise refuse(name, value, f"the sweep to go on with has {shown(before[name])}: use that, or another --out")
    for name, value in plan.to_json().items():
        if name not in ("config", "n_trials") and value != (old := kept.to_json()[name]):
            option = OPTIONS.get(name, f"--{name}")
            raise refuse(option, value, f"the sweep to go on with has {shown(old)}: use that, or another --out")


@contextlib.contextmanager
def claimed(folder: Path, plan: Plan) -> Iterator[Sweep]:
    """The sweep of a folder, new or to go on with, of which this is the one process. Raises ConfigError, SweepError."""
    with contextlib.ExitStack() as held:
        try:
            held.enter_context(locks.locked(folder / LOCK))
        except BlockingIOError as error:
            raise refuse("--out", str(folder), "is being swept by another process: name another folder") from error
        except OSError as error:
            raise refuse("--out", str(folder), f"cannot be written ({error.strerror}): name another folder") from error
        if kept := kept_plan(folder):
            check_same(plan, kept)
        files.write_atomically(folder / PLAN, json.dumps(plan.to_json()).encode())
        mend(folder / JOURNAL)
        yield open_study(folder, plan)


def mend(journal: Path) -> None:
    """Remove what a killed process left of a line, and its lock."""
    files.fetch(journal)
    with contextlib.suppress(FileNotFoundError), journal.open("r+b") as file:
        content = file.read()
        file.truncate(content.rfind(b"\n") + 1)
    journal.with_name(f"{JOURNAL}.lock").unlink(missing_ok=True)


def open_study(folder: Path, plan: Plan) -> Sweep:
    """The sweep, its journal begun where it is new; a grid's combinations wait in it. Raises SweepError."""
    import optuna

    with contextlib.suppress(optuna.exceptions.DuplicatedStudyError):
        optuna.create_study(storage=_storage(folder), study_name=NAME)
    study = _study(folder, plan)
    for combination in plan.grid()[len(study.get_trials(deepcopy=False)) :]:
        study.enqueue_trial(combination)
    return Sweep(folder, plan, study)


def read(folder: Path) -> Sweep:
    """The sweep of a folder, to be looked at. Raises SweepError."""
    plan = check_begun(folder)
    return Sweep(folder, plan, _study(folder, plan))


def check_begun(folder: Path) -> Plan:
    """The plan of a sweep that was begun. Raises SweepError."""
    plan = kept_plan(folder)
    if plan is None or not (folder / JOURNAL).is_file():
        raise SweepError(f"{shown(folder)}: holds no sweep: check the name, or make one with python -m aae sweep")
    return plan


def _study(folder: Path, plan: Plan) -> "Study":
    """The study in a folder; nothing is written. Raises SweepError."""
    import optuna

    try:
        return optuna.load_study(study_name=NAME, storage=_storage(folder), pruner=plan.make_pruner())
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise SweepError(f"{shown(folder / JOURNAL)}: not sound: remove the folder, or name another") from error


def _storage(folder: Path) -> "BaseStorage":
    import optuna
    from optuna.storages.journal import JournalFileBackend, JournalStorage

    class Backend(JournalFileBackend):
        def append_logs(self, logs: list[dict[str, Any]]) -> None:
            super().append_logs(logs)
            files.publish(folder / JOURNAL)

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    try:
        files.fetch(folder / JOURNAL)
        return JournalStorage(Backend(str(folder / JOURNAL)))
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise SweepError(f"{shown(folder / JOURNAL)}: not sound: remove the folder, or name another") from error
