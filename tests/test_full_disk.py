"""A full disk is said in one line, on the page, in each fragment of it, and where an upload is stored."""

import ast
import errno
import os
from pathlib import Path

import pytest
from ownfiles import archive, folders
from streamlit.testing.v1 import AppTest

from aae import data, files, runs
from aae.app import notices
from aae.app.runs import live, uploads
from aae.app.server import blobs
from aae.app.train import form

ROOT = Path(__file__).resolve().parents[1]
MAIN = ROOT / "aae/app/main.py"
FULL = os.strerror(errno.ENOSPC)


def fail(*_, **__):
    raise OSError(errno.ENOSPC, FULL)


def open_page(page):
    return AppTest.from_file(MAIN, default_timeout=120).run().switch_page(f"../../pages/{page}.py").run()


def errors(app):
    assert not app.exception
    return [error.value for error in app.error]


@pytest.mark.parametrize("page", ["explore", "compare", "style", "train"])
def test_every_page_says_that_nothing_can_be_published(monkeypatch, manager, page):
    monkeypatch.setattr(live, "manager", lambda: manager)
    app = open_page(page)
    monkeypatch.setattr(blobs, "holds", lambda address: False)
    monkeypatch.setattr(blobs, "_publish", fail)
    lines = errors(app.run())
    assert len(lines) == (2 if page == "train" else 1)  # that page is two fragments
    assert all(FULL in line and "make room there" in line and "\n" not in line for line in lines)


def test_every_fragment_says_it_since_streamlit_runs_it_without_its_page():
    found = []
    for path in [*ROOT.glob("aae/app/**/*.py"), *ROOT.glob("pages/*.py")]:
        for node in ast.walk(ast.parse(path.read_text())):
            decorators = [ast.unparse(each) for each in getattr(node, "decorator_list", [])]
            if any(each.startswith("st.fragment") for each in decorators):
                found.append(node.name)
                assert decorators[-1] == "notices.if_the_disk_is_full()", f"{path}: {node.name}"
    assert len(found) >= 4


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_only_a_full_disk_is_said(monkeypatch, number):
    said = []
    monkeypatch.setattr(notices.st, "error", said.append)
    with notices.if_the_disk_is_full():
        raise OSError(number, os.strerror(number), "/data/" + "x" * 1000)
    assert os.strerror(number) in said[0] and len(said[0]) < 300
    for other in (OSError(errno.EBADF, "no such thing"), ValueError("another")):
        with pytest.raises(type(other)), notices.if_the_disk_is_full():
            raise other


def test_data_that_cannot_be_stored(monkeypatch):
    monkeypatch.setattr(files, "write_atomically", fail)
    with pytest.raises(data.DataError, match=FULL) as refused:
        form.accept("mine.zip", archive(folders()))
    assert "\n" not in str(refused.value)


def test_a_run_file_that_cannot_be_stored(monkeypatch):
    app = open_page("explore")
    monkeypatch.setattr(uploads.files, "write_atomically", fail)
    app.file_uploader[0].upload("lesson.safetensors", runs.shipped()["digits"].read_bytes()).run()
    [line] = errors(app)
    assert line.startswith("lesson") and FULL in line and "make room" in line


def test_a_job_that_cannot_be_stored(monkeypatch, manager):
    monkeypatch.setattr(live, "manager", lambda: manager)
    app = open_page("train")
    monkeypatch.setattr("aae.jobs.records.write_atomically", fail)
    next(button for button in app.button if button.label == "Train").click().run()
    assert any(FULL in line and "make room" in line for line in errors(app)) and not manager.all()
