"""The form of the Train page takes custom data, and keeps all other choices meanwhile."""

import io
import re
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from aae import data
from aae.app.runs import live
from aae.app.server import identity
from aae.data import custom
from tests.job_tools import TINY

APP = Path(__file__).resolve().parents[1] / "aae/app/main.py"
TITLE = "mine.npz (60 images)"


@pytest.fixture
def app(monkeypatch, tmp_path):
    monkeypatch.setenv("AAE_DATA", str(tmp_path))
    app = AppTest.from_file(str(APP), default_timeout=60)
    app.session_state["command-form"] = True  # the fold with the command line is open
    return app.run().switch_page("../../pages/train.py").run()


def upload(app, name="mine.npz", content=None):
    packed = io.BytesIO()
    np.savez(packed, images=np.random.default_rng(0).integers(0, 255, (60, 10, 12)), labels=np.arange(60) % 3)
    app.selectbox(key="data").set_value("custom data").run()
    return app.file_uploader[0].upload(name, content or packed.getvalue()).run()


def test_uploading_data_keeps_the_rest_of_the_form(app):
    app.selectbox(key="model").set_value("VAE").run()
    app.selectbox(key="size").set_value("medium (256-256)").run()
    app.number_input(key="seed").set_value(7).run()
    app.slider(key="epochs").set_value(50).run()
    app.select_slider(key="learning_rate").set_value(5e-4).run()
    upload(app)
    words = ("train vae", "hidden=256,256", "seed=7", "epochs=50", "learning_rate=0.0005")
    assert not app.exception and [word for word in words if word not in app.code[0].value] == []


def test_what_was_uploaded_is_offered_again_until_it_is_gone(app, tmp_path):
    upload(app).switch_page("../../pages/explore.py").run()
    app.switch_page("../../pages/train.py").run()
    assert TITLE in app.selectbox(key="data").options
    (stored,) = (tmp_path / "own").glob("*.npz")
    app.selectbox(key="data").set_value(stored.stem).run()
    assert not app.exception and "60 images in 3 classes" in app.text[-1].value and not app.file_uploader
    stored.unlink()
    assert TITLE not in app.run().selectbox(key="data").options and not app.exception


def test_a_stored_set_is_its_owner_s_in_later_visits_and_nobody_else_s(app, tmp_path):
    mine = upload(app).session_state[identity.COOKIE]
    (stored,) = (tmp_path / "own").glob("*.npz")
    app = visit(mine)
    assert TITLE in app.selectbox(key="data").options
    assert any(re.fullmatch(rf"{re.escape(TITLE)} · \d+ kB · 20\d\d-.*", text.value) for text in app.text)
    app.selectbox(key="data").set_value(stored.stem).run()
    assert not app.exception and any("60 images in 3 classes" in text.value for text in app.text)
    assert mine not in stored.with_suffix(".json").read_text()
    other = visit("another-visitor-00")
    assert TITLE not in other.selectbox(key="data").options and "Delete" not in " ".join(b.label for b in other.button)


def test_a_stored_set_is_deleted_by_its_owner_unless_a_training_needs_it(app, tmp_path, manager, monkeypatch):
    monkeypatch.setattr(live, "manager", lambda: manager)
    upload(app)
    (stored,) = (tmp_path / "own").glob("*.npz")
    config = data.fit(TINY, stored.stem)
    id = manager.submit(config, "mine", app.session_state[identity.COOKIE])
    button = app.run().button(key=f"forget-{stored.stem}")
    assert button.disabled and "Used by mine #" in " ".join(caption.value for caption in app.caption)
    manager.delete(id, app.session_state[identity.COOKIE])
    button = app.run().button(key=f"forget-{stored.stem}")
    assert not button.disabled
    button.click().run()
    assert (
        not app.exception and not list((tmp_path / "own").iterdir()) and TITLE not in app.selectbox(key="data").options
    )


def visit(owner):
    app = AppTest.from_file(str(APP), default_timeout=60)
    app.session_state[identity.COOKIE] = owner
    return app.run().switch_page("../../pages/train.py").run()


def test_a_bad_file_is_read_once_and_refused_as_long_as_it_is_there(app, monkeypatch):
    read, parse = [], custom.parse
    monkeypatch.setattr(custom, "parse", lambda *given: read.append(given) or parse(*given))
    upload(app, "x.zip", b"nonsense").number_input(key="seed").set_value(7).run()
    assert len(read) == 1 and "x.zip: not a sound .zip" in app.warning[0].value


def test_names_are_shown_as_they_are_written(app):
    upload(app, "my *cats* and_dogs.npz")
    assert "my *cats* and_dogs.npz (60 images)" in app.selectbox(key="data").options and not app.exception
