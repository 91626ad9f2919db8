"""The table of state: every parameter of an address and every key of a visit is in it."""

import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from aae.app import state

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
