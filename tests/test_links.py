"""What a link holds is anyone's: it is read with care."""

import pytest
from streamlit.testing.v1 import AppTest

from aae.app import links


def read(text):
    def script():
        import streamlit as st

        from aae.app import links

        st.session_state.points = links.read_points("z")

    app = AppTest.from_function(script)
    app.query_params["z"] = text
    app.run()
    assert not app.exception
    return app.session_state.points


@pytest.mark.parametrize(
    ("text", "points"),
    [
        ("1,-2.5", [[1, -2.5]]),
        ("1,2;3,4", [[1, 2], [3, 4]]),
        ("", []),
        ("nan,1;inf,2;1", []),
        ("<script>,1;0,0", [[0, 0]]),
        (";".join(["1,1"] * 50), [[1, 1]] * 20),
    ],
)
def test_points_are_finite_pairs_and_few(text, points):
    assert read(text) == points


@pytest.mark.parametrize(
    ("text", "number"),
    [("7", 7), ("99", 99), ("100", None), ("-1", None), ("x", None), ("²", None), ("9" * 5000, None)],
)
def test_a_number_in_a_link_is_checked(monkeypatch, text, number):
    monkeypatch.setattr(links.st, "query_params", {"image": text})
    assert links.read_number("image", 100) == number


def test_no_number_leaves_the_address(monkeypatch):
    params = {"image": "3"}
    monkeypatch.setattr(links.st, "query_params", params)
    links.write_number("image", None)
    assert params == {}
    links.write_number("image", 4)
    assert params == {"image": "4"}
