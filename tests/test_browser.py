"""The app in a real browser: Chromium, where it is found."""

import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
CHROMIUM = shutil.which("chromium")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM, reason="no Chromium on the PATH (Debian: apt-get install chromium)"),
]
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]


@pytest.fixture(scope="module")
def server():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "streamlit_app.py", f"--server.port={port}"]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    address = f"http://127.0.0.1:{port}"
    for _ in range(120):
        try:
            urllib.request.urlopen(f"{address}/_stcore/health", timeout=1).close()
            break
        except OSError:
            time.sleep(0.5)
    yield address
    process.terminate()
    log = process.communicate(timeout=20)[0]
    assert "Traceback" not in log, log


@pytest.fixture(scope="module")
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page(browser, server):
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    problems = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("request", lambda request: problems.append(request.url) if is_foreign(request.url, server) else None)
    yield page
    page.close()
    assert problems == []


def is_foreign(url, server):
    return url.startswith("http") and not url.startswith(server)


def open_pad(page, address):
    page.goto(address)
    page.wait_for_selector("canvas.map[data-ready=true]", timeout=60_000)
    page.wait_for_timeout(500)
    box = page.locator("canvas.map").bounding_box()
    return lambda x, y: (box["x"] + x * box["width"], box["y"] + y * box["height"])


def test_dragging_decodes_in_the_browser_and_ends_in_the_link(page, server):
    frames = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda _: frames.append(time.monotonic())))
    at = open_pad(page, f"{server}/explore?run=digits")
    pixels = "el => Array.from(el.getContext('2d').getImageData(0, 0, el.width, el.height).data).join()"
    digit = page.locator("canvas.digit")
    page.mouse.move(*at(0.3, 0.3))
    page.mouse.down()
    before, seen = len(frames), {digit.evaluate(pixels)}
    for i in range(10):
        page.mouse.move(*at(0.3 + 0.03 * i, 0.3 + 0.02 * i))
        page.wait_for_timeout(40)
        seen.add(digit.evaluate(pixels))
    assert len(seen) >= 9
    assert len(frames) == before
    page.mouse.up()
    page.wait_for_function("location.search.includes('z=')")
    assert len(frames) == before + 1


def test_a_link_restores_the_place(page, server):
    open_pad(page, f"{server}/explore?run=digits&z=0.5,-0.25&pins=0,0;1,1;nonsense")
    state = page.locator("canvas.map").evaluate("el => [el.pad.cursor, el.pad.pins]")
    assert state == [[0.5, -0.25], [[0, 0], [1, 1]]]


def test_keys_move_isolate_and_undo(page, server):
    open_pad(page, f"{server}/explore?run=digits")
    pad = page.locator("canvas.map")
    pad.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowUp")
    assert pad.evaluate("el => el.pad.cursor") == pytest.approx([0.05, 0.25])
    page.keyboard.press("u")
    assert pad.evaluate("el => el.pad.cursor") == pytest.approx([0.05, 0])
    page.keyboard.press("3")
    assert pad.evaluate("el => el.pad.isolated") == 3
    page.keyboard.press("g")
    assert pad.evaluate("el => el.pad.percentiles")


def test_the_browser_decodes_as_torch_does(page, server):
    import torch

    from aae import explore, runs

    run = runs.load(runs.shipped()["digits"])
    codes = torch.randn(200, 2, generator=torch.Generator().manual_seed(0))
    expected = explore.decode(run.model(), codes)
    open_pad(page, f"{server}/explore?run=digits")
    decode = "(el, codes) => codes.map(z => Array.from(el.pad.decoder.decode(Float32Array.from(z))))"
    decoded = torch.tensor(page.locator("canvas.map").evaluate(decode, codes.tolist()))
    assert (decoded - expected).abs().max() < 1 / 255
