"""Every page opens, with every run, without an error."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from aae import runs

MAIN = Path(__file__).resolve().parents[1] / "aae/app/main.py"
PAGES = sorted(path.name for path in MAIN.parents[2].joinpath("pages").glob("*.py"))


@pytest.fixture
def app():
    return AppTest.from_file(MAIN, default_timeout=60).run()


@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens(app, page):
    app.switch_page(f"../../pages/{page}").run()
    assert not app.exception
    assert app.title


@pytest.mark.parametrize("name", runs.shipped())
def test_explore_opens_with_every_run(app, name):
    app.switch_page("../../pages/explore.py").run()
    app.selectbox(key="run").set_value(name).run()
    assert not app.exception
    assert f'"run": "{name}"' in app.get("bidi_component")[0].proto.json


def test_a_bad_upload_says_what_is_wrong(app):
    app.switch_page("../../pages/explore.py").run()
    app.file_uploader[0].upload("x.safetensors", b"nonsense").run()
    assert not app.exception
    assert "truncated" in app.error[0].value
