"""The server as a process: no visitor's message disturbs a job, two servers share a folder, a queue outlives them."""

import http.client
import json
import os
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from pathlib import Path

import streamlit as st
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect

from aae import jobs
from aae.app.runs import live
from aae.app.server import identity, modules
from benchmarks.browser import ROOT, serve
from tests.job_tools import LONG, ME, until


def told(server, id):
    """What the server says of a job."""
    return json.load(urllib.request.urlopen(f"{server.address}/api/jobs/{id}", timeout=60))


def waiting(folder, names):
    """Jobs that wait in a folder of runs, as an earlier server left them; their ids."""
    before = jobs.Jobs(Path(folder) / "jobs", limit=0)
    ids = [before.submit(LONG, name, ME) for name in names]
    before.close()
    return ids


def workers(server):
    """The processes that train for the server."""
    return subprocess.run(["pgrep", "-P", str(server.process.pid)], capture_output=True, text=True).stdout.split()


def visit(server, *messages):
    """Open a page as a browser does, and send messages; what comes back."""
    address = f"{server.address.replace('http', 'ws')}/_stcore/stream"
    answers = []
    with connect(address, subprotocols=["streamlit"], max_size=None) as socket:
        for message in messages:
            socket.send(message.SerializeToString())
            if message.WhichOneof("type") == "rerun_script":
                answers += until_quiet(socket)
    return b"".join(answers)


def until_quiet(socket):
    """What comes until a run of the page has ended, and none begun for a second: a run may ask for another."""
    answers, has_ended = [], False
    while True:
        try:
            answers.append(socket.recv(timeout=1 if has_ended else 120))
        except TimeoutError:
            assert has_ended
            return answers
        message = ForwardMsg.FromString(answers[-1])
        kind = message.WhichOneof("type")
        if kind == "script_finished":  # early, another follows, as while the server imports
            has_ended = message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN
        elif kind in ("new_session", "delta"):
            has_ended = False


def page(name):
    """The message that opens a page."""
    message = BackMsg()
    message.rerun_script.page_name = name
    return message


def test_no_message_of_a_visitor_disturbs_a_job(tmp_path):
    id, next_one = waiting(tmp_path, "ab")
    with serve(runs=str(tmp_path)) as server:
        until(lambda: told(server, id)["step"] > 20)
        before = workers(server)
        clear = [BackMsg(clear_cache=True), page("train"), BackMsg(clear_cache=True), page("explore"), page("train")]
        seen = visit(server, *clear, BackMsg(stop_script=True), BackMsg(load_git_info=True), page("train"))
        assert b"Jobs at once" in seen and b"nother server" not in seen
        step = told(server, id)["step"]
        assert (told(server, id)["status"], told(server, next_one)["status"]) == (jobs.RUNNING, jobs.QUEUED)
        until(lambda: told(server, id)["step"] > step)
        assert workers(server) == before and len(before) == 1


def test_a_second_server_looks_on_until_the_first_one_ends_and_its_jobs_go_on(tmp_path):
    ids = waiting(tmp_path, "abc")
    with serve(runs=str(tmp_path)) as first:
        until(lambda: told(first, ids[0])["step"] > 20)
        with serve(runs=str(tmp_path)) as second:
            assert b"Jobs at once" in visit(second, page("train"), page("explore"))
            assert [told(second, id)["status"] for id in ids] == [jobs.RUNNING, jobs.QUEUED, jobs.QUEUED]
            assert [told(second, id)["place"] for id in ids] == [0, 1, 2]
            assert workers(second) == []
            first.process.kill()
            until(lambda: workers(second) != [])
            step = told(second, ids[0])["step"]
            until(lambda: told(second, ids[0])["step"] > step)
            assert [told(second, id)["status"] for id in ids] == [jobs.RUNNING, jobs.QUEUED, jobs.QUEUED]
            assert [told(second, id)["place"] for id in ids] == [0, 1, 2]


def test_the_server_answers_this_machine_alone_and_gives_a_cookie(tmp_path):
    with serve(runs=str(tmp_path)) as server:
        port = int(server.address.rpartition(":")[2])
        socket.create_connection(("127.0.0.1", port)).close()
        with socket.socket() as other:
            assert other.connect_ex(("127.0.0.2", port)) != 0  # which a server on all addresses would answer
        request = urllib.request.Request(f"{server.address}/train", headers={"Accept": "text/html"})
        with urllib.request.urlopen(request) as answer:
            assert answer.headers["Set-Cookie"].startswith(f"{identity.COOKIE}=")
            assert "no-store" in answer.headers["Cache-Control"]


def test_the_body_of_an_answer_does_not_wait_until_its_head_is_confirmed(tmp_path):
    with serve(runs=str(tmp_path)) as server:
        connection, seconds = http.client.HTTPConnection(server.address.partition("//")[2]), []
        for _ in range(40):  # a new connection confirms the first ones at once
            begin = time.monotonic()
            connection.request("GET", f"/{modules.ADDRESS}/web.css")
            assert len(connection.getresponse().read()) == len(modules.FILES["web.css"])
            seconds.append(time.monotonic() - begin)
        connection.close()
    assert min(seconds[20:]) < 0.03  # a confirmation is delayed by 40 ms


# In this process


def test_the_manager_is_one_and_is_looked_after_by_one_thread(tmp_path, monkeypatch):
    monkeypatch.setattr(live, "_manager", None)
    monkeypatch.setattr(live, "FOLDER", tmp_path / "jobs")
    found = []
    threads = [threading.Thread(target=lambda: found.append(live.manager())) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    st.cache_resource.clear()
    st.cache_data.clear()
    assert len(set(map(id, [*found, live.manager()]))) == 1
    ticking = [thread for thread in threading.enumerate() if thread is live.manager().scheduler._ticker]
    assert len(ticking) == 1 and ticking[0].name == "jobs"
    live.close()
    assert not ticking[0].is_alive()


def in_a_process(code, **environment):
    """What the code prints, started from another folder."""
    kept = {name: value for name, value in os.environ.items() if name not in ("AAE_RUNS", "AAE_DATA")}
    env = kept | {"PYTHONPATH": str(ROOT)} | environment
    return subprocess.run([sys.executable, "-c", code], cwd="/", env=env, capture_output=True, text=True).stdout.strip()


def test_runs_lie_beside_the_app_wherever_it_is_started_from():
    assert in_a_process("from aae.app.runs import live; print(live.FOLDER)") == str(ROOT / "runs/jobs")
    home = in_a_process("from aae.app.runs import live; print(live.FOLDER)", AAE_RUNS="~/x", HOME="/nowhere")
    assert home == "/nowhere/x/jobs"


def test_as_many_jobs_run_at_once_as_half_of_the_cores_that_the_process_may_use():
    many = "import os; os.cpu_count = lambda: 64; {}; from aae.app.runs import live; print(live.LIMIT)"
    assert in_a_process(many.format("os.sched_setaffinity(0, list(os.sched_getaffinity(0))[:1])")) == "1"
    assert in_a_process(many.format("os.sched_getaffinity = lambda _: set(range(7))")) == "3"
