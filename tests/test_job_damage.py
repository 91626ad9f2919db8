"""Folders of jobs to which something happened: the app shows what is sound, and names the rest in a line."""

import contextlib
import json
import os
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from aae import jobs
from aae.jobs import records
from tests.job_tools import LONG, ME, kept
from tests.test_feed import get
from tests.test_pages import MAIN, PAGES

SOUND = {"name": "a job", "owner": ME, "config": LONG.to_json(), "created": 1.0, "series": ""}
PAUSED = {"status": "paused", "step": 3, "steps": 30}
CONTENTS = {  # of any JSON file
    "a list": b"[1]",
    "null": b"null",
    "a number": b"7",
    "a text": b'"x"',
    "empty": b"",
    "cut": b'{"name": "a',
    "not UTF-8": b"\xff\xfe\x00{}",
    "deep": b"[" * 100_000,
    "a long number": b'{"created": ' + b"9" * 5000 + b"}",
    "huge": b" " * (records.MAX_FILE + 1) + b"{}",
}
OF_JOB = {  # fields of job.json
    **{f"no {name}": {name: ...} for name in ("name", "owner", "config")},
    **{f"{name} a list": {name: [1]} for name in SOUND},
    **{f"{name} null": {name: None} for name in SOUND},
    "name with markup": {"name": "![x](https://evil)"},
    "name too long": {"name": "x" * 300_000},
    "config of another version": {"config": {"colour": 1}},
    "config out of range": {"config": {"epochs": 10**400}},
    "created infinite": {"created": float("inf")},
    "created not a number": {"created": float("nan")},
    "created negative": {"created": -1},
    "created true": {"created": True},
    "series a path": {"series": "../../x"},
    "series half a letter": {"series": "\ud800"},
}
OF_PROGRESS = {  # fields of progress.json
    "no status": {"status": ...},
    "status unknown": {"status": "dancing"},
    "status a list": {"status": [1]},
    "step a text": {"step": "3"},
    "step of 400 digits": {"step": 10**400},
    "steps null": {"steps": None},
    "history a number": {"history": 7},
    "error a list": {"error": [1]},
    "turn a text": {"turn": "x"},
    "seconds infinite": {"seconds": float("inf")},
}
HARMLESS = {  # odd, but whatever is needed is there
    "history of anything": {"history": [1, None, "x", {}, {"epoch": "1"}, {"epoch": 1, "seconds": 1e999}]},
    "half a letter": {"status": "failed", "error": "\ud800", "doing": "\udfff"},
    "more fields": {"colour": 1},
}


def changed(sound, change):
    return json.dumps({name: value for name, value in (sound | change).items() if value is not ...}).encode()


def file(path, content):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


WAYS = {f"job.json {name}": ("job.json", content) for name, content in CONTENTS.items()}
WAYS |= {f"job.json: {name}": ("job.json", changed(SOUND, change)) for name, change in OF_JOB.items()}
WAYS |= {f"progress.json {name}": ("progress.json", content) for name, content in CONTENTS.items()}
WAYS |= {f"progress.json: {name}": ("progress.json", changed(PAUSED, change)) for name, change in OF_PROGRESS.items()}
WAYS |= {
    f"{name} a {kind}": (name, kind) for name in ("job.json", "progress.json") for kind in ("folder", "pipe", "loop")
}
WAYS |= {"job.json missing": ("job.json", "nothing")}
MADE = {
    "folder": Path.mkdir,
    "pipe": os.mkfifo,
    "loop": lambda path: path.symlink_to(path),
    "nothing": lambda path: None,
}


def damage(folder, id, way):
    """A job's folder, damaged in one of the ways."""
    name, content = WAYS[way]
    for other, sound in (("job.json", SOUND), ("progress.json", PAUSED)):
        if other != name:
            file(folder / id / other, json.dumps(sound).encode())
    (folder / id).mkdir(exist_ok=True)
    if isinstance(content, bytes):
        file(folder / id / name, content)
    else:
        MADE[content](folder / id / name)


@pytest.mark.parametrize("way", WAYS)
def test_what_is_damaged_is_named_and_hides_nothing_else(shown, way):
    sound, bad = *kept(shown, "a"), "badbadbadbad"
    damage(shown.folder, bad, way)
    named = [line for line in shown.damaged() if line.startswith(bad)]
    assert len(named) == 1 and WAYS[way][0] in named[0] and "\n" not in named[0] and len(named[0]) < 500
    found = {job.id: job.status for job in shown.all()}
    assert found == {sound: jobs.STOPPED} | ({bad: jobs.INTERRUPTED} if WAYS[way][0] == "progress.json" else {})
    for address in (f"/api/jobs/{bad}", f"/api/jobs/{bad}/scene", f"/api/jobs/{bad}/frames/0"):
        assert get(address).status in (200, 204)
    shown.tick()
    for act in (shown.pause, shown.stop, shown.rename, shown.resume, shown.delete):
        with contextlib.suppress(jobs.JobError):
            act(bad, ME, *(["new name"] if act == shown.rename else []))


@pytest.mark.parametrize("way", HARMLESS)
def test_what_is_odd_and_harmless_is_shown(shown, way):
    damage(shown.folder, "badbadbadbad", "progress.json missing" if way is None else "job.json missing")
    file(shown.folder / "badbadbadbad/job.json", json.dumps(SOUND).encode())
    file(shown.folder / "badbadbadbad/progress.json", changed(PAUSED, HARMLESS[way]))
    assert shown.damaged() == [] and len(shown.all()) == 1
    assert get("/api/jobs/badbadbadbad").status == 200


def test_folders_that_are_no_jobs_are_named(shown):
    for name in ("x", "0123456789AB", "0123456789ab (copy)", "y" * 200, "ü" * 50):
        (shown.folder / name).mkdir()
    (shown.folder / "a file").write_text("x")
    assert len(shown.damaged()) == 5 and all("12 hexadecimal digits" in line for line in shown.damaged())
    assert max(map(len, shown.damaged())) < 200


@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens_whatever_happened_to_jobs(shown, page):
    for number, way in enumerate(WAYS):
        damage(shown.folder, f"bad{number:09x}", way)
    kept(shown, "a")
    app = AppTest.from_file(MAIN, default_timeout=120).run()
    app.switch_page(f"../../pages/{page}").run()
    assert not app.exception and (app.title or page == "home.py")  # whose titles the browser writes
    if page == "train.py":
        named = [warning.value for warning in app.warning if "cannot be used" in warning.value]
        assert len(named) == 1 and f"and {len(WAYS) - 5} more" in named[0] and "\n" not in named[0]
