"""The headers of every answer, and whom the server answers."""

import http.client
import socket
import urllib.error
import urllib.request

import pytest

from aae.app.server import guard, modules
from benchmarks.browser import serve

KNOWN = ["localhost", "localhost:8501", "LOCALHOST:1", "127.0.0.1:80", "192.168.7.9", "[::1]:8501", "app.localhost"]
FOREIGN = [
    "evil.example",
    "evil.example:8501",
    "127.0.0.1.evil.example",
    "",
    "[",
    "a@b@c",
    "localhost.evil.example",
    "x" * 9999,
]


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    with serve(runs=str(tmp_path_factory.mktemp("runs"))) as server:
        yield server.address


def get(address, **headers):
    """An answer, an error's too."""
    try:
        return urllib.request.urlopen(urllib.request.Request(address, headers=headers), timeout=60)
    except urllib.error.HTTPError as error:
        return error


def test_own_names_and_addresses_are_known_and_no_others():
    known = guard.KnownHosts(None)
    assert all(map(known.knows, [*KNOWN, socket.gethostname(), f"{socket.gethostname()}.local:8501"]))
    assert [host for host in FOREIGN if known.knows(host)] == []


@pytest.mark.parametrize(
    ("path", "policy"),
    [
        ("/", guard.PAGE),
        ("/train", guard.PAGE),
        (f"/{modules.ADDRESS}/streamlit.js", guard.DATA),
        ("/api/blob/none", guard.DATA),
        ("/api/jobs/0123456789ab", guard.DATA),
        ("/api/jobs/none", guard.DATA),
        ("/_stcore/health", None),
    ],
)
def test_every_answer_says_what_browsers_may_do_with_it(address, path, policy):
    headers = get(address + path, Accept="text/html").headers
    assert {name: headers[name] for name in guard.ALWAYS} == guard.ALWAYS
    assert headers["Content-Security-Policy"] == policy


def test_an_odd_method_is_refused(address):
    for path in ("/api/blob/none", "/api/jobs/0123456789ab", f"/{modules.ADDRESS}/streamlit.js"):
        request = urllib.request.Request(address + path, data=b"", method="DELETE")
        with pytest.raises(urllib.error.HTTPError, match="405"):
            urllib.request.urlopen(request, timeout=60)


def test_a_page_that_pretends_to_be_this_server_is_not_answered(address):
    answer = get(f"{address}/api/jobs/0123456789ab", Host="evil.example")
    assert answer.status == 421 and answer.read().decode().count("evil.example") == 1
    assert (handshake(address, "evil.example"), handshake(address, "localhost")) == (403, 101)


def handshake(address, host):
    """The status that answers a websocket's handshake."""
    connection = http.client.HTTPConnection(address.partition("//")[2], timeout=60)
    upgrade = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13", "Host": host}
    connection.request("GET", "/_stcore/stream", headers={**upgrade, "Sec-WebSocket-Key": "MDEyMzQ1Njc4OWFiY2RlZg=="})
    status = connection.getresponse().status
    connection.close()
    return status
