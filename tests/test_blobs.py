"""Blobs: kept by content, on disk within a limit, and made again when they are gone."""

import asyncio
import gzip
import random
import subprocess
import sys
import threading

import pytest
from starlette.applications import Starlette
from starlette.datastructures import Headers

from aae import scratch
from aae.app.server import blobs

PLAIN = b"latent " * 1000
NOISE = random.Random(0).randbytes(1024)


@pytest.fixture(autouse=True)
def own_folder(monkeypatch, tmp_path):
    monkeypatch.setattr(scratch, "folder", lambda name: tmp_path)
    monkeypatch.setattr(blobs, "_places", {})


def get(address, accepted="gzip"):
    """The status, headers and body that the server answers."""
    app, sent = Starlette(routes=[blobs.ROUTE]), []
    scope = {"type": "http", "method": "GET", "path": f"/{address}", "query_string": b""}  # it is relative to the page

    async def receive():
        return {"type": "http.request"}

    async def send(message):
        sent.append(message)

    asyncio.run(app({**scope, "headers": [(b"accept-encoding", accepted.encode())]}, receive, send))
    return sent[0]["status"], Headers(raw=sent[0]["headers"]), b"".join(part.get("body", b"") for part in sent[1:])


@pytest.mark.parametrize("content", [PLAIN, NOISE, b""])
@pytest.mark.parametrize("accepted", ["gzip, deflate, br", "identity"])
def test_what_is_published_is_served_for_ever_to_be_kept(content, accepted):
    status, headers, body = get(blobs.publish(content), accepted)
    packed = headers.get("Content-Encoding") == "gzip"
    assert status == 200 and "immutable" in headers["Cache-Control"] and packed <= ("gzip" in accepted)
    assert (gzip.decompress(body) if packed else body) == content


def test_what_can_be_packed_is_sent_so_and_was_packed_once(monkeypatch):
    address = blobs.publish(PLAIN)
    monkeypatch.setattr(gzip, "compress", lambda *_, **__: pytest.fail("packed again"))
    for _ in range(3):
        _, headers, body = get(address)
        assert headers["Content-Encoding"] == "gzip" and len(body) == int(headers["Content-Length"]) < len(PLAIN) / 10
        assert blobs.publish(PLAIN) == address


@pytest.mark.parametrize("name", ["0" * 32, "..", "%2e%2e%2fjob.json", "x" * 3000])
def test_what_was_never_published_is_not_found(name):
    assert get(blobs.PATH + name)[0] == 404


def test_the_longest_unused_goes_first(monkeypatch, tmp_path):
    monkeypatch.setattr(blobs, "MAX_BYTES", 2500)
    first, second = (blobs.publish(bytes([k]) + NOISE[:1000]) for k in range(2))
    assert get(first)[0] == 200  # used again
    blobs.publish(b"x" + NOISE[:1000])
    assert [get(address)[0] for address in (first, second)] == [200, 404]
    assert len(list(tmp_path.iterdir())) == 2


class Thing:
    digest = "a digest"


@pytest.mark.parametrize("loss", ["evicted", "removed by something else"])
def test_what_an_address_promises_is_made_again_when_it_is_gone(loss, monkeypatch, tmp_path):
    made = []

    @blobs.published
    def squares(thing, n):
        made.append(n)
        return bytes(n)

    address = squares(Thing(), 3)
    assert squares(Thing(), 3) == address and made == [3]
    if loss == "evicted":
        monkeypatch.setattr(blobs, "MAX_BYTES", 1)
        blobs.publish(b"another")
    else:
        for path in tmp_path.iterdir():
            path.unlink()
    assert get(address)[0] == 404
    assert squares(Thing(), 3) == address and made == [3, 3]
    assert get(address)[2] == bytes(3)
    assert squares(Thing(), 4) != address


def test_what_many_ask_for_at_once_is_made_once():
    made, begun = [], threading.Event()

    @blobs.published
    def slow(n):
        made.append(n)
        begun.wait(1)
        return bytes(n)

    threads = [threading.Thread(target=slow, args=[5]) for _ in range(8)]
    for thread in threads:
        thread.start()
    begun.set()
    for thread in threads:
        thread.join()
    assert made == [5]


# The folder

USE = "from aae import scratch; print(scratch.folder('x'), flush=True); "


def run(code, tmp_path, **options):
    command = [sys.executable, "-c", USE + code]
    return subprocess.Popen(command, env={"TMPDIR": str(tmp_path)}, stdout=subprocess.PIPE, text=True, **options)


def test_the_folder_goes_with_its_process_and_those_of_killed_ones_are_swept(tmp_path):
    killed, alive = (run("input()", tmp_path, stdin=subprocess.PIPE) for _ in range(2))
    folders = [process.stdout.readline().strip() for process in (killed, alive)]
    killed.kill()
    killed.communicate()
    other = run("pass", tmp_path)
    assert other.communicate()[0].strip() not in folders
    left = {str(path) for path in tmp_path.glob("*/x")}
    assert left == {folders[1]}  # in use, unlike the one of the killed and the one that has ended
    alive.communicate("\n")
    assert not list(tmp_path.iterdir())
