"""What jobs cost does not grow with how many are kept, nor with how long they train."""

import contextlib
import sys

from aae import data, jobs, training
from aae.jobs import records
from tests.job_tools import TINY, kept

opened = []  # files, while it holds a list
sys.addaudithook(lambda event, arguments: event == "open" and opened and opened[0].append(str(arguments[0])))


@contextlib.contextmanager
def files_opened():
    found = []
    opened.append(found)
    yield found
    opened.clear()


def test_what_is_kept_is_not_read_again(manager):
    ids = kept(manager, "a" * 100)
    for id in ids:
        records.write_history(manager.store.path(id), [{"epoch": k, "seconds": 1.0} for k in range(1, 201)])
    with files_opened() as cold:
        looks_on = jobs.Jobs(manager.folder, limit=1)
    with files_opened() as warm:
        assert len(looks_on.all()) == 100 and looks_on.damaged() == []
        looks_on.tick()
    manager.store.report(ids[7], jobs.FAILED, error="because")
    with files_opened() as other:
        assert looks_on.get(ids[7]).status == jobs.FAILED and len(looks_on.all()) == 100
        assert len(looks_on.store.history(ids[7])) == 200
    assert len(names(cold, ids)) == 200 and "history" not in str(cold)
    assert names(warm, ids) == []
    assert names(other, ids) == [f"{ids[7]}/progress.json", f"{ids[7]}/history.jsonl"]


def names(opened, ids):
    """Which files of jobs were opened."""
    found = [path.split("/")[-2:] for path in opened if "/" in path]
    return list(dict.fromkeys("/".join(path) for path in found if path[0] in ids))


def test_only_new_epochs_are_read(manager):
    (id,) = kept(manager, "a")
    folder = manager.store.path(id)
    records.write_history(folder, [{"epoch": 1, "seconds": 1.0}])
    assert [record["epoch"] for record in manager.store.history(id)] == [1]
    with (folder / records.HISTORY).open("a") as file:
        file.write('nonsense\n[1]\n{"epoch": 2}\n{"epoch": ')
    assert [record["epoch"] for record in manager.store.history(id)] == [1, 2]
    with (folder / records.HISTORY).open("a") as file:
        file.write("3}\n")
    assert [record["epoch"] for record in manager.store.history(id)] == [1, 2, 3]
    records.write_history(folder, [{"epoch": 1}])  # resumed from an earlier state
    assert [record["epoch"] for record in manager.store.history(id)] == [1]
    records.append_history(folder, {"epoch": 2})
    assert [record["epoch"] for record in manager.store.history(id)] == [1, 2]


def test_reports_are_small_however_long_the_training_is(tmp_path):
    works = jobs.Worker(tmp_path, training.start(TINY), data.load("digits"), jobs.Control(), 63)
    works.say(jobs.RUNNING)
    before = (tmp_path / records.PROGRESS).stat().st_size
    works.state.history = [{"epoch": k, "seconds": 0.5} for k in range(1, 1001)]
    works.say(jobs.RUNNING)
    assert (tmp_path / records.PROGRESS).stat().st_size < before + 20
    assert records.parse_progress(records.read_object(tmp_path / records.PROGRESS)).seconds == 500
