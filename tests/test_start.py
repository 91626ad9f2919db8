"""A start of the server: the first pad is there before PyTorch is imported; whoever needs it waits for it."""

import asyncio
import json
import subprocess
import sys
import threading
from types import SimpleNamespace

import pytest

from aae import scratch
from aae.app.server import blobs, imports, kept, shared

TOLD = {"kind": "story", "scenes": []}
NOTHING_SLOW = """
import sys

from starlette.requests import Request
from streamlit.testing.v1 import AppTest

import streamlit_app
from aae.app.server import imports
from aae.app.views import story

SLOW = ("torch", "numpy", "pandas", "sklearn", "scipy", "joblib", "pyarrow", "safetensors")


def wait():
    print([name for name in SLOW if name in sys.modules])
    imports._done.set()


imports._done.clear()
imports.wait = wait
assert story.find_kept()
assert story.show(Request({"type": "http", "path_params": {"name": "pixels"}})).status_code == 200
first = AppTest.from_file("aae/app/main.py", default_timeout=120).run()
print(first.exception or "shown", "torch" in sys.modules)
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A project of one run, with something kept of it that names two blobs, one of them in the other."""
    for name in ("checkpoints/a.safetensors", "aae/app/a.py", "data/MNIST/raw/x", "data/own/x", "torch.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("")
    (tmp_path / "blobs").mkdir()
    monkeypatch.setattr(scratch, "folder", lambda name: tmp_path / name)
    monkeypatch.setattr(blobs, "_places", {})
    monkeypatch.setattr(shared, "ROOT", tmp_path)
    torch = SimpleNamespace(origin=str(tmp_path / "torch.py"))
    monkeypatch.setattr(kept, "importlib", SimpleNamespace(util=SimpleNamespace(find_spec=lambda name: torch)))
    monkeypatch.setenv("AAE_RUNS", str(tmp_path / "runs"))
    monkeypatch.delenv("AAE_DATA", raising=False)
    inner = blobs.publish(b"codes" * 1000)  # which are packed
    outer = blobs.publish(json.dumps({"frames": [inner]}).encode())
    kept.write(kept.Home(TOLD, {"film": {"timeline": outer}}), kept.made_of())
    return tmp_path


def test_the_first_pad_imports_nothing_slow(tmp_path, monkeypatch):
    monkeypatch.setenv("AAE_RUNS", str(tmp_path))
    kept.write(kept.Home(TOLD, {"pixels": {"maps": []}}), kept.made_of())
    done = subprocess.run([sys.executable, "-c", NOTHING_SLOW], capture_output=True, text=True, cwd=shared.ROOT)
    assert done.stdout.splitlines() == ["[]", "shown True"], done.stderr


def test_what_is_kept_counts_at_the_next_start_with_its_blobs(folder):
    for path in (folder / "blobs").iterdir():
        path.unlink()  # as the end of a server does
    found = kept.read()
    assert found.told == TOLD
    assert json.loads(blobs.read(found.pictures["film"]["timeline"]))["frames"]
    assert len(list(shared.kept().iterdir())) == 3


@pytest.mark.parametrize(
    "changed",
    ["checkpoints/b.safetensors", "aae/app/a.py", "data/MNIST/raw/y", "data/KMNIST", "torch.py"],
)
def test_what_was_made_of_something_else_does_not_count(changed, folder):
    (folder / changed).write_text("{}")
    assert kept.read() is None


@pytest.mark.parametrize("content", [b"", b"\xff", b"null", b"[]", b"{}"])
def test_a_damaged_file_does_not_count(content, folder):
    (shared.kept() / kept.FILE).write_bytes(content)
    assert kept.read() is None


def test_in_a_store_nothing_is_kept(folder, monkeypatch):
    monkeypatch.setenv("AAE_RUNS", "s3://bucket/runs")
    kept.write(kept.Home(TOLD, {}), kept.made_of())
    assert kept.read() is None


def test_it_counts_whatever_visitors_store_and_not_without_its_blobs(folder):
    (folder / "data/own/y").write_text("")
    assert kept.read()
    for path in (folder / "blobs").iterdir():
        path.unlink()
    next(shared.kept().glob("[0-9a-f]*")).unlink()
    assert kept.read() is None


def test_what_is_not_kept_any_more_goes(folder):
    kept.write(kept.Home(TOLD, {}), kept.made_of())
    assert [path.name for path in shared.kept().iterdir()] == [kept.FILE]


@pytest.fixture
def held(monkeypatch):
    """Imports that nobody has needed so far."""
    monkeypatch.setattr(imports, "_begin", threading.Event())
    monkeypatch.setattr(imports, "_done", threading.Event())
    monkeypatch.setattr(imports, "PATIENCE", 600)


@pytest.mark.parametrize(("path", "begins"), [("/", False), ("/_stcore/health", False), ("/explore", True)])
def test_a_page_that_needs_them_begins_the_imports(path, begins, held):
    async def app(scope, receive, send):
        pass

    asyncio.run(imports.BeginForPages(app)({"type": "http", "path": path}, None, None))
    assert imports._begin.is_set() == begins


def test_where_nothing_is_kept_the_imports_begin_at_once_and_are_waited_for(held):
    imports._done.set()
    go_on = threading.Event()
    thread = imports.start(go_on.wait, at_once=True)
    assert imports._begin.is_set() and not imports.are_done()
    go_on.set()
    thread.join()
    assert imports.are_done()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_all_who_need_the_imports_wait_for_the_same_even_where_they_fail(held):
    loaded = []

    def load():
        loaded.append(1)
        raise ImportError("no such library")

    thread = imports.start(load, at_once=False)
    waiting = [threading.Thread(target=imports.need) for _ in range(4)]
    for each in waiting:
        each.start()
    for each in [*waiting, thread]:
        each.join()
    assert loaded == [1] and imports.are_done()
