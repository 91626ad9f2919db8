"""Downloads: whole or not at all, one process at a time, free to be broken off, and one line of why one failed."""

import gzip
import hashlib
import io
import os
import subprocess
import sys
import threading
import time
import zipfile
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from aae import data
from aae.data import download, readers
from tests.test_datafiles import check_loads, contents, lay

ROOT = Path(__file__).resolve().parents[1]
LIMIT = 240  # seconds for what takes far less


class Mirror(ThreadingHTTPServer):
    """A web server of a few files, which counts what is asked for and can hold its answers back."""

    daemon_threads = True

    def __init__(self, files):
        super().__init__(("127.0.0.1", 0), Answer)
        self.files, self.asked = files, []
        self.go_on = threading.Event()  # without it only half of each file is sent
        self.go_on.set()

    @property
    def address(self):
        return f"http://127.0.0.1:{self.server_port}/"


class Answer(BaseHTTPRequestHandler):
    def do_GET(self):
        name, mirror = self.path[1:], self.server
        mirror.asked.append(name)
        content = mirror.files.get(name)
        self.send_response(404 if content is None else 200)
        self.send_header("Content-Length", str(len(content or b"")))
        self.end_headers()
        half = len(content or b"") // 2
        self.wfile.write((content or b"")[:half])
        mirror.go_on.wait(LIMIT)
        self.wfile.write((content or b"")[half:])

    def log_message(self, *_):
        pass


def packed(name):
    """What a mirror has of a data set: name, bytes."""
    files = {f"{file}.gz": gzip.compress(content) for file, content in contents(name).items()}
    if name != "emnist_digits":
        return files
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as whole:
        for file, content in [*files.items(), ("emnist-letters-train-images-idx3-ubyte.gz", b"unwanted")]:
            whole.writestr(f"gzip/{file}", content)
    return {"gzip.zip": archive.getvalue()}


def md5(content):
    return hashlib.md5(content, usedforsecurity=False).hexdigest()


@contextmanager
def serving(name, monkeypatch, before=()):
    """A mirror of a data set, which torchvision knows, after some others."""
    files = packed(name)
    mirror = Mirror(files)
    threading.Thread(target=mirror.serve_forever, daemon=True).start()
    dataset = getattr(download.torchvision_datasets(), readers.SETS[name].folder)
    mirrors = [*before, mirror.address]
    monkeypatch.setattr(dataset, "mirrors", mirrors)
    monkeypatch.setattr(dataset, "resources", [(file, md5(content)) for file, content in files.items()])
    if name == "emnist_digits":
        monkeypatch.setattr(dataset, "url", mirrors[0] + "gzip.zip")
        monkeypatch.setattr(dataset, "md5", md5(files["gzip.zip"]))
    try:
        yield mirror
    finally:
        mirror.go_on.set()
        mirror.shutdown()
        mirror.server_close()


@pytest.fixture
def root(monkeypatch, tmp_path):
    monkeypatch.setenv("AAE_DATA", str(tmp_path / "data"))
    for scheme in ("http_proxy", "HTTP_PROXY"):
        monkeypatch.delenv(scheme, raising=False)
    return tmp_path / "data"


def files_of(root):
    return sorted(path.name for path in root.rglob("*") if path.is_file() and path.name != ".lock")


@pytest.mark.parametrize("name", readers.SETS)
def test_what_is_missing_is_downloaded_once_and_lies_where_torchvision_has_it(name, monkeypatch, root):
    said = []
    with serving(name, monkeypatch) as mirror:
        data.load(name, progress=said.append)
        assert sorted(mirror.asked) == sorted(packed(name))
    check_loads(name)  # without the mirror
    assert files_of(root) == sorted(contents(name))
    assert set(root.rglob("*-ubyte")) == {readers.raw_folder(name) / file for file in contents(name)}
    folder = readers.SETS[name].folder
    assert any(text.startswith(f"downloading {folder}") and text.endswith(" MB") for text in said)


def test_only_what_is_missing_is_asked_for(monkeypatch, root):
    lay(root / "MNIST" / "raw", split="labels")
    with serving("mnist", monkeypatch) as mirror:
        data.load("mnist", progress=lambda text: None)
    assert sorted(mirror.asked) == ["t10k-images-idx3-ubyte.gz", "train-images-idx3-ubyte.gz"]
    check_loads("mnist")


def test_the_progress_says_how_much_of_how_much(monkeypatch, root):
    with serving("emnist_digits", monkeypatch) as mirror:
        total, said = len(mirror.files["gzip.zip"]), []
        data.load("emnist_digits", progress=said.append)
    assert f"downloading EMNIST: {total / 1e6:.1f} of {total / 1e6:.1f} MB" in said


def test_another_mirror_is_asked_when_one_fails_or_sends_another_file(monkeypatch, root):
    other = Mirror(dict.fromkeys(packed("mnist"), b"<html>sign in</html>"))
    threading.Thread(target=other.serve_forever, daemon=True).start()
    with serving("mnist", monkeypatch, before=["http://127.0.0.1:9/", other.address]):
        data.load("mnist", progress=lambda text: None)
    check_loads("mnist")
    other.shutdown()
    other.server_close()


@pytest.mark.parametrize("way", ["nobody answers", "not found", "another file", "cut"])
@pytest.mark.parametrize("name", readers.SETS)
def test_a_download_that_fails_names_folder_files_and_remedy_and_leaves_nothing(name, way, monkeypatch, root):
    with serving(name, monkeypatch) as mirror:
        if way == "not found":
            mirror.files.clear()
        elif way == "another file":
            mirror.files.update(dict.fromkeys(mirror.files, b"<html>"))
        elif way == "cut":
            mirror.files.update({file: content[:-10] for file, content in mirror.files.items()})
        elif way == "nobody answers":
            mirror.server_close()
        with pytest.raises(data.DataError) as error:
            data.load(name, progress=lambda text: None)
    said = str(error.value)
    for part in (str(readers.raw_folder(name)), *contents(name), "AAE_DATA", "--data digits"):
        assert part in said
    assert "\n" not in said and files_of(root) == []
    assert len(data.missing_files(name)) == 4


class Abandoned(Exception):
    pass


@pytest.mark.parametrize("name", ["mnist", "emnist_digits"])
def test_what_the_progress_raises_ends_a_download_that_hangs_and_leaves_nothing(name, monkeypatch, root):
    def abandon(text):
        if text.startswith("downloading"):
            raise Abandoned

    with serving(name, monkeypatch) as mirror:
        mirror.go_on.clear()
        monkeypatch.setattr(download, "TIMEOUT", 1e6)  # whoever waits for the answer waits for ever
        with pytest.raises(Abandoned):
            data.load(name, progress=abandon)
        assert files_of(root) == [] and list(readers.raw_folder(name).iterdir()) == [readers.raw_folder(name) / ".lock"]
        mirror.go_on.set()
        data.load(name, progress=lambda text: None)  # the lock is free
    check_loads(name)


def test_one_downloads_while_the_other_waits_and_says_so(monkeypatch, root):
    said, failed = {"first": [], "second": []}, []

    def load(who):
        try:
            data.load("mnist", progress=said[who].append)
        except BaseException as error:
            failed.append(error)

    with serving("mnist", monkeypatch) as mirror:
        mirror.go_on.clear()
        first, second = (threading.Thread(target=load, args=[who]) for who in said)
        first.start()
        wait_for(lambda: mirror.asked)
        second.start()
        wait_for(lambda: said["second"])
        mirror.go_on.set()
        first.join(LIMIT)
        second.join(LIMIT)
        assert not failed and sorted(mirror.asked) == sorted(packed("mnist"))  # each once
    assert set(said["second"]) == {"waiting: another process downloads MNIST"}
    check_loads("mnist")


def wait_for(condition):
    give_up = time.monotonic() + LIMIT
    while not condition():
        assert time.monotonic() < give_up
        time.sleep(0.05)


def test_the_lock_of_a_process_that_was_killed_is_free_and_its_rest_is_swept(monkeypatch, root):
    folder = root / "MNIST" / "raw"
    (folder / ".download-killed").mkdir(parents=True)
    (folder / ".download-killed" / "packed").write_bytes(bytes(1000))
    hold = "import fcntl, sys, time; f = open(sys.argv[1], 'w'); fcntl.flock(f, fcntl.LOCK_EX); print(flush=True)"
    command = [sys.executable, "-c", f"{hold}; time.sleep(600)", str(folder / ".lock")]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as holder:
        holder.stdout.readline()
        with pytest.raises(Abandoned):
            download.fetch("mnist", raising)
        holder.kill()
    with serving("mnist", monkeypatch):
        data.load("mnist", progress=lambda text: None)
    check_loads("mnist")
    assert not list(folder.glob(".download-*"))


def raising(text):
    assert text.startswith("waiting")
    raise Abandoned


def test_nothing_is_said_where_nobody_sees_it(monkeypatch, root, capfd):
    with serving("mnist", monkeypatch):
        data.load("mnist")
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("name", readers.SETS)
def test_torchvision_knows_every_file_and_its_checksum(name):
    known = download.sources(name)
    files = [file for source in known for file in source.contents.values()]
    assert sorted(files) == sorted(contents(name))
    assert all(len(source.md5) == 32 and all("://" in at for at in source.addresses) for source in known)


def test_torchvision_imports_beside_the_torch_that_is_here():
    """In a process of its own: the first import counts."""
    code = "from aae.data.download import torchvision_datasets as t; print(t().MNIST.__name__)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout.strip() == "MNIST", done.stderr


BUILT_FOR_ANOTHER = {  # a torchvision whose operators are not loaded, but described
    "torchvision/__init__.py": """
import torch
for name in ("nms", "qnms"):
    torch.library.register_fake(f"torchvision::{name}", lambda dets, scores, threshold: dets)
""",
    "torchvision/datasets.py": "class MNIST: pass",
}


def test_torchvision_imports_where_it_was_built_for_another_torch(tmp_path):
    for file, text in BUILT_FOR_ANOTHER.items():
        (tmp_path / file).parent.mkdir(exist_ok=True)
        (tmp_path / file).write_text(text)
    code = "from aae.data.download import torchvision_datasets as t; print(t().__file__)"
    paths = {**os.environ, "PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}"}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=paths)
    assert done.stdout.strip() == str(tmp_path / "torchvision/datasets.py"), done.stderr


def test_another_failure_of_torchvision_is_not_hidden(monkeypatch):
    monkeypatch.delitem(sys.modules, "torchvision", raising=False)
    monkeypatch.setattr("builtins.__import__", raising_import(RuntimeError("something else")))
    with pytest.raises(RuntimeError, match="something else"):
        download.torchvision_datasets()


def raising_import(error):
    original = __import__

    def importer(name, *arguments, **options):
        if name == "torchvision":
            raise error
        return original(name, *arguments, **options)

    return importer
