"""What a presenter whom many follow costs the server: positions sent on as server-sent events."""

import http.client
import json
import socket
import time
from collections.abc import Callable
from contextlib import ExitStack
from urllib.parse import urlsplit

from aae.app.server import follow
from benchmarks import browser, report

PER_SECOND, SECONDS = 20, 10.0
WARM = 15.0  # s in which a new server imports its package
TOKEN = "benchmark-of-follow-me"
MEANINGS = {
    "follow_cpu_share": "of a core, that the server needs for it, beyond what it takes idle",
    "follow_delay_ms": "from a position that the presenter sends to the last follower's receipt of it, median",
    "followers": "browsers that follow",
    "positions_per_second": "which the presenter sends",
}


def measure(followers: int) -> dict[str, float]:
    """Present to sockets that read what browsers would."""
    with browser.serve() as server, ExitStack() as stack:
        host = urlsplit(server.address).netloc
        time.sleep(WARM)
        sockets = [stack.enter_context(listen(host)) for _ in range(followers)]
        idle = share(server, lambda i: None)
        presenter = http.client.HTTPConnection(host)
        busy = share(server, lambda i: show(presenter, i))
        delays = sorted(delay(presenter, sockets, i) for i in range(30))
    figures = {"follow_cpu_share": busy - idle, "follow_delay_ms": 1000 * delays[len(delays) // 2]}
    return {**figures, "followers": followers, "positions_per_second": PER_SECOND}


def listen(host: str) -> socket.socket:
    """A connection that follows."""
    name, port = host.split(":")
    connection = socket.create_connection((name, int(port)))
    connection.sendall(f"GET /{follow.PATH}/{follow.room_of(TOKEN)} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
    connection.recv(4096)
    return connection


def show(presenter: http.client.HTTPConnection, i: int) -> None:
    """Send a position."""
    shown = {"token": TOKEN, "page": "/explore", "query": f"?run=aae&z={i / 100:.3f},0.500"}
    presenter.request("POST", f"/{follow.PATH}", json.dumps(shown))
    presenter.getresponse().read()


def share(server: browser.Server, act: Callable[[int], None]) -> float:
    """The server's processor time while something is done twenty times a second, of the time that passes."""
    before, begin, i = server.cpu_seconds(), time.monotonic(), 0
    while time.monotonic() < begin + SECONDS:
        act(i)
        i += 1
        time.sleep(max(0.0, begin + i / PER_SECOND - time.monotonic()))
    return (server.cpu_seconds() - before) / (time.monotonic() - begin)


def delay(presenter: http.client.HTTPConnection, sockets: list[socket.socket], i: int) -> float:
    """Seconds until all followers have what is shown now."""
    for each in sockets:
        drain(each)
    begin = time.monotonic()
    show(presenter, i)
    for each in sockets:
        each.recv(4096)
    return time.monotonic() - begin


def drain(connection: socket.socket) -> None:
    """Read what is there."""
    connection.setblocking(False)
    try:
        while connection.recv(1 << 16):
            pass
    except BlockingIOError:
        connection.setblocking(True)


if __name__ == "__main__":
    report.run(measure, MEANINGS, followers=100)
