"""Locks between processes: held by one, and free again when that one ends."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from aae import locks

ROOT = Path(__file__).resolve().parents[1]


def test_a_lock_is_held_by_one_and_dies_with_its_holder(tmp_path):
    path = tmp_path / "new" / "x.lock"
    code = f"""if True:
        import pathlib, sys
        from aae import locks
        with locks.locked(pathlib.Path({str(path)!r})):
            print("held", flush=True)
            sys.stdin.read()"""
    holder = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert holder.stdout.readline() == b"held\n"
    with pytest.raises(BlockingIOError), locks.locked(path):
        pass
    holder.kill()
    holder.communicate()
    with locks.locked(path), pytest.raises(BlockingIOError), locks.locked(path):
        pass
    assert not path.exists()


def test_a_lock_ends_with_its_process(tmp_path):
    path = tmp_path / "lock"
    code = f"import sys; sys.path.insert(0, {str(ROOT)!r}); from pathlib import Path; from aae import locks; "
    code += f"print(locks.try_to_lock(Path({str(path)!r})), flush=True); input()"
    other = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert int(other.stdout.readline()) > 0
    assert locks.is_locked(path) and locks.try_to_lock(path) is None
    other.kill()
    other.communicate()
    assert not locks.is_locked(path)
    held = locks.try_to_lock(path)
    assert held is not None and locks.is_locked(path)
    os.close(held)
    assert not locks.is_locked(path) and not locks.is_locked(tmp_path / "missing")
