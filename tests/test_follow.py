"""Follow me, on the server's side: rooms, their streams, and what is refused; and QR codes."""

import asyncio
import json
from collections import OrderedDict
from urllib.parse import quote

import pytest
from starlette.applications import Starlette

from aae.app.server import follow, qr

TOKEN = "a-secret-of-a-presenter"
SHOWN = {"token": TOKEN, "page": "/explore", "query": "?run=aae&z=0,1"}


@pytest.fixture(autouse=True)
def rooms(monkeypatch):
    monkeypatch.setattr(follow, "_rooms", OrderedDict())
    return follow._rooms


def ask(path, body=None, query=""):
    """The status and body of an answer to a request of the routes."""
    sent = []

    async def receive():
        return {"type": "http.request", "body": body or b""}

    async def send(message):
        sent.append(message)

    method = "GET" if body is None else "POST"
    scope = {"type": "http", "method": method, "path": path, "query_string": query.encode(), "headers": []}
    asyncio.run(Starlette(routes=[*follow.ROUTES, qr.ROUTE])(scope, receive, send))
    return sent[0]["status"], b"".join(message.get("body", b"") for message in sent[1:]).decode()


def show(**changes):
    return ask("/api/follow", json.dumps({**SHOWN, **changes}).encode())


async def stream(room, during):
    """What a follower of a room is sent while during(leave) runs."""
    sent, left = [], asyncio.Event()

    async def receive():
        await left.wait()
        return {"type": "http.disconnect"}

    async def send(message):
        sent.append(message.get("status") or message.get("body", b""))

    serving = asyncio.create_task(follow.Follow()({"type": "http", "path_params": {"room": room}}, receive, send))
    await asyncio.sleep(0.01)
    await during(left.set)
    await asyncio.wait_for(serving, 5)
    return sent


def test_a_follower_is_sent_what_is_shown_and_whatever_comes_until_it_leaves(rooms):
    name = json.loads(show()[1])["room"]
    assert TOKEN not in name and follow.room_of(TOKEN) == name

    async def during(leave):
        assert len(rooms[name].followers) == 1
        rooms[name].show(b"data: next\n\n")
        await asyncio.sleep(0.01)
        leave()

    status, first, second, *_ = asyncio.run(stream(name, during))
    assert (status, second) == (200, b"data: next\n\n")
    assert json.loads(first.removeprefix(b"data: ")) == {"page": "/explore", "query": "?run=aae&z=0,1"}
    assert not rooms[name].followers


def test_streams_end_with_the_server(monkeypatch):
    monkeypatch.setattr(follow, "_ended", asyncio.Event())

    async def during(leave):
        follow.end()

    assert asyncio.run(stream("0" * 20, during))[-1] == b""


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"{", "not understood"),
        (b"[]", "token: must be 16 to 64"),
        (b"[" * 7_000, "not understood: maximum recursion depth"),
        (b"\xff\xfe", "not understood"),
        (b"9" * 9_000, "at most 8,000"),
        (json.dumps({**SHOWN, "token": "short"}).encode(), "token: must be 16 to 64"),
        (json.dumps({**SHOWN, "page": 3}).encode(), "page, query: must be texts"),
        (json.dumps({**SHOWN, "page": "/" * 300}).encode(), "at most 200 characters"),
    ],
)
def test_what_is_no_message_is_refused(rooms, body, why):
    status, text = ask("/api/follow", body)
    assert status == 400 and why in text and not rooms


def test_rooms_and_followers_are_bounded(rooms, monkeypatch):
    monkeypatch.setattr(follow, "MAX_ROOMS", 3)
    for i in range(5):
        show(token=f"{TOKEN}-{i}")
    assert list(rooms) == [follow.room_of(f"{TOKEN}-{i}") for i in (2, 3, 4)]
    assert ask("/api/follow/nonsense")[0] == 503
    monkeypatch.setattr(follow, "MAX_FOLLOWERS", 0)
    assert ask(f"/api/follow/{'0' * 20}")[0] == 503


def test_a_link_is_drawn_as_squares_and_a_longer_one_is_refused():
    link = quote("http://192.168.0.7:8501/explore?run=aae&z=0,1")
    status, picture = ask("/api/qr.svg", query=f"text={link}")
    assert status == 200 and picture.startswith("<svg")
    for text in ("", "x" * 1501):
        assert ask("/api/qr.svg", query=f"text={text}")[0] == 400
