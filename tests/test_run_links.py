"""Links to runs: they hold an id that stays when a job is renamed; those of before, with its name, still work."""

import pytest

from aae import jobs, runs
from aae.app.runs import catalogue, live
from tests.job_tools import ME, kept
from tests.page_tools import maps, open_page


@pytest.fixture
def job(manager, monkeypatch):
    """A finished job named "mine", whose run is the shipped one of the 8x8 digits."""
    monkeypatch.setattr(live, "manager", lambda: manager)
    (id,) = kept(manager, ["mine"], status=jobs.FINISHED)
    manager.store.run_path(id).write_bytes((runs.SHIPPED / "digits.safetensors").read_bytes())
    live.trained_at.clear()
    yield manager.get(id)
    live.trained_at.clear()


def linked(app):
    """The run that the address names."""
    named = app.query_params["run"]
    return named[-1] if isinstance(named, list) else named


def rename(manager, job):
    manager.rename(job.id, ME, "Heart")
    live.trained_at.clear()
    return f"Heart #{job.id[:4]}"


def test_a_link_shows_the_run_under_whatever_name_it_has(manager, job):
    assert maps(open_page("explore", run=job.id)) == [f"mine #{job.id[:4]}"]
    name = rename(manager, job)
    app = open_page("explore", run=job.id)
    assert maps(app) == [name] and not app.warning
    title = "Gaussian prior, Digits 8x8"
    assert f"Other visitors: {name} – AAE · {title}" in app.selectbox(key="run").options and linked(app) == job.id


@pytest.mark.parametrize("renamed", [False, True])
def test_a_link_of_before_holds_a_name_and_works(manager, job, renamed):
    old = live.title(job)
    name = rename(manager, job) if renamed else old
    app = open_page("explore", run=old)
    assert maps(app) == [name] and not app.warning and linked(app) == job.id


@pytest.mark.parametrize("renamed", [False, True])
def test_compared_runs_too(manager, job, renamed):
    old = live.title(job)
    name = rename(manager, job) if renamed else old
    assert maps(open_page("compare", runs=[job.id, "aae"]))[-2:] == [name, "aae"]
    assert maps(open_page("compare", runs=[old, "aae"]))[-2:] == [name, "aae"]


def test_a_number_that_two_jobs_share_names_neither_wrongly(manager, job):
    other = f"{job.id[:4]}{'f' * 8}"
    manager.store.path(job.id).rename(manager.store.path(other))
    live.trained_at.clear()
    assert catalogue.find(f"an older name #{job.id[:4]}") == other
    assert catalogue.find("#zzzz") is None and catalogue.find("") is None and catalogue.find("aae") == "aae"


def test_the_address_follows_what_is_chosen(job):
    app = open_page("explore")
    assert "run" not in app.query_params
    app.selectbox(key="run").set_value(job.id).run()
    assert linked(app) == job.id and maps(app) == [live.title(job)]
    app.query_params["run"] = "vae"  # a link in the page
    app.run()
    assert maps(app) == ["vae"]
    app.selectbox(key="run").set_value("aae").run()
    assert "run" not in app.query_params and maps(app) == ["aae"]


def test_a_run_that_goes_while_it_is_shown_makes_room_for_the_usual_one(manager, job):
    app = open_page("explore", run=job.id)
    manager.delete(job.id, ME)
    live.trained_at.clear()
    app.run()
    assert not app.exception and maps(app) == ["aae"]


def test_no_run_is_chosen_by_an_empty_link(job):
    assert maps(open_page("explore", run="")) == ["aae"]
    assert maps(open_page("compare", runs="")) == ["ae"]
