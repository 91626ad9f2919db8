"""Runs and data in a store: in fsspec's memory, and in SeaweedFS, which is killed while it is written to."""

import itertools
import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from safetensors.torch import load as torch_load
from starlette.requests import Request

from aae import data, files, jobs, locks, runs, scratch, storage, sweeps
from aae.app.server import blobs
from aae.data import custom
from aae.jobs import records, remote, worker
from aae.jobs.control import Control, write_wanted
from tests.job_tools import LONG, ME, ROOT, TINY, end, until
from tests.store_tools import BUCKET, MISSING, Store
from tests.test_datafiles import check_loads
from tests.test_download import serving

pytest.importorskip("fsspec")

if not MISSING:
    import fsspec  # noqa: F401

    from aae.storage import leases, mirror, objects, shared
    from aae.storage.mirror import SMALL, Mirror

NUMBERS = itertools.count()


@pytest.fixture(scope="module")
def seaweed(tmp_path_factory):
    if MISSING:
        pytest.skip(MISSING)
    store = Store(tmp_path_factory.mktemp("seaweed"))
    with pytest.MonkeyPatch.context() as patch:
        for name, value in store.environment.items():
            patch.setenv(name, value)
        store.start()
        store.make_bucket()
        yield store
        store.kill()


@pytest.fixture(params=["memory", "s3"])
def url(request):
    """A folder of a store, empty as yet."""
    if request.param == "s3":
        request.getfixturevalue("seaweed")
    yield f"{'memory://' if request.param == 'memory' else f's3://{BUCKET}/'}{next(NUMBERS)}"
    storage.mirrors.clear()


@pytest.fixture
def hasty(monkeypatch):
    """Leases that are renewed and expire soon."""
    for name, seconds in (("RENEWED", 0.1), ("VALID", 0.4), ("SETTLED", 0.6), ("EXPIRED", 0.8), ("LOOK", 0.05)):
        monkeypatch.setattr(leases, name, seconds)


def weights(run):
    return {**run.weights, "codes": run.test_codes}


def same(run, other):
    pairs = weights(run), weights(other)
    return pairs[0].keys() == pairs[1].keys() and all(torch.equal(w, pairs[1][name]) for name, w in pairs[0].items())


def trained(folder, sweep=None):
    """What the worker makes of a job that is asked for in a folder."""
    asked = records.Asked("a", ME, sweep.config if sweep else TINY, sweep=sweep)
    records.write_object(folder / records.ASKED, asked.to_json())
    assert worker.run(folder, Control()) == 0
    return folder


@pytest.fixture(scope="module")
def local(tmp_path_factory):
    """What the worker makes of the same job in a local folder."""
    return trained(tmp_path_factory.mktemp("local") / "0123456789ab")


# Files


def test_a_file_is_written_there_and_seen_by_others(url):
    mine, others = storage.place(url), Mirror(url)
    assert storage.place(f"{url}/") == mine  # one mirror
    assert mine.is_relative_to(scratch.folder("mirrors"))  # which goes with the process, however that ends
    files.write_atomically(mine / "a/b.json", b"{}")
    files.append(mine / "a/b.json", b"\n")
    files.write_atomically(mine / "large", b"x" * (SMALL + 1))
    others.pull(others.folder)
    assert (others.folder / "a/b.json").read_bytes() == files.read(mine / "a/b.json", 9) == b"{}\n"
    large = others.folder / "large"
    assert large.stat().st_size == SMALL + 1 and not large.stat().st_mode & 0o400  # a name and a size until it is read
    written = files.stamps([large])
    others.fetch(large)
    assert large.read_bytes() == b"x" * (SMALL + 1) and files.stamps([large]) == written
    with pytest.raises(FileExistsError):
        files.write_atomically(mine / "large", b"y", replace=False)
    before = files.stamps([others.folder / "a/b.json"])
    files.write_atomically(mine / "a/b.json", b"[]\n")
    others.pull(others.folder / "a")
    assert files.stamps([others.folder / "a/b.json"]) != before
    files.remove_folder(mine / "a", mine / ".deleted-a")
    others.pull(others.folder)
    assert sorted(path.name for path in others.folder.iterdir()) == ["large"]


def test_one_folder_is_mirrored_without_its_neighbours(url):
    for name in "ab":
        files.write_atomically(storage.place(url) / name / "x", b"x")
    assert storage.address(storage.place(url)) == url and storage.address(storage.place(url) / "a/x") == f"{url}/a/x"
    storage.mirrors.clear()  # another process
    folder = storage.place_one(f"{url}/a/")
    assert (folder / "x").read_bytes() == b"x" and not folder.with_name("b").exists()


def test_a_large_file_is_asked_for_once_on_a_machine(url, monkeypatch, tmp_path):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    mine, asked = storage.place(url) / "large", []
    read = objects.Objects.read
    monkeypatch.setattr(objects.Objects, "read", lambda store, name: asked.append(name) or read(store, name))

    def read_by_another(times):
        process = Mirror(url)
        process.pull(process.folder)
        process.fetch(process.folder / "large")
        assert (process.folder / "large").read_bytes() == mine.read_bytes() and len(asked) == times
        return max(tmp_path.glob("aae-shared-*/*"), key=os.path.getmtime)

    files.write_atomically(mine, b"x" * (SMALL + 1))
    kept = read_by_another(1)
    assert read_by_another(1) == kept
    kept.write_bytes(b"x")  # by a process that was killed
    read_by_another(2)
    files.write_atomically(mine, b"y" * (SMALL + 1))
    assert read_by_another(3) != kept and kept.exists()
    os.utime(kept, (0, 0))
    read_by_another(3)
    assert not kept.exists()
    monkeypatch.setattr(shared, "ROOM", SMALL)
    read_by_another(4)
    monkeypatch.setattr(shared, "_folder", lambda: tmp_path / "nothing")
    read_by_another(5)


@pytest.mark.parametrize("url", ["memory"], indirect=True)
def test_what_is_written_while_it_is_read_is_read_again(url, monkeypatch):
    mine, others = storage.place(url), Mirror(url)
    files.write_atomically(mine / "a", b"old")
    read_all, later = others.objects.read_all, [lambda: files.write_atomically(mine / "a", b"new")]

    def slow(*given):
        found = read_all(*given)
        if later:
            later.pop()()
        return found

    monkeypatch.setattr(others.objects, "read_all", slow)
    others.pull(others.folder)
    assert (others.folder / "a").read_bytes() == b"new"


def test_of_processes_that_need_a_large_file_at_once_one_asks_for_it(monkeypatch, tmp_path):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    asked, go_on, found = [], threading.Event(), []
    store = SimpleNamespace(url="x://y", read=lambda name: (asked.append(name), go_on.wait(), b"large")[-1])

    def read():
        found.append(shared.content(store, "large", 5, "mark"))

    readers = [threading.Thread(target=read) for _ in range(3)]
    for each in readers:
        each.start()
    until(lambda: asked)
    time.sleep(0.1)  # in which the others would ask as well
    go_on.set()
    for each in readers:
        each.join()
    assert found == [b"large"] * 3 and len(asked) == 1
    (kept,) = tmp_path.glob("aae-shared-*/*")
    for left in (b"lar", b"larger"):  # by a process that was killed
        kept.write_bytes(left)
        read()
        assert found[-1] == kept.read_bytes() == b"large"


def test_what_a_store_calls_otherwise_than_a_file_below_a_folder_is_left_out(monkeypatch):
    store = objects.Objects(f"memory://{next(NUMBERS)}")
    named = {f"{store.base}/{name}": {"size": 1} for name in ("a", "../b", "c//d", "e/./f", "g\0", "h/..i")}
    monkeypatch.setattr(store.fs, "find", lambda key, detail: named)
    monkeypatch.setattr(store.fs, "ls", lambda key, detail: [*named])
    assert [*store.find()] == store.children() == ["a", "h/..i"]


def test_folders_that_come_change_and_go_are_seen_at_each_look(url, monkeypatch):
    monkeypatch.setattr(mirror, "SHARE", 10**6)  # everything is looked at once
    mine, others = storage.place(url), Mirror(url)
    others.look()
    seen = others.folder / "a/b.json"
    files.write_atomically(mine / "a/b.json", b"{}")
    others.look()
    assert seen.read_bytes() == b"{}"
    files.write_atomically(mine / "a/b.json", b"[1]")
    others.look()
    assert seen.read_bytes() == b"[1]"
    files.remove_folder(mine / "a", mine / ".deleted-a")
    others.look()
    assert not seen.parent.exists()


def test_a_removal_that_was_broken_off_is_seen_and_finished(url):
    folder = storage.place(url)
    store = jobs.Jobs(folder, 0).store
    id = records.new_id()
    files.write_atomically(folder / id / records.ASKED, b"{}")
    files.write_atomically(folder / f".deleted-{id}", b"")
    assert store.ids() == [] and (folder / id).exists()
    store.sweep()
    assert not (folder / id).exists() and not list(folder.glob(".deleted-*"))


def test_a_local_folder_needs_nothing_of_it(tmp_path):
    code = f"import sys; from aae import jobs; jobs.Jobs({str(tmp_path)!r}, 1).all(); "
    code += "print([name for name in ('s3fs', 'aae.storage.mirror', 'aae.storage.leases') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert done.stdout.strip() == "[]", done.stderr
    assert storage.place(f"file://{tmp_path}") == tmp_path and storage.of(tmp_path) is None
    assert storage.place("~/runs") == storage.place("file://~/runs") == Path.home() / "runs"


@pytest.mark.parametrize(("url", "problem"), [("s3x://a/b", "Protocol not known"), ("gcs://a/b", "pip install")])
def test_a_store_that_cannot_be_opened_is_said_in_one_line(url, problem, monkeypatch):
    monkeypatch.setitem(sys.modules, "gcsfs", None)
    monkeypatch.setenv("AAE_DATA", url)
    with pytest.raises(data.DataError, match=problem) as error:
        data.missing_files("mnist")
    assert "\n" not in str(error.value) and url in str(error.value)


# Locks


def test_of_two_processes_one_holds(url, hasty):
    mine, others = storage.place(url) / "lock", Mirror(url)
    held = locks.try_to_lock(mine)
    assert held and leases.take(others, others.folder / "lock") is None and locks.is_locked(mine)
    locks.release(held)
    other = until(lambda: leases.take(others, others.folder / "lock"))
    assert locks.try_to_lock(mine) is None
    other.release()
    assert not locks.is_locked(mine)


def test_a_lock_ends_with_its_process_and_one_that_hung_writes_no_more(url, hasty, monkeypatch):
    mine, others = storage.place(url) / "lock", Mirror(url)
    held = locks.try_to_lock(mine)
    go_on = threading.Event()
    write = objects.Objects.write

    def slow(store, *given, **named):
        if store is not others.objects:
            go_on.wait()
        return write(store, *given, **named)

    monkeypatch.setattr(objects.Objects, "write", slow)  # as a process that is stopped, or cut off
    other = until(lambda: leases.take(others, others.folder / "lock"), 20)
    go_on.set()
    with pytest.raises(OSError, match="another process has taken over"):
        until(lambda: files.write_atomically(mine.with_name("run"), b"mine"), 5)
    assert not locks.is_of(held, mine) and other.check() is None
    other.release()


@pytest.fixture
def clock(monkeypatch):
    """A clock of leases and mirrors that stands still, and a function that sets it forward."""
    now = [1000.0]
    for module in (leases, mirror):
        monkeypatch.setattr(module, "time", SimpleNamespace(monotonic=lambda: now[0]))
    monkeypatch.setattr(leases, "RENEWED", 600.0)
    return lambda seconds: now.append(now.pop() + seconds)


@pytest.mark.parametrize("url", ["memory"], indirect=True)
def test_a_lease_lasts_while_it_is_renewed_and_is_taken_over_once_its_holder_writes_no_more(url, clock):
    store = Mirror(url)
    path = store.folder / "lock"
    for content in (b"1", b"2", b"3"):
        store.objects.write("lock.1", content)  # by another process
        assert leases.is_held(store, path) and leases.take(store, path) is None
        clock(leases.EXPIRED - 1)
    assert leases.is_held(store, path)
    clock(2)
    assert not leases.is_held(store, path) and leases.take(store, path) is None
    clock(leases.SETTLED - 1)
    assert leases.take(store, path) is None
    clock(1)
    held = leases.take(store, path)
    assert held.number == 2 and sorted(store.objects.beside("lock")) == ["lock.1", "lock.2"]
    store.check(path)
    store.objects.write("lock.3", b"1")  # by another process, to which this one seemed to have ended
    clock(leases.VALID - 1)
    store.check(path)
    clock(2)
    with pytest.raises(OSError, match="another process has taken over"):
        store.check(path)
    held.release()
    leases.free(store, path)  # that process has ended for certain
    again = leases.take(store, path)
    assert again.number == 4 and store.holders == [again]
    store.check(path)
    again.release()
    assert store.holders == []


@pytest.mark.parametrize("url", ["memory"], indirect=True)
def test_of_two_that_create_a_lease_at_once_one_has_it(url):
    one, other = (leases.Lease(each, each.folder / "lock", 1) for each in (Mirror(url), Mirror(url)))
    assert one.begin() and not other.begin()
    assert one.begin()  # asked for again where the answer was lost
    one.release()


@pytest.mark.parametrize("url", ["memory"], indirect=True)
@pytest.mark.parametrize(("name", "seen"), [("is_held", False), ("look", (0, b"free"))])
def test_a_lease_that_another_process_has_taken_meanwhile_is_not_taken(url, name, seen, monkeypatch):
    store = Mirror(url)
    store.objects.write("lock.1", b"1")
    monkeypatch.setattr(leases, name, lambda *_: seen)  # a moment ago
    assert leases.take(store, store.folder / "lock") is None and store.objects.beside("lock") == ["lock.1"]


@pytest.mark.parametrize("url", ["memory"], indirect=True)
def test_of_several_objects_those_that_are_gone_are_left_out_and_a_silent_store_is_said(url, monkeypatch):
    store, errors = objects.Objects(url), [FileNotFoundError(), ConnectionError("no route")]
    monkeypatch.setattr(objects, "patience", 0.0)
    monkeypatch.setattr(objects, "PAUSE", 0.0)
    monkeypatch.setattr(store.fs, "cat", lambda keys, on_error: {keys[0]: b"x", keys[1]: errors[0]})
    assert store.read_all(["a", "b"]) == {"a": b"x"} and not store.problem
    errors.pop(0)
    with pytest.raises(OSError, match="storage does not answer"):
        store.read_all(["a", "b"])
    assert store.problem
    errors.insert(0, FileNotFoundError())
    assert store.read_all(["a", "b"]) == {"a": b"x"} and not store.problem


@pytest.mark.parametrize("url", ["memory"], indirect=True)
def test_a_folder_is_glanced_at_now_and_then(url, clock, monkeypatch):
    store, pulled = Mirror(url), []
    monkeypatch.setattr(store, "pull", lambda folder, within: pulled.append(folder))
    monkeypatch.setattr(mirror, "MAX_GLANCED", 2)
    for name in "aabcaa":
        store.glance(store.folder / name)
    assert [folder.name for folder in pulled] == ["a", "b", "c", "a"]
    clock(2 * mirror.GLANCE)
    store.glance(store.folder / "c")
    assert len(pulled) == 5


# Trainings


def test_a_training_there_is_that_of_a_local_folder(url, local):
    folder = trained(storage.place(url) / "0123456789ab")
    fresh = Mirror(url)  # what another server has of it
    fresh.pull(fresh.folder)
    theirs = fresh.folder / folder.name
    for path in theirs.rglob("*.safetensors"):
        fresh.fetch(path)
    assert same(runs.load(theirs / records.RUN), runs.load(local / records.RUN))
    names = {path.relative_to(local) for path in local.rglob("*") if path.is_file()} - {local / "lock"}
    there = {path.relative_to(theirs) for path in theirs.rglob("*") if path.is_file()}
    assert {str(name) for name in names ^ there} <= {"lock", "lock.1"}
    for name in [name for name in there if name.parts[0] == records.FRAMES]:
        assert (theirs / name).read_bytes() == (local / name).read_bytes()


@pytest.mark.parametrize("url", ["memory"], indirect=True)
def test_a_node_of_a_cluster_trains_what_is_there_until_it_is_to_stop(url):
    folder = storage.place(url) / "0123456789ab"
    records.write_object(folder / records.ASKED, records.Asked("a", ME, LONG).to_json())
    address, mine = storage.address(folder), storage.mirrors.pop(url)
    node = threading.Thread(target=remote.train, args=[address])
    node.start()  # with a mirror of its own
    storage.mirrors["of the server"] = mine
    until(lambda: mine.look() or (records.frame_steps(folder)[1:] and (folder / records.HISTORY).read_text()))
    write_wanted(folder, jobs.STOPPED)
    node.join()
    mine.pull(folder)
    assert records.read_object(folder / records.PROGRESS)["status"] == jobs.STOPPED
    assert runs.load(folder / records.RUN).history


def test_a_sweep_there_goes_on_where_it_was(url, tmp_path):
    plan = sweeps.Plan.make(replace(TINY, n_validation=216, epochs=2), ["batch_size=64,128"])
    folder = trained(storage.place(url) / "0123456789ab", sweep=plan)
    local = trained(tmp_path / "0123456789ab", sweep=plan)
    fresh = Mirror(url)
    fresh.pull(fresh.folder)
    storage.mirrors["fresh"] = fresh
    found, expected = (sweeps.rows(sweeps.read(each / records.SWEEP)) for each in (fresh.folder / folder.name, local))
    assert [row._replace(seconds=0.0) for row in found] == [row._replace(seconds=0.0) for row in expected]
    run = sweeps.run_of(fresh.folder / folder.name / records.SWEEP, 1, "a")
    assert same(run, sweeps.run_of(local / records.SWEEP, 1, "a"))


def test_custom_data_are_stored_there(url, monkeypatch):
    monkeypatch.setenv("AAE_DATA", url)
    storage.place(url)
    before = storage.mirrors.pop(url)  # of a process that goes on, as those of a cluster do
    pixels = np.random.default_rng(0).integers(0, 255, (400, 28, 28), dtype=np.uint8)
    kept = custom.CustomData(pixels, np.arange(400) % 2, ("a", "b"), custom.Report())
    name = custom.keep(kept)
    custom.claim(name, ME, "mine", [])
    storage.mirrors[url] = before
    assert len(data.load(name).train.labels) == 320
    storage.mirrors.clear()  # another process
    assert data.describe(name).classes == ("a", "b") and not data.missing_files(name)
    assert len(data.load(name).train.labels) == 320
    assert [each.name for each in custom.owned(ME)] == [name]
    custom.remove(name, ME)
    storage.mirrors.clear()
    assert data.missing_files(name)
    with pytest.raises(data.DataError, match=f"^own/{name}.npz in the store"):
        data.load(name)


def test_what_is_downloaded_is_put_there(url, monkeypatch):
    monkeypatch.setenv("AAE_DATA", url)
    monkeypatch.delenv("http_proxy", raising=False)
    storage.place(url)
    before = storage.mirrors.pop(url)  # of a process that goes on
    with serving("mnist", monkeypatch):
        data.load("mnist", progress=lambda text: None)
    for known in ({url: before}, {}):  # without the network; the second is another process
        storage.mirrors.clear()
        storage.mirrors.update(known)
        check_loads("mnist")


@pytest.mark.parametrize("url", ["memory"], indirect=True)
def test_a_training_whose_store_does_not_answer_says_so_and_resumes(url, local, monkeypatch, capsys):
    folder = storage.place(url) / "0123456789ab"
    pipe_file, written = storage.of(folder).objects.fs.pipe_file, itertools.count()
    monkeypatch.setattr(objects, "patience", 0.1)
    monkeypatch.setattr(worker, "SAVE_EVERY", 0.0)

    def break_off(*given, **named):
        if next(written) > 12:
            raise ConnectionError("no route")
        return pipe_file(*given, **named)

    monkeypatch.setattr(storage.of(folder).objects.fs, "pipe_file", break_off)
    records.write_object(folder / records.ASKED, records.Asked("a", ME, TINY).to_json())
    assert worker.run(folder, Control()) == 1 and storage.problem(folder)
    assert "storage does not answer" in (said := capsys.readouterr().err) and "resume later" in said
    monkeypatch.undo()
    storage.mirrors.clear()  # another process, to which the lock of this one is free once it has expired
    again = storage.place(url) / folder.name
    locks.free(again / records.LOCK)
    assert same(runs.load(trained(again) / records.RUN), runs.load(local / records.RUN))


@pytest.fixture(scope="module")
def servers(seaweed):
    """The jobs of a folder in the store, as a server has them, which is followed; one trains."""
    storage.follow()
    folder = storage.place(f"s3://{BUCKET}/{next(NUMBERS)}")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(storage, "mirrors", storage.mirrors.copy())  # which the other tests clear
        manager = jobs.Jobs(folder, limit=1)
        manager.submit(LONG, "a", ME)
        yield manager
        end(manager)


def epochs(history):
    return [record["epoch"] for record in history]


def is_now(manager, id, *statuses):
    manager.tick()
    return manager.get(id).status in statuses


def test_a_blob_is_answered_that_another_server_has_just_made(url, monkeypatch):
    monkeypatch.setenv("AAE_BLOBS", url)
    storage.place(url)
    mine, storage.mirrors[url] = storage.mirrors[url], Mirror(url)
    address = blobs.publish(b"latent " * 1000)
    storage.mirrors[url] = mine
    request = Request({"type": "http", "headers": [], "path_params": {"name": address.removeprefix(blobs.PATH)}})
    assert blobs.serve(request).body == b"latent " * 1000
    assert blobs.holds(address) and blobs.read(address) == b"latent " * 1000


@pytest.fixture
def two(url, hasty):
    """Two servers, each with a mirror of its own; nothing trains."""
    one = jobs.Jobs(storage.place(url), 0)
    storage.mirrors["of another server"] = theirs = Mirror(url)
    theirs.pull(theirs.folder)
    other = jobs.Jobs(theirs.folder, 0)
    one.look_after()
    yield one, other
    end(one)
    end(other)


def test_two_servers_are_one(two):
    one, other = two
    assert other.is_elsewhere and not one.is_elsewhere
    id = other.submit(TINY, "a", ME)
    until(lambda: storage.of(other.folder).look() or [job.name for job in other.all()] == ["a"])
    other.rename(id, ME, "b")
    assert one.get(id).name == "b"
    one.close()
    until(lambda: other.tick() or not other.is_elsewhere)
    assert other.queue.ids == [id] and other.get(id).name == "b"
    other.delete(id, ME)
    assert other.all() == []


WRITER = """
import sys
from aae import files, storage
folder = storage.place_one(sys.argv[1])
storage.be_patient(60)
for version in range(1, 10**6):
    for name, size in (("small", 10), ("large", 3_000_000)):
        files.write_atomically(folder / name, f"{version:09d}".encode() * size)
    print(version, flush=True)
"""


def test_a_store_that_is_killed_while_it_is_written_to_has_whole_files(servers, seaweed):
    url = f"s3://{BUCKET}/{next(NUMBERS)}/x"
    (id,) = servers.store.ids()
    writer = subprocess.Popen([sys.executable, "-c", WRITER, url], stdout=subprocess.PIPE, text=True, cwd=ROOT)
    acknowledged, pause = [], random.Random(0)
    reader = threading.Thread(target=lambda: acknowledged.extend(map(int, writer.stdout)))
    reader.start()
    try:
        for _ in range(2):
            known = len(acknowledged)
            until(lambda known=known: len(acknowledged) > known + 2 and servers.store.known_progress(id).step)
            time.sleep(pause.uniform(0, 0.3))
            seaweed.kill()
            least = acknowledged[-1]
            seaweed.start()
            check_whole(Mirror(url), least)
            check_job(Mirror(storage.address(servers.folder)), id)
    finally:
        writer.kill()
        writer.wait()
        reader.join()
        writer.stdout.close()
    steps = servers.get(id).progress.step
    until(lambda: is_now(servers, id, jobs.RUNNING) and servers.get(id).progress.step > steps)
    assert not [name for name in storage.of(servers.folder).objects.find() if "partial" in name]


def check_whole(mirror, least):
    """Each file is of one version, which is no older than what was acknowledged."""
    for name in ("small", "large"):
        content = mirror.objects.read(name)
        assert content == content[:9] * (len(content) // 9) and int(content[:9]) >= least


def check_job(mirror, id):
    """All files of a job are such that it can go on from them."""
    mirror.pull(mirror.folder / id)
    folder = mirror.folder / id
    for path in folder.rglob("*.safetensors"):
        mirror.fetch(path)
        assert torch_load(path.read_bytes())
    assert records.parse_progress(records.read_object(folder / records.PROGRESS)).status == jobs.RUNNING
    assert all(map(json.loads, (folder / records.HISTORY).read_text().splitlines()))
    saved = runs.state_path(folder / records.RUN)
    assert not saved.exists() or runs.load_state(saved)


def test_a_killed_job_resumes_at_once_and_a_deleted_one_leaves_nothing(servers):
    (id,) = servers.store.ids()
    until(lambda: is_now(servers, id, jobs.RUNNING) and len(servers.store.frames(id)) > 1 and servers.store.history(id))
    servers.processes.running[id].kill()
    until(lambda: is_now(servers, id, jobs.FAILED))
    servers.resume(id, ME)
    until(lambda: servers.get(id).progress.stage == records.TRAINING and servers.store.history(id))
    servers.stop(id, ME)
    until(lambda: is_now(servers, id, jobs.STOPPED))
    assert epochs(runs.load(servers.store.run_path(id)).history) == epochs(servers.store.history(id))
    servers.delete(id, ME)
    assert servers.all() == [] == servers.damaged()
    assert not [name for name in storage.of(servers.folder).objects.find() if not name.startswith(".lock")]
