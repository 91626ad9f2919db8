"""The Train page: whose jobs come first, what their owners may do, and what is said at once."""

import os
import signal
from pathlib import Path

import pytest

from aae import jobs
from aae.app.runs import live
from aae.app.server import identity
from aae.app.train import stepping, trainpage
from aae.jobs import limits
from aae.runs import run
from tests.job_tools import LONG, ME, OTHER, TINY, end, kept, status, trained, until
from tests.page_tools import open_page, press


def open_train(mine=ME, **query):
    return open_page("train", {identity.COOKIE: mine}, **query)


def labels(app):
    return [button.label for button in app.button]


def texts(app):
    return " ".join(element.value for element in [*app.markdown, *app.caption, *app.info, *app.warning])


def watch_list(app):
    return next(box for box in app.selectbox if box.label == "Watch")


def watching(app):
    return watch_list(app).value


def test_a_first_visitor_sees_the_shipped_three_and_nobodys_job(shown):
    running = shown.submit(LONG, "running", OTHER)
    (ended,) = kept(shown, "e", OTHER)
    app = open_train()
    assert watching(app) == trainpage.SHIPPED_TRIO and "Another visitor" not in texts(app)
    options = watch_list(app).options
    assert options[0].startswith("running #") and options[1] == trainpage.SHIPPED_TRIO
    assert options[-1].startswith("e #") and shown.get(ended).id != running


def test_ones_own_jobs_come_first_and_the_newest_is_shown(shown):
    kept(shown, "ab")
    theirs = shown.submit(LONG, "theirs", OTHER)
    app = open_train()
    names = [option.split(" #")[0] for option in watch_list(app).options]
    assert names[:4] == ["b", "a", "theirs", trainpage.SHIPPED_TRIO]
    assert shown.get(watching(app)).name == "b"
    assert {"Resume", "Yes, remove it"} <= set(labels(app)) and "Another visitor" not in texts(app)
    watch_list(app).set_value(theirs).run()
    assert "Another visitor's job" in texts(app) and not {"Pause", "Stop", "Yes, remove it"} & set(labels(app))


def test_what_is_watched_is_in_the_address_and_restored(shown):
    first, _ = kept(shown, "ab")
    app = open_train()
    assert "watch" not in app.query_params
    watch_list(app).set_value(first).run()
    assert first in app.query_params["watch"]
    for visitor in (ME, OTHER):
        assert watching(open_train(visitor, watch=first)) == first
    app = open_train(watch="badbadbadbad")
    assert "The training of this link is not there any more" in texts(app) and shown.get(watching(app)).name == "b"


@pytest.mark.parametrize(
    ("label", "said", "ended"), [("Pause", "pausing…", "paused"), ("Stop", "stopping…", "stopped")]
)
def test_what_was_asked_for_is_said_at_once(shown, label, said, ended):
    id = shown.submit(LONG, "mine", ME)
    until(lambda: trained(shown, id))
    pid = shown.processes.running[id].pid
    os.kill(pid, signal.SIGSTOP)  # however slow it is
    app = open_train()
    press(app, label)
    assert f"· {said}" in texts(app)
    assert all(button.disabled for button in app.button if button.label in ("Pause", "Stop"))
    os.kill(pid, signal.SIGCONT)
    until(lambda: status(shown, id) == ended)
    app.run()
    assert f"· {ended}" in texts(app) and "Resume" in labels(app) and "Pause" not in labels(app)


def test_a_finished_training_goes_on(shown):
    id = shown.submit(TINY, "mine", ME)
    until(lambda: status(shown, id) == jobs.FINISHED)
    assert "Go on for 10 more epochs" not in labels(open_train(OTHER, watch=id))
    app = open_train()
    app.number_input(key=f"more-{id}").set_value(2).run()
    assert "a training of 5 epochs has from epoch 3 on" in texts(app)
    press(app, "Go on for 2 more epochs")
    assert shown.get(id).config.continued_at == (3,) and "Pause" in labels(app)
    until(lambda: status(shown, id) == jobs.FINISHED)
    assert shown.get(id).progress.step == shown.get(id).progress.steps
    app.run()
    (shown.folder / id / "run.state.safetensors").unlink()
    assert not any(label.startswith("Go on") for label in labels(app.run()))


def test_what_a_starting_job_does_is_said(shown):
    id = shown.submit(LONG, "mine", ME)
    shown.store.report(id, jobs.RUNNING, doing="downloading MNIST, file 1 of 4: 3.1 of 9.9 MB")
    os.kill(shown.processes.running[id].pid, signal.SIGSTOP)
    assert "· running: downloading MNIST, file 1 of 4: 3.1 of 9.9 MB" in texts(open_train())


def test_delete_asks_first_and_shows_what_is_left(shown):
    kept(shown, "ab")
    app = open_train()
    press(app, "Yes, remove it")
    assert [job.name for job in shown.all()] == ["a"] and shown.get(watching(app)).name == "a"


def test_what_made_room_is_said(shown, monkeypatch):
    monkeypatch.setattr(limits, "MAX_KEPT_PER_OWNER", 2)
    kept(shown, "ab")
    app = open_train(data="digits")
    press(app, "Train")
    assert "Deleted, over the limit: a #" in app.toast[0].value
    assert [job.name for job in shown.all()] == ["AAE Digits 8x8", "b"]


def test_what_cannot_be_done_is_one_line(shown, monkeypatch):
    (id,) = kept(shown, "a")
    app = open_train()
    monkeypatch.setattr(
        "aae.jobs.records.write_atomically", lambda *_, **__: (_ for _ in ()).throw(OSError(28, "Full"))
    )
    press(app, "Resume")
    assert "the job could not be resumed (Full): make room" in app.error[0].value
    app.text_input(key=f"name-{id}").set_value("new").run()
    assert not app.exception and any("the name could not be written" in error.value for error in app.error)


def test_a_server_that_keeps_no_jobs_offers_the_same(shown, monkeypatch):
    (id,) = kept(shown, "a")
    shown.look_after()
    second = jobs.Jobs(shown.folder, limit=1)
    monkeypatch.setattr(live, "manager", lambda: second)
    app = open_train()
    assert not app.warning and watching(app) == id and second.is_elsewhere
    press(app, "Resume")
    assert shown.get(id).status == jobs.RUNNING and "Stop" in labels(app)
    press(app, "Stop")
    assert not app.exception and not app.error and shown.get(id).status in (jobs.STOPPING, jobs.STOPPED)
    end(second)


def test_a_run_that_would_be_too_large_is_said_before_it_is_queued(shown, monkeypatch):
    app = open_train()
    monkeypatch.setattr(run, "MAX_BYTES", 10_000)
    press(app, "Train")
    assert [error.value for error in app.error if "run file" in error.value] and not shown.all()


LESSONS = {  # of the form: what is said, and the buttons of the phases
    ("AE", "0"): ("An untrained AE on Digits 8x8, as the form says: 128 hidden units, no prior", ["Reconstruction"]),
    ("VAE", "3"): ("128 hidden units, prior: Gaussian, seed 3", ["Reconstruction", "KL", "Both in turn"]),
    ("Few labels", "0"): (
        "a Gaussian around each cluster head",
        ["Reconstruction", "Discriminator", "Generator", "Classification", "All four in turn"],
    ),
}


@pytest.mark.parametrize(("model", "seed"), LESSONS)
def test_step_by_step_obeys_the_form(shown, model, seed):
    said, buttons = LESSONS[model, seed]
    app = open_lesson(model=model, seed=seed)
    assert said in texts(app) and "Its epochs and discriminator updates do not apply." in texts(app)
    assert [label for label in labels(app) if label in stepping.NAMES.values() or "in turn" in label] == buttons
    press(app, buttons[-1])
    lesson = app.session_state["lesson"]
    phases = [phase for phase, name in stepping.NAMES.items() if name in buttons]
    assert set(lesson.history[-1]) == {*phases, "epoch"} and lesson.taken == 10
    press(app, buttons[0])
    assert app.session_state["lesson"].taken == 20
    app.number_input(key="seed").set_value(7).run()
    assert app.session_state["lesson"].taken == 0 and app.session_state["lesson"].state.config.seed == 7


def test_step_by_step_says_what_it_cannot_do_as_the_form_says(shown, monkeypatch):
    monkeypatch.setattr("aae.app.train.stepping.data.missing_files", lambda name: [Path("x")] * (name == "mnist"))
    app = open_lesson(data="MNIST", size="large (512-512)")
    assert "MNIST is not on this machine: the 8x8 digits instead. At most 256 units a layer here." in texts(app)
    assert app.session_state["lesson"].state.config.hidden == (256, 256)


def open_lesson(**query):
    app = open_train(**query)
    app.session_state["tab"] = trainpage.LESSON
    app.run()
    assert not app.exception
    return app
