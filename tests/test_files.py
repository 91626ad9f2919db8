"""Files are read within limits, written whole or not at all, and claimed by one process."""

import errno
import os
import time

import pytest

from aae import files


def test_only_regular_files_within_the_limit_are_read(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "file").write_bytes(b"12345")
    assert files.read(tmp_path / "file", 5) == b"12345"
    for path, words in [
        ("file", "more than 4 bytes"),
        ("pipe", "not a regular"),
        ("", "not a regular"),
        ("x", "no such"),
    ]:
        with pytest.raises(OSError, match=words):
            files.read(tmp_path / path, 4)
    with pytest.raises(OSError, match="not a regular file"):
        files.read(tmp_path.__class__("/dev/zero"), 4)
    with (tmp_path / "hole").open("wb") as hole:
        hole.truncate(2**40)
    with pytest.raises(OSError, match="more than"):
        files.read(tmp_path / "hole", 2**39)


def test_a_failed_write_keeps_the_old_file(tmp_path, monkeypatch):
    (tmp_path / "x").write_bytes(b"old")
    monkeypatch.setattr(files.os, "fsync", lambda _: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(OSError, match="disk full"):
        files.write_atomically(tmp_path / "x", b"half")
    assert (tmp_path / "x").read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["x"]


@pytest.mark.parametrize("links", [True, False])
def test_a_file_that_is_not_to_be_replaced_stays(tmp_path, monkeypatch, links):
    if not links:
        monkeypatch.setattr(files.os, "link", lambda *_: (_ for _ in ()).throw(OSError(errno.EPERM, "no links here")))
    files.write_atomically(tmp_path / "x", b"first", replace=False)
    with pytest.raises(FileExistsError):
        files.write_atomically(tmp_path / "x", b"second", replace=False)
    assert (tmp_path / "x").read_bytes() == b"first"
    files.write_atomically(tmp_path / "x", b"third")
    assert (tmp_path / "x").read_bytes() == b"third"
    assert os.listdir(tmp_path) == ["x"]


def test_the_next_writer_removes_what_killed_ones_left(tmp_path):
    killed, writing, other = (
        "run.safetensors.12-0a0b0c0d.partial",
        "run.safetensors.13-0a0b0c0d.partial",
        "film.partial",
    )
    for name in (killed, writing, other):
        (tmp_path / name).write_bytes(b"half")
    for name in (killed, other):
        os.utime(tmp_path / name, (time.time() - 2 * files.ABANDONED,) * 2)
    files.write_atomically(tmp_path / ("long" * 60), b"whole")
    assert sorted(os.listdir(tmp_path)) == sorted([writing, other, "long" * 60])


@pytest.mark.parametrize(
    "path",
    ["file/x", "file/deep/x", "loop", "loop/x", "n" * 300, f"new/{'n' * 300}", "", "/proc/x", "/sys/x", "/dev/null/x"],
)
def test_a_place_where_nothing_can_be_written_is_refused(tmp_path, path):
    (tmp_path / "file").write_bytes(b"")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    with pytest.raises(OSError):
        files.check_place(tmp_path / path)
    assert sorted(os.listdir(tmp_path)) == ["file", "loop"]


def test_a_place_that_can_be_written_is_left_as_it_was(tmp_path):
    files.check_place(tmp_path / "new" / "deep" / "x")
    assert not os.listdir(tmp_path)
