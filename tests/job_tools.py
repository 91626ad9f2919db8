"""What the tests of jobs share: small trainings, waiting, and servers as processes of their own."""

import contextlib
import os
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

from aae import jobs
from aae.config import Config
from aae.jobs import records

ROOT = Path(__file__).resolve().parents[1]
TINY = Config(dataset="digits", hidden=(32,), discriminator_hidden=(16,), batch_size=64, epochs=3, ema_decay=0.9)
LONG = replace(TINY, epochs=100_000)
DIVERGING = replace(TINY, learning_rate=1.0, batch_norm=False, hidden=(16,) * 6, epochs=50)  # with every seed
ME, OTHER = "me", "someone else"


def end(manager):
    """End its processes at once, and let another keep the folder."""
    for id in list(manager.processes.running):
        manager.processes.kill(id)
    manager.close()


def until(condition, seconds=400):
    """Wait until the condition gives something true, and give it."""
    give_up = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < give_up, "it did not happen"
        time.sleep(0.05)
    return found


def status(manager, id):
    manager.tick()
    return manager.get(id).status


def trained(manager, id):
    return manager.get(id).progress.step > 20 and len(manager.store.frames(id)) > 1


def kept(manager, names, owner=ME, status=jobs.STOPPED):
    """Jobs that have ended, one for each letter, as an older server left them; their ids."""
    ids = []
    for name in names:
        ids.append(f"{len(manager.all()) + 1:012x}")
        asked = {"name": name, "owner": owner, "config": LONG.to_json(), "created": float(len(ids)), "series": ""}
        records.write_object(manager.store.path(ids[-1], records.ASKED), asked)
        manager.store.report(ids[-1], status)
    return ids


SERVER = """
import signal, sys, time
from pathlib import Path
signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored where a shell started the tests in the background
sys.path.insert(0, {root!r})
from aae import jobs
from aae.config import Config
manager = jobs.Jobs(Path({folder!r}), 1)
print(*(manager.submit(Config.from_json({config!r}), name, "me") for name in {names!r}), flush=True)
while True:
    manager.tick()
    time.sleep(0.1)
"""


def start_server(folder, names, config=LONG):
    """A process that keeps the folder and submits a job for each letter: itself, and their ids."""
    code = SERVER.format(root=str(ROOT), folder=str(folder), config=config.to_json(), names=names)
    quiet = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL, "text": True}
    server = subprocess.Popen([sys.executable, "-c", code], **quiet)
    with server.stdout:
        return server, server.stdout.readline().split()


def alive(pid):
    with contextlib.suppress(ProcessLookupError, FileNotFoundError):
        os.kill(pid, 0)
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False
