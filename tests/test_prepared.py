"""What is made before visitors come: pages of shipped runs then have nothing left to make."""

import threading

import pytest
from page_tools import MAIN
from streamlit.testing.v1 import AppTest

from aae import runs
from aae.app import prepared
from aae.app.runs import catalogue
from aae.app.server import blobs

OPENED = {"explore": "run", "encode": "run", "search": "run", "anomalies": "scored", "style": "styles"}


@pytest.fixture
def ready(monkeypatch):
    """A server that has prepared two runs."""
    two = {id: known for id, known in catalogue.shipped_known().items() if id in ("digits", "supervised_2d")}
    monkeypatch.setattr(prepared.catalogue, "shipped_known", lambda: two)
    monkeypatch.setattr(prepared, "DRAWS", 1)
    prepared.prepare(threading.Event())


@pytest.mark.parametrize("page", OPENED)
def test_a_page_makes_no_file_of_a_prepared_run(page, ready, monkeypatch):
    name = "supervised_2d" if page == "style" else "digits"
    made, publish = [], blobs.publish
    monkeypatch.setattr(blobs, "publish", lambda content: made.append(len(content)) or publish(content))
    app = AppTest.from_file(MAIN, default_timeout=120)
    app.query_params[OPENED[page]] = name
    app = app.run().switch_page(f"../../pages/{page}.py").run()
    assert not app.exception and name in str(app.query_params)
    assert made == []


def test_preparing_ends_with_the_server_and_survives_a_damaged_run(monkeypatch):
    def damaged(known):
        raise runs.RunError("damaged")

    monkeypatch.setattr(prepared.runcache, "load", damaged)
    assert list(prepared.of_all_runs(prepared.of_run)) == []
    made, ended = [], threading.Event()
    monkeypatch.setattr(prepared, "of_all_runs", lambda _: [ended.set, lambda: made.append("too late")])
    prepared.prepare(ended)
    assert made == []


def test_preparing_needs_no_visit(caplog):
    """Streamlit logs where something asks for a visit's context in a thread that has none."""
    for run in (runs.load(runs.shipped()[id]) for id in ("supervised_2d", "reduced_clusters", "aae")):
        for make in prepared.of_run(run):
            make()
    assert not [record for record in caplog.records if "ScriptRunContext" in record.getMessage()]
