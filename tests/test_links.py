"""What an address asks for: new links, Back, and the address of before that a slow browser sends once more."""

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetStates

from aae.app import links
from aae.app.server import identity
from tests.job_tools import ME, kept
from tests.page_tools import open_page, payload
from tests.test_trainpage import open_train, watch_list, watching
from tests.test_tune_page import PLAN


@pytest.fixture
def slow(monkeypatch):
    """Rerun a page whose browser sends this query; by Back, or as one that has not taken what was written."""

    def rerun(app, back=False, **query):
        monkeypatch.setattr(links, "has_travelled", lambda: back)
        app.query_params = query
        return app.run()

    return rerun


def test_a_choice_holds_while_the_browser_has_the_address_of_before(slow):
    app = open_page("explore", run="vae")
    app.selectbox(key="run").set_value("ae").run()
    assert "".join(app.query_params["run"]) == "ae"
    slow(app, run="vae")
    assert payload(app)["run"] == "ae" and "".join(app.query_params["run"]) == "ae"
    app.run()
    slow(app)
    assert payload(app)["run"] == "ae" and "".join(app.query_params["run"]) == "ae"  # which another message dropped
    slow(app, run="vae", back=True)
    assert payload(app)["run"] == "vae" and "".join(app.query_params["run"]) == "vae"


def test_a_choice_among_several_holds_too(slow):
    app = open_page("compare")
    app.multiselect(key="runs").set_value(["aae"]).run()
    slow(app)
    assert app.multiselect(key="runs").value == ["aae"] and app.query_params["runs"] in ("aae", ["aae"])
    slow(app, back=True)
    assert app.multiselect(key="runs").value == ["ae", "vae", "aae"] and "runs" not in app.query_params


def test_back_leads_back_at_once(slow):
    app = open_page("explore")
    app.selectbox(key="run").set_value("ae").run()
    slow(app, back=True)
    assert payload(app)["run"] == "aae" and "run" not in app.query_params


def test_the_training_that_was_chosen_stays_in_the_address(slow, shown):
    first, second = kept(shown, "ab", ME)
    app = open_train()
    watch_list(app).set_value(first).run()
    slow(app)
    assert watching(app) == first and "".join(app.query_params["watch"]) == first
    slow(app, back=True)
    assert watching(app) == second and "watch" not in app.query_params


def test_a_painted_prior_holds(slow):
    app = open_page("train")
    app.session_state["prior_shown"] = {"prior": "swiss_roll", "image": ""}, None
    app.run()
    slow(app)
    assert app.session_state["prior_shown"][0]["prior"] == "swiss_roll"
    assert "".join(app.query_params["prior"]) == "swiss_roll"
    slow(app, back=True)
    assert app.session_state["prior_shown"][0]["prior"] == "gaussian"


def test_what_a_slow_browser_still_says_of_the_list_is_no_choice(shown):
    """A training is started; the next rerun comes from a browser that still shows what was watched before."""
    app = open_train()
    before, first = watch_list(app), watching(app)
    (started,) = kept(shown, "a", ME)
    app.session_state["watched"] = started
    app.run()
    assert watching(app) == started
    before.set_value(first)
    app._run(widget_state=states(before))
    assert watching(app) == started and "".join(app.query_params["watch"]) == started


def states(widget):
    """The states of a browser that has this widget alone."""
    sent = WidgetStates()
    sent.widgets.append(widget._widget_state)
    return sent


def test_the_former_words_of_what_is_watched_are_no_choice(shown):
    """A training is renamed; the next rerun comes from a browser whose list still has its former name."""
    first, _ = kept(shown, "ab", ME)
    app = open_train()
    watch_list(app).set_value(first).run()
    before = states(watch_list(app).set_value(first))
    shown.rename(first, ME, "c")
    app.run()
    app._run(widget_state=before)
    assert watching(app) == first and "".join(app.query_params["watch"]) == first


def test_the_former_words_of_a_sweep_are_no_choice(shown):
    shown.rules.set("limit", 0)
    first, _ = (shown.submit(PLAN.config, name, ME, sweep=PLAN) for name in "ab")
    app = open_page("tune", {identity.COOKIE: ME})
    app.selectbox(key="sweep").set_value(first).run()
    before = states(app.selectbox(key="sweep").set_value(first))
    shown.rename(first, ME, "c")
    app.run()
    app._run(widget_state=before)
    assert app.selectbox(key="sweep").value == first and "".join(app.query_params["sweep"]) == first


def test_the_former_words_of_one_of_several_are_no_choice():
    app = open_page("compare")
    app.multiselect(key="runs").set_value(["vae", "ae"]).run()
    sent = states(app.multiselect(key="runs"))
    sent.widgets[0].string_array_value.data[0] = "its former words"
    app._run(widget_state=sent)
    assert set(app.multiselect(key="runs").value) == {"ae", "vae"}
    assert set(app.query_params["runs"]) == {"ae", "vae"}
