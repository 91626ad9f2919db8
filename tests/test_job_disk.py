"""Folders of jobs that cannot be written: what can be done is done, the rest is said in a line."""

import contextlib
import os
import resource
import shutil
import tempfile
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from aae import jobs
from aae.app.runs import live
from aae.jobs import records, serverlock
from tests.job_tools import LONG, ME, end, kept
from tests.test_pages import MAIN, PAGES


@contextlib.contextmanager
def full_disk():
    """A limit on the size of files stands for the disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def refusal(act, *arguments):
    """What is said when it cannot be done."""
    with pytest.raises(jobs.JobError) as refused:
        act(*arguments)
    assert "\n" not in str(refused.value)
    return str(refused.value)


def test_on_a_full_disk_what_can_be_done_is_done_and_the_rest_is_said(manager):
    manager.rules.set("limit", 0)
    interrupted, ended = kept(manager, "ab", status=jobs.RUNNING)
    waiting = manager.submit(LONG, "c", ME)
    with full_disk():
        assert manager.get(interrupted).status == jobs.INTERRUPTED
        manager.stop(waiting, ME)
        assert manager.get(waiting).status == jobs.STOPPED and manager.queue.ids == []
        assert "make room on the disk" in refusal(manager.resume, interrupted, ME)
        assert "make room on the disk" in refusal(manager.rename, interrupted, ME, "new")
        assert "make room on the disk" in refusal(manager.submit, LONG, "d", ME)
        assert len(manager.all()) == 3 and manager.damaged() == []
        manager.delete(ended, ME)  # which is how room is made
    assert [job.id for job in manager.all()] == [waiting, interrupted]
    manager.resume(waiting, ME)
    assert manager.get(waiting).status == jobs.QUEUED


@pytest.mark.parametrize("page", PAGES)
def test_a_server_starts_when_no_job_can_be_written_and_every_page_opens(tmp_path, monkeypatch, page):
    before = jobs.Jobs(tmp_path / "jobs", limit=0)
    kept(before, "a", status=jobs.RUNNING)
    before.close()
    monkeypatch.setattr(records, "write_atomically", lambda *_, **__: (_ for _ in ()).throw(OSError(28, "No space")))
    manager = jobs.Jobs(tmp_path / "jobs", limit=1)
    monkeypatch.setattr(live, "manager", lambda: manager)
    app = AppTest.from_file(MAIN, default_timeout=120).run()
    app.switch_page(f"../../pages/{page}").run()
    assert [job.status for job in manager.all()] == [jobs.INTERRUPTED]
    if page == "train.py":
        next(button for button in app.button if button.label == "Train").click().run()
        assert "No space" in app.error[0].value and "make room" in app.error[0].value
    assert not app.exception and (app.title or page == "home.py")  # whose titles the browser writes
    end(manager)


@pytest.fixture
def read_only():
    """A folder with an interrupted and a waiting job, which this process cannot write."""
    folder = Path(tempfile.mkdtemp())
    before = jobs.Jobs(folder / "jobs", limit=0)
    kept(before, "a", status=jobs.RUNNING)
    before.submit(LONG, "b", ME)
    before.close()
    for path in [folder, *folder.rglob("*")]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    root = os.geteuid() == 0  # who may write everything
    if root:
        os.seteuid(65534)
    yield folder / "jobs"
    if root:
        os.seteuid(0)
    for path in [folder, *folder.rglob("*")]:
        path.chmod(0o755)
    shutil.rmtree(folder)


def test_a_read_only_folder_can_be_watched(read_only):
    manager = jobs.Jobs(read_only, limit=1)
    assert "cannot be written: they can be watched, but not started or changed" in manager.trouble()
    manager.tick()
    assert {job.name: job.status for job in manager.all()} == {"a": jobs.INTERRUPTED, "b": jobs.QUEUED}
    job = next(job for job in manager.all() if job.name == "a")
    for act, more in ((manager.resume, ()), (manager.delete, ()), (manager.rename, ("new",))):
        assert "let its folder be written" in refusal(act, job.id, ME, *more)
    assert "let its folder be written" in refusal(manager.submit, LONG, "c", ME)
    assert len(manager.all()) == 2 and manager.damaged() == []
    manager.close()


@pytest.mark.parametrize("place", ["a file", "a file/below", "/proc/1/x", "/dev/null/x"])
def test_a_folder_that_cannot_be(tmp_path, place):
    (tmp_path / "a file").write_text("x")
    manager = jobs.Jobs(tmp_path / place, limit=1)
    manager.tick()
    assert manager.all() == [] and manager.damaged() == [] and "cannot be written" in manager.trouble()
    refusal(manager.submit, LONG, "c", ME)
    manager.close()


def test_little_room_is_said(manager, monkeypatch):
    assert manager.trouble() == ""
    monkeypatch.setattr(serverlock, "LITTLE", 1e18)
    assert "MB are free on the disk" in manager.trouble()
