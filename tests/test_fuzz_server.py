"""Odd requests and websocket messages: the server answers each in bounded time, and other visitors notice nothing."""

import asyncio
import http.client
import random
import re
import threading

import pytest
from fuzzing import damaged, texts, values
from hypothesis import given, settings
from hypothesis import strategies as some
from streamlit.proto.BackMsg_pb2 import BackMsg
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from benchmarks.browser import serve
from benchmarks.visitor import Visitor

SECONDS = 20
PATHS = [
    "",
    "explore",
    "api/blob/",
    "api/jobs/",
    "api/follow",
    "api/follow/",
    "api/qr.svg",
    "api/story",
    "media/",
    "web/",
]
FORBIDDEN = re.compile(r"Traceback|File \"|/streamlit/|site-packages")


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """Its log is looked at by the tests: Streamlit writes what it cannot read into it."""
    logs = []
    with serve(logs.append, str(tmp_path_factory.mktemp("runs"))) as server:
        yield server
    assert "aae/app" not in logs[0], logs[0]


def quoted(text):
    return "".join(f"%{byte:02x}" for byte in text.encode("utf-8", "surrogatepass"))


@settings(max_examples=400)
@given(
    method=some.sampled_from(["GET", "POST", "PUT", "HEAD"]),
    path=some.sampled_from(PATHS),
    rest=texts,
    query=texts,
    body=some.binary(max_size=200) | values.map(lambda value: repr(value).encode("utf-8", "replace")),
)
def test_requests(server, method, path, rest, query, body):
    connection = http.client.HTTPConnection(server.address.removeprefix("http://"), timeout=SECONDS)
    connection.request(method, f"/{path}{quoted(rest)}?{quoted(query)}", body)
    answer = connection.getresponse()
    is_stream = answer.getheader("content-type", "").startswith("text/event-stream")
    text = "" if is_stream else answer.read().decode("utf-8", "replace")
    connection.close()
    assert answer.status < 500 or (answer.status == 503 and path.startswith("api/follow")), (answer.status, text[:300])
    assert not FORBIDDEN.search(text) or answer.getheader("content-type", "").startswith(
        ("text/html", "text/javascript")
    )


def back_message(fields):
    """A message of a browser with some fields set, as far as their types take the values."""
    message = BackMsg()
    for name, value in fields.items():
        try:
            if name in RERUN:
                setattr(message.rerun_script, name, value)
            else:
                setattr(message, name, value)
        except (TypeError, ValueError, AttributeError):
            message.rerun_script.query_string = "run=digits"
    return message.SerializeToString()


RERUN = ("query_string", "page_script_hash", "page_name", "fragment_id", "is_auto_rerun")
FLAGS = (
    "clear_cache",
    "set_run_on_save",
    "stop_script",
    "load_git_info",
    "app_heartbeat",
    "debug_disconnect_websocket",
)
SOUND = back_message({"query_string": "run=digits&z=0,0", "page_name": "explore", "is_auto_rerun": False})
FIELDS = some.dictionaries(some.sampled_from([*RERUN, *FLAGS, "debug_shutdown_runtime"]), texts | some.just(True))
MESSAGES = some.lists(some.binary(max_size=300) | damaged(SOUND) | FIELDS.map(back_message), min_size=1, max_size=4)


@pytest.fixture
def run():
    """Run a coroutine; the loop goes on between two of them: a server's pings need an answer within 30 seconds."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    yield lambda coroutine: asyncio.run_coroutine_threadsafe(coroutine, loop).result()
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


@pytest.fixture
def neighbour(server, run):
    """Another visitor, whose page is open and answers as before at the end."""
    visitor = Visitor(server.address, random.Random(0))
    run(visitor.open("explore"))
    before = set(visitor.session.widgets)
    yield
    visitor.session.leave("explore")
    run(visitor.session.run(""))
    assert before and set(visitor.session.widgets) == before and visitor.session.errors == []
    run(visitor.close())


@settings(max_examples=150)
@given(messages=MESSAGES)
def test_messages(server, neighbour, messages):
    address = f"{server.address.replace('http', 'ws', 1)}/_stcore/stream"
    with connect(address, subprotocols=["streamlit"], open_timeout=SECONDS, close_timeout=SECONDS) as socket:
        try:
            for message in messages:
                socket.send(message)
            socket.recv(timeout=0.05)
        except (ConnectionClosed, TimeoutError):
            pass  # it may be closed on whoever sends nonsense, or have nothing to say
    assert server.process.poll() is None
