"""The app and a browser beside it, for benchmarks and tests."""

import ctypes
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

ROOT = Path(__file__).resolve().parents[1]
CHROMIUM = shutil.which("chromium")
UNSEEN = ("WebUIOmniboxPopup", "WebUIOmniboxAimPopup")  # popups of the address bar
NOT_ASKED_FOR = ("HttpsUpgrades", "MediaRouter", "NetworkTimeServiceQuerying", "OptimizationHints", "PaintHolding")
LAUNCH: dict[str, Any] = {  # for Playwright, whose own list of features the last one replaces
    "executable_path": CHROMIUM,
    "args": [
        *("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"),
        f"--disable-features={','.join((*UNSEEN, *NOT_ASKED_FOR))}",
    ],
}
START_LIMIT = 60  # seconds
WAIT_LIMIT = 150_000  # ms: whoever waits for a condition gives a busy machine its time
MAP = "canvas.map, canvas.histogram, .search canvas.digit"  # what a page is ready by
SETTLED = "[data-testid=stApp][data-test-script-state=notRunning]"
PROBES = ("_stcore/health", "_stcore/host-config")  # Streamlit's front end looks for its base path: harmless 404s


class Server(NamedTuple):
    """A running app."""

    address: str
    process: subprocess.Popen

    def cpu_seconds(self) -> float:
        """What the server has used of the processor so far, its ended threads too, to the nanosecond."""
        clock = ctypes.c_int()
        ctypes.CDLL(None).clock_getcpuclockid(self.process.pid, ctypes.byref(clock))
        return time.clock_gettime(clock.value)


@contextmanager
def serve(
    log: Callable[[str], None] = lambda text: None, runs: str = "", base: str = "", prepares: bool = False
) -> Iterator[Server]:
    """The app on a free port, under a sub-path "/base", its jobs in a folder, until the block ends.

    Its output then goes to log. Prepares: whether it makes what pages show in its first minutes, with half a core.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = [f"--server.port={port}", f"--server.baseUrlPath={base}"]
    command = [sys.executable, "-m", "streamlit", "run", "streamlit_app.py", *options]
    with tempfile.TemporaryDirectory() as folder:
        piped: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
        settings = {"AAE_RUNS": runs or folder, "AAE_PREPARE": str(int(prepares))}
        process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **settings}, **piped)
        server = Server(f"http://127.0.0.1:{port}{base}", process)
        try:
            wait_until_healthy(server)
            yield server
        finally:
            process.terminate()
            log(process.communicate(timeout=20)[0])


def wait_until_healthy(server: Server) -> None:
    """Return once the app answers. Raises TimeoutError."""
    wait_until_answered(f"{server.address}/_stcore/health")


def wait_until_answered(address: str) -> None:
    """Return once there is an answer. Raises TimeoutError."""
    give_up = time.monotonic() + START_LIMIT
    while time.monotonic() < give_up:
        try:
            urllib.request.urlopen(address, timeout=1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise TimeoutError(f"{address} did not answer within {START_LIMIT} s")


@contextmanager
def serve_files(folder: Path) -> Iterator[str]:
    """The address of a folder's files as `python -m http.server` serves them, until the block ends.

    Its connections stay open, as those of other web servers: of a hundred new ones at once a busy machine drops some.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ["--bind", "127.0.0.1", "--protocol", "HTTP/1.1", "--directory", str(folder)]
    command = [sys.executable, "-m", "http.server", str(port), *options]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_until_answered(f"http://127.0.0.1:{port}/")
        yield f"http://127.0.0.1:{port}/"
    finally:
        process.terminate()
        process.wait()


@contextmanager
def chromium() -> Iterator:
    """A browser without a window. Raises FileNotFoundError where there is none."""
    from playwright.sync_api import sync_playwright

    if not CHROMIUM:
        raise FileNotFoundError("no Chromium on the PATH (Debian: apt-get install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**LAUNCH)
        yield browser
        browser.close()


def open_pad(page, address: str, pad: int = 0) -> Callable[[float, float], tuple[float, float]]:
    """Open a page and wait for its pads; a function from shares of a pad's width and height to page pixels."""
    page.set_default_timeout(WAIT_LIMIT)
    page.goto(address)
    ready = f":is({MAP})[data-ready=true]:not([data-exact=false])"
    page.wait_for_selector(f"{ready}, .denoise[data-ready=true]")
    settle(page)
    box = page.locator(f"{MAP}, canvas.corrupted").nth(pad).bounding_box()
    return lambda x, y: (box["x"] + x * box["width"], box["y"] + y * box["height"])


def settle(page) -> None:
    """Return once the page's script has run to its end."""
    page.wait_for_selector(SETTLED, timeout=WAIT_LIMIT)


def wait(element, condition: str, arg=None) -> None:
    """Return once a JavaScript condition "(el, arg) => ..." holds of an element."""
    both = [element.element_handle(), arg]
    element.page.wait_for_function(f"([el, arg]) => ({condition})(el, arg)", arg=both, timeout=WAIT_LIMIT)


def paint(page) -> None:
    """Return once all changes so far are painted: in the second frame from now."""
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")


def count_sent(page) -> list[float]:
    """A list that grows by a time for every message of this page to the server, those of its timers left out."""
    sent: list[float] = []

    def record(message: bytes) -> None:
        if not BackMsg.FromString(message).rerun_script.is_auto_rerun:
            sent.append(time.monotonic())

    page.on("websocket", lambda socket: socket.on("framesent", record))
    return sent


def count_answers(page) -> list[float]:
    """A list that grows by a time whenever the server has run the page's script to its end."""
    answers: list[float] = []

    def record(message: bytes) -> None:
        if ForwardMsg.FromString(message).WhichOneof("type") == "script_finished":
            answers.append(time.monotonic())

    page.on("websocket", lambda socket: socket.on("framereceived", record))
    return answers


def count_received(page) -> list[int]:
    """A list that grows by the bytes of every message that the server sends to this page."""
    received: list[int] = []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda message: received.append(len(message))))
    return received


def wait_until(page, condition: Callable[[], bool]) -> None:
    """Return once something that the page's messages change is so. Raises TimeoutError."""
    give_up = time.monotonic() + WAIT_LIMIT / 1000
    while not condition():
        if time.monotonic() > give_up:
            raise TimeoutError(f"no answer within {WAIT_LIMIT / 1000:.0f} s")
        page.wait_for_timeout(2)


def switch(page, answers: list[float]) -> float:
    """Switch what the pointer means on Compare or Style, and wait for the server's answer; the seconds between."""
    before, group = len(answers), page.get_by_test_id("stButtonGroup")
    other = "code" if group.locator("[aria-checked=true]").inner_text() == "image" else "image"
    begin = time.monotonic()
    group.get_by_role("radio", name=other).click()
    wait_until(page, lambda: len(answers) > before)
    return answers[-1] - begin
