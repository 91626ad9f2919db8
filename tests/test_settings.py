"""Environment variables: what cannot be used is said in one line, with exit code 2, before the server answers."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from aae.app.server import settings, teacher
from aae.config import ConfigError, environment

ROOT = Path(__file__).resolve().parents[1]
HUGE = "9" * 5000
WRONG = [
    *(("AAE_NICE", text) for text in ("abc", "-1", "20", "nan", "1.5", HUGE)),
    *((name, text) for name in settings.SWITCHES for text in ("yes", "2", "-1", HUGE)),
    *((name, text) for name in settings.FOLDERS for text in ("nostore://x/y", "memory://", os.devnull)),
]


@pytest.mark.parametrize(("name", "text"), WRONG, ids=lambda text: text[:20])
def test_a_variable_that_cannot_be_used_is_refused_in_a_line(name, text, monkeypatch):
    monkeypatch.setenv(name, text)
    with pytest.raises(ConfigError, match=name) as caught:
        settings.check()
    assert "\n" not in str(caught.value) and len(str(caught.value)) < 500


@pytest.mark.parametrize("text", ["", " ", "0", "1", " 1\n"])
def test_a_switch_is_on_unless_it_is_0(text, monkeypatch):
    monkeypatch.setenv("AAE_WAITING", text)
    assert environment.is_on("AAE_WAITING") == (text != "0")


def test_a_folder_may_be_missing_and_an_empty_variable_is_none(tmp_path, monkeypatch):
    for name, text in (("AAE_RUNS", str(tmp_path / "new")), ("AAE_DATA", ""), ("AAE_BLOBS", ""), ("AAE_NICE", "")):
        monkeypatch.setenv(name, text)
    settings.check()
    assert environment.niceness() == environment.NICE and not (tmp_path / "new").exists()


def test_a_secret_that_is_none_is_refused_and_not_shown(monkeypatch):
    monkeypatch.setattr(teacher, "SECRET", "hunter2")
    with pytest.raises(ConfigError, match="AAE_TEACHER has 7 characters") as caught:
        settings.check()
    assert "hunter2" not in str(caught.value)


def test_the_server_ends_with_one_line_and_exit_code_2():
    command, env = [sys.executable, "-c", "import streamlit_app"], {**os.environ, "AAE_NICE": "abc"}
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (2, "AAE_NICE='abc': must be a whole number from 0 to 19\n")
