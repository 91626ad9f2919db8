"""Run files that visitors open: shown where they were opened, on disk within limits, on all servers, for some hours."""

import os
import subprocess
import sys

import pytest

from aae import runs
from aae.app.runs import uploads
from aae.app.server import identity, shared
from tests.page_tools import MAIN, maps, open_page

DIGITS = "AAE · Gaussian prior, Digits 8x8"


@pytest.fixture(autouse=True)
def opened(monkeypatch, tmp_path):
    """The folder of opened files."""
    monkeypatch.setattr(shared, "folder", lambda name: tmp_path / name)
    return tmp_path / "opened"


def on_disk(opened):
    return [path for path in opened.rglob("*") if path.is_file()]


def give(app, name, of):
    """Open a shipped run's file under this name."""
    app.file_uploader[0].upload(f"{name}.safetensors", runs.shipped()[of].read_bytes()).run()
    assert not app.exception
    return app


def lines(app):
    return [error.value for error in app.error]


@pytest.mark.parametrize(
    ("page", "of", "others"),
    [("explore", "digits", []), ("style", "supervised_2d", []), ("compare", "digits", ["ae", "vae", "aae"])],
)
def test_a_file_is_shown_where_it_is_opened(page, of, others):
    app = give(open_page(page), "lesson", of)
    assert maps(app) == [*others, "lesson (yours)"] and not lines(app)


@pytest.mark.parametrize(
    ("page", "of", "reason"),
    [("style", "aae", "is not conditioned on the class"), ("compare", "gaussian_8d", "codes of 8 dimensions")],
)
def test_where_it_cannot_be_shown_a_line_says_why(page, of, reason):
    app = open_page(page)
    before = maps(app)
    give(app, "lesson", of)
    assert maps(app) == before and len(lines(app)) == 1 and reason in lines(app)[0]
    assert "lesson (yours)" in "".join(app.switch_page("../../pages/explore.py").run().selectbox(key="run").options)


def test_a_fifth_run_takes_the_place_of_the_last_on_compare():
    app = give(open_page("compare"), "first", "digits")
    give(app, "second", "digits")
    assert maps(app) == ["ae", "vae", "aae", "second (yours)"]
    assert lines(app) == [f"first – {DIGITS} was replaced by second – {DIGITS}: at most 4 are compared."]
    give(app, "second", "vae")
    assert maps(app) == ["ae", "vae", "aae", "second (yours)"] and not lines(app)


def test_only_so_many_files_and_bytes_of_a_visitor_are_kept(monkeypatch, opened):
    monkeypatch.setattr(uploads, "MAX_FILES", 2)
    app = open_page("explore")
    for name in ("a", "b", "c"):
        give(app, name, "digits")
    assert app.selectbox(key="run").options[-2:] == [f"{name} (yours)" for name in "bc"]
    assert len(on_disk(opened)) == 2
    assert lines(app) == ["a (yours) was removed: at most 2 files and 200 MB of a visitor are kept."]
    monkeypatch.setattr(uploads, "MAX_BYTES", 4_000_000)
    give(app, "d", "aae")
    assert app.selectbox(key="run").options[-2:] == ["c (yours)", "d (yours)"]
    give(app, "e", "aae")
    assert maps(app) == ["e (yours)"] and len(on_disk(opened)) == 1


def test_all_visitors_share_a_limit_and_whose_file_was_removed_is_said(monkeypatch, opened):
    monkeypatch.setattr(uploads, "MAX_ALL", 4_000_000)
    first, second = open_page("explore"), open_page("explore")
    give(first, "mine", "aae")
    give(second, "yours", "aae")
    assert len(on_disk(opened)) == 1 and maps(second) == ["yours (yours)"]
    first.run()
    assert not first.exception and maps(first) == ["aae"]
    assert [line.split(" was removed")[0] for line in lines(first)] == ["mine (yours)"]
    assert not any("yours (yours)" in option for option in first.selectbox(key="run").options)


def test_another_server_has_the_files_of_a_visitor_alone_and_they_go_after_some_hours(opened, monkeypatch):
    def come(secret):
        return open_page("explore", {identity.COOKIE: secret})

    def offers(app):
        return "a (yours)" in app.selectbox(key="run").options

    secret = "s" * 22
    give(come(secret), "a", "digits")
    again, other = come(secret), come("t" * 22)  # as after the visit's end
    assert offers(again) and not offers(other)
    assert secret not in str(on_disk(opened))
    monkeypatch.setattr(uploads, "LOOK", 0)
    for path in on_disk(opened):
        os.utime(path, (1, 1))
    again.run()
    assert not offers(again) and list(opened.iterdir()) == []
    assert lines(again) == [
        "a (yours) was removed: 1,000 MB of all visitors are kept, for 12 hours. Open the file again."
    ]


def test_a_file_of_the_same_name_takes_its_place(opened):
    app = give(open_page("explore"), "a", "digits")
    give(app, "a", "aae")
    assert maps(app) == ["a (yours)"] and len(on_disk(opened)) == 1 and not lines(app)


MEMORY = """
import gc, sys
import torch
from pathlib import Path
from streamlit.testing.v1 import AppTest
from aae import runs
from aae.app import warm
from aae.config import Config
from aae.models.autoencoder import AutoEncoder

def resident():
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 1e6

def file(seed):
    torch.manual_seed(seed)
    config = Config(hidden=(3600, 3600), discriminator_hidden=(8,))
    weights = {key: w.half() if w.is_floating_point() else w for key, w in AutoEncoder(config).state_dict().items()}
    codes, labels = torch.randn(500, 2).half(), torch.arange(500).to(torch.uint8) % 10
    return runs.to_bytes(runs.Run("x", config, weights, codes, labels, [], dict.fromkeys(runs.SHOWN, 1.0)))

warm.give_memory_back()
app = AppTest.from_file(sys.argv[1], default_timeout=120).run().switch_page("../../pages/explore.py").run()
content = file(0)
assert 5.5e7 < len(content) < runs.MAX_BYTES, len(content)
del content
before = resident()
for seed in range(8):
    app.file_uploader[0].upload(f"r{seed}.safetensors", file(seed)).run()
    assert not app.exception and not [e for e in app.error if "was removed" not in e.value], app.error
for name in ("r5 (yours)", "r6 (yours)", "r7 (yours)"):
    app.selectbox(key="run").set_value(name).run()
print(resident() - before)
"""


def test_one_visitor_with_eight_large_files_takes_little_memory():
    done = subprocess.run([sys.executable, "-c", MEMORY, str(MAIN)], capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr
    assert float(done.stdout) < 250, done.stdout
