"""The teacher's link: who has it, what it can do, and that nobody else can."""

import asyncio
import re

import pytest

from aae import jobs
from aae.app.server import teacher
from aae.app.train import classroom
from benchmarks.browser import serve
from tests.job_tools import LONG, ME, OTHER, until
from tests.page_tools import open_page, press
from tests.test_identity import answer
from tests.test_server import page, told, visit, waiting
from tests.test_trainpage import labels, texts


def open_train(**query):
    """The Train page of a browser, with its tab of the class, where it has one."""
    return open_page("train", {"tab": classroom.TAB if query else "Watch"}, **query)


@pytest.fixture
def app(shown):
    return open_train(teacher=teacher.SECRET)


def test_the_secret_makes_a_teacher_and_goes_out_of_the_address(app):
    assert "Stop" in labels(app) and teacher.PARAMETER not in app.query_params
    app.run()
    assert "Stop" in labels(app)


@pytest.mark.parametrize(
    "wrong",
    ["", "x", teacher.SECRET[:-1], teacher.SECRET + "x", "é" * 32, "x" * 300_000],
    ids=["none", "short", "without its end", "longer", "no letters", "very long"],  # not the secret: it is random
)
def test_nothing_else_does(shown, wrong):
    app = open_page("train", **{teacher.PARAMETER: wrong})
    assert "To the front" not in labels(app) and not teacher.is_known(wrong)
    assert teacher.PARAMETER not in app.query_params


def cookie_of(query, scheme="http"):
    """The teacher's cookie that a browser is given with an address, if any."""
    sent = []

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "scheme": scheme, "query_string": query.encode(), "headers": []}
    asyncio.run(teacher.GiveCookie(answer)(scope, None, send))
    return next((value.decode() for name, value in sent[0]["headers"] if name == b"set-cookie"), None)


def test_a_browser_keeps_the_secret_in_a_cookie_that_no_script_reads():
    cookie = cookie_of(f"epochs=5&teacher={teacher.SECRET}", "https")
    assert cookie == f"{teacher.COOKIE}={teacher.SECRET}; Path=/; HttpOnly; SameSite=Strict; Secure"
    assert cookie_of("teacher=wrong") is None and cookie_of("") is None


def test_a_teacher_sees_all_jobs_and_puts_first_pauses_stops_and_deletes_them(app, shown):
    ids = [shown.submit(LONG, name, owner) for name, owner in (("a", ME), ("b", ME), ("c", OTHER))]
    app.run()
    assert [job.split(" #")[0] for job in app.table[0].value["Job"]] == ["a", "c", "b"]  # b's visitor has one that runs
    choose(app, ids[1])
    press(app, "To the front")
    assert shown.get(ids[1]).place == 1
    press(app, "Stop")
    assert shown.get(ids[1]).status == jobs.STOPPED
    press(app, "Pause")
    assert "only what waits or runs can be paused" in app.error[0].value
    choose(app, ids[0], ids[2])
    press(app, "Yes, remove them")
    assert [job.id for job in shown.all()] == [ids[1]] and shown.processes.running == {}


def choose(app, *ids):
    app.multiselect(key=classroom.CHOSEN).set_value(list(ids)).run()


def test_a_teacher_changes_what_visitors_may_do(app, shown):
    app.number_input(key="class_per_owner").set_value(1).run()
    app.number_input(key="class_limit").set_value(2).run()
    app.toggle(key="class_uploads").set_value(False).run()
    assert not app.exception and [shown.rules.get(name) for name in ("per_owner", "limit", "uploads")] == [1, 2, False]
    shown.submit(LONG, "a", ME)
    with pytest.raises(jobs.JobError, match="at most 1 of your jobs"):
        shown.submit(LONG, "b", ME)
    other = open_train()
    assert "Jobs at once on this server: 2. You may have 1 queued" in texts(other)
    other.selectbox(key="data").set_value("custom data").run()
    assert teacher.NO_UPLOADS in texts(other)
    assert teacher.NO_UPLOADS in texts(other.switch_page("../../pages/explore.py").run())
    assert teacher.NO_UPLOADS not in texts(app.switch_page("../../pages/explore.py").run())


def sent(states, query=""):
    """The message that opens Train with these states of widgets: {(id, field): value}."""
    message = page("train")
    message.rerun_script.query_string = query
    for (id, field), value in states.items():
        state = message.rerun_script.widget_states.widgets.add(id=id)
        if field == "string_array_value":
            state.string_array_value.data.extend(value)
        else:
            setattr(state, field, value)
    return message


def test_who_has_no_secret_does_nothing_with_the_widgets_of_the_class(tmp_path):
    (id,) = waiting(tmp_path, "a")
    with serve(runs=str(tmp_path)) as server:
        secret = next(filter(None, (re.search(r"train\?(teacher=\S+)", line) for line in server.process.stdout)))[1]
        until(lambda: told(server, id)["step"] > 20)
        opened = {(find(visit(server, sent({}, secret)), "tab"), "string_value"): classroom.TAB}
        seen = visit(server, sent({}, secret), sent(opened, secret))
        ids = {name: find(seen, name) for name in (classroom.CHOSEN, "class-Stop")}
        chosen = {(ids[classroom.CHOSEN], "string_array_value"): [f"a #{id[:4]}"]}
        states = opened | chosen | {(ids["class-Stop"], "trigger_value"): True}
        assert b"class-Stop" not in visit(server, sent({}), sent(opened), sent(opened, "teacher=wrong"), sent(states))
        assert told(server, id)["status"] == jobs.RUNNING
        visit(server, sent(opened, secret), sent(states))
        until(lambda: told(server, id)["status"] == jobs.STOPPED)


def find(seen, name):
    """The id of the widget with a key."""
    return re.search(rb"\$\$ID-[0-9a-f]{32}-" + name.encode(), seen)[0].decode()
