"""The table of state: every parameter of an address and every key of a visit is in it."""

import base64
import re
import zlib
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from aae.app import state
from aae.app.train import painted

ROOT = Path(__file__).resolve().parents[1]
MAIN = ROOT / "aae/app/main.py"
SOURCES = [path.read_text() for path in [*ROOT.glob("aae/app/**/*.py"), *ROOT.glob("pages/*.py")]]
KEYS = [field.key for field in state.ADDRESS]


def test_each_parameter_is_in_the_table_once_and_is_none_of_the_maps():
    assert len(KEYS) == len(set(KEYS))
    of_maps = re.findall(r"^  (\w+): \{ type:", (ROOT / "aae/web/link/link.js").read_text(), re.M)
    assert len(of_maps) > 10 and not set(KEYS) & set(of_maps)


def test_what_is_kept_for_a_visit_is_in_the_table():
    used = {key for text in SOURCES for key in re.findall(r'session_state(?:\.\w+\(|\[)"(\w+)"', text)}
    assert used and used <= {*state.VISIT, *KEYS}


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("data", "nonsense"), ("model", "GAN"), ("size", "huge"), ("epochs", "0"), ("epochs", "many"),
        ("seed", "-1"), ("seed", "10000"), ("learning_rate", "1"), ("input_noise", "loud"),
    ],
)  # fmt: skip
def test_a_bad_value_for_the_form_opens_the_default_and_says_so(key, text):
    app = AppTest.from_file(MAIN, default_timeout=60)
    app.query_params[key] = text
    app.run().switch_page("../../pages/train.py").run()
    assert not app.exception
    (line,) = [warning.value for warning in app.warning]
    assert line.startswith(f"{key}='{text}' in the address must be one of ") and "showing" in line


@pytest.mark.parametrize(
    ("key", "text", "now"),
    [
        ("learning_rate", "as shipped", "default"),
        ("size", "as shipped (512-512)", "large (512-512)"),
        ("data", "your own", "custom data"),
    ],
)
def test_a_former_value_of_the_form_is_understood(key, text, now):
    app = AppTest.from_file(MAIN, default_timeout=60)
    app.query_params[key] = text
    app.run().switch_page("../../pages/train.py").run()
    assert not app.exception and app.session_state[key] == now
    assert [warning.value for warning in app.warning if "in the address" in warning.value] == []
    app.run()
    assert not app.exception and app.session_state[key] == now


HEART = "0" * 1000 + "f" * 2000 + "0" * 1096


@pytest.mark.parametrize("prior", [{"prior": "swiss_roll", "image": ""}, {"prior": "drawn", "image": HEART}])
def test_a_link_holds_the_prior_that_was_chosen_or_painted(prior):
    app = AppTest.from_file(MAIN, default_timeout=60)
    app.run().switch_page("../../pages/train.py").run()
    app.session_state["prior_shown"] = prior, None
    app.run()
    text = "".join(app.query_params["prior"])  # one value, or a list of one
    assert painted.parse(text) == prior and len(text) < 200
    other = AppTest.from_file(MAIN, default_timeout=60)
    other.query_params["prior"] = text
    other.run().switch_page("../../pages/train.py").run()
    assert not other.exception and other.session_state["prior_shown"][0] == prior


@pytest.mark.parametrize("text", ["nonsense", "drawn.", "drawn.x", "drawn.eJw", "drawn." + "A" * 9999])
def test_a_prior_that_is_not_understood_opens_the_default_and_says_so(text):
    app = AppTest.from_file(MAIN, default_timeout=60)
    app.query_params["prior"] = text
    app.run().switch_page("../../pages/train.py").run()
    assert not app.exception and app.session_state["prior_shown"][0] == painted.USUAL
    assert [line.value for line in app.warning if line.value.startswith("prior='") and "gaussian" in line.value]


def test_a_drawing_that_unpacks_to_too_much_is_none():
    bomb = base64.urlsafe_b64encode(zlib.compress(b"f" * 10_000_000, 9)).decode().rstrip("=")
    assert painted.parse(painted.MARK + bomb) is None
