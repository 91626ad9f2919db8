"""What a browser is given while it watches: no more than it needs, of jobs that there are, and no path."""

import asyncio
import json
from types import SimpleNamespace
from urllib.parse import unquote

import pytest
from starlette.applications import Starlette

from aae import files, jobs
from aae.app.runs import live
from aae.app.train import feed
from tests.job_tools import ME, TINY, until


@pytest.fixture
def manager(manager, monkeypatch):
    monkeypatch.setattr(live, "manager", lambda: manager)
    return manager


def get(address):
    """What the routes answer: {status, headers, body}."""
    path, _, query = address.partition("?")
    scope = {"type": "http", "method": "GET", "path": unquote(path), "query_string": query.encode(), "headers": []}
    sent = []

    async def send(message):
        sent.append(message)

    asyncio.run(Starlette(routes=feed.ROUTES)(scope, None, send))
    headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return SimpleNamespace(status=sent[0]["status"], headers=headers, body=b"".join(m["body"] for m in sent[1:]))


def test_a_job_is_reported_anew_and_its_frames_for_ever(manager):
    id = manager.submit(TINY, "mine", ME)
    until(lambda: (manager.tick(), manager.get(id).status == jobs.FINISHED)[1])
    answer = json.loads(get(f"/api/jobs/{id}").body)
    assert (answer["status"], answer["step"], answer["steps"], answer["epochs"]) == ("finished", 63, 63, 3)
    assert [record["epoch"] for record in answer["history"]] == [1, 2, 3]
    assert set(answer["history"][0]) <= {*feed.FIGURES, *feed.SHOWN}
    assert [record["epoch"] for record in json.loads(get(f"/api/jobs/{id}?have=2").body)["history"]] == [3]
    assert answer["frames"][0] == 0 and answer["frames"][-1] == 63
    for address in (f"/api/jobs/{id}/scene", f"/api/jobs/{id}/frames/63"):
        answer = get(address)
        assert answer.status == 200 and "immutable" in answer.headers["cache-control"]


@pytest.mark.parametrize(
    "address",
    [
        "/api/jobs/0123456789ab",
        "/api/jobs/0123456789ab/scene",
        "/api/jobs/..%2F..%2Fetc",
        "/api/jobs/..%2Fx/scene",
        "/api/jobs/../scene",
        "/api/jobs/0123456789ab/frames/7",
        "/api/jobs/0123456789ab/frames/-1",
        "/api/jobs/0123456789ab/frames/..%2Fjob",
        "/api/jobs/0123456789ab?have=x",
        "/api/jobs/x",
        f"/api/jobs/{'a' * 5000}",
        f"/api/jobs/{'a' * 5000}/scene",
        f"/api/jobs/0123456789ab/frames/{'7' * 300}",
        f"/api/jobs/0123456789ab/frames/{'7' * 5000}",
        "/api/jobs/0123456789ab/frames/٣",
        f"/api/jobs/0123456789ab?have={'7' * 5000}",
        "/api/jobs/0123456789ab?have=²",
        "/api/jobs/0123456789AB",
        "/api/jobs/0123456789ab%0a/scene",
        "/api/jobs/0123456789ab%00",
    ],
)
def test_what_is_not_there_is_not_found(manager, address):

    (manager.folder.parent / "scene.safetensors").write_bytes(b"secret")
    (manager.folder.parent / "x").mkdir()
    (manager.folder.parent / "x/scene.safetensors").write_bytes(b"secret")
    answer = get(address)
    assert answer.status in (200, 204, 404) and answer.body in (b"", b"Not Found", b'{"status":"deleted"}')
    assert answer.status == 404 or "0123456789ab" in address


def test_endpoints_run_in_threads_and_hold_up_nobody():
    assert not any(asyncio.iscoroutinefunction(route.endpoint) for route in feed.ROUTES)


def test_what_is_no_frame_is_no_frame(manager):
    id = manager.submit(TINY, "mine", ME)
    frames = manager.store.path(id, jobs.FRAMES)
    for name in ("x", "-1", "٣", "7" * 200, ""):
        files.write_atomically(frames / f"{name}.safetensors", b"x")
    (frames / "5.safetensors").mkdir()
    answer = get(f"/api/jobs/{id}")
    assert answer.status == 200 and json.loads(answer.body)["frames"] == [5]
    assert get(f"/api/jobs/{id}/frames/5").status == 204
