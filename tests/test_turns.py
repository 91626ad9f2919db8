"""Uploads are parsed one at a time, whatever they are."""

import io
import itertools
import threading
from types import SimpleNamespace

import pytest

from aae import data, runs
from aae.app.runs import uploads
from aae.app.train import form
from aae.data import custom


def give_data():
    with pytest.raises(data.DataError):
        form.accept("mine.zip", b"PK")


def give_run():
    uploads.accept("key", None)


PAIRS = [*itertools.combinations_with_replacement((give_data, give_run), 2)]


@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_of_two_uploads_the_second_waits(monkeypatch, first, second):
    together, parsed = threading.Barrier(2), []

    def parse(content, name):
        try:
            together.wait(timeout=1)  # two that are parsed at once meet here
            parsed.append("together")
        except threading.BrokenBarrierError:
            together.reset()
            parsed.append("alone")
        raise (data.DataError if name.endswith(".zip") else runs.RunError)("refused")

    file = io.BytesIO(b"junk")
    file.name = "run.safetensors"
    monkeypatch.setattr(custom, "parse", parse)
    monkeypatch.setattr(runs, "parse", parse)
    monkeypatch.setattr(uploads, "st", SimpleNamespace(session_state={"key": file}))
    threads = [threading.Thread(target=give) for give in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert parsed == ["alone", "alone"]
