"""Who a visitor is: a secret in the browser's cookie, and in no address."""

import asyncio
from http.cookies import SimpleCookie

import pytest
from streamlit.testing.v1 import AppTest

from aae.app.server import identity
from tests.test_pages import MAIN

OLD = "an_old-link4SECRET"


async def answer(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": [(b"cache-control", b"no-cache")]})
    await send({"type": "http.response.body", "body": b""})


def opened(cookie="", query="", accept="text/html,*/*", scheme="http"):
    """The cookie that a browser is given when it opens a page, if any."""
    headers = [(b"accept", accept.encode()), (b"cookie", cookie.encode())]
    scope = {"type": "http", "scheme": scheme, "query_string": query.encode(), "headers": headers}
    sent = []

    async def send(message):
        sent.append(message)

    asyncio.run(identity.GiveCookie(answer)(scope, None, send))
    given = [value.decode() for name, value in sent[0]["headers"] if name == b"set-cookie"]
    return SimpleCookie(given[0])[identity.COOKIE] if given else None


def test_a_browser_is_given_a_secret_once():
    first, second = opened(), opened()
    assert first.value != second.value and identity.SECRET.fullmatch(first.value) and len(first.value) >= 22
    assert first["httponly"] and first["samesite"] == "Lax" and first["path"] == "/" and not first["secure"]
    assert opened(scheme="https")["secure"]
    assert opened(cookie=f"other=1; {identity.COOKIE}={first.value}") is None
    assert opened(accept="*/*") is None  # a script, a picture: the page came before


@pytest.mark.parametrize("invented", ["", "short", "x" * 65, "x" * 300_000, "a b c d e f g h i j k", "é" * 20])
def test_what_cannot_be_a_secret_is_none(invented):
    assert opened(cookie=f"{identity.COOKIE}={invented}".encode("latin-1", "replace").decode("latin-1")) is not None
    assert opened(query=f"mine={invented}").value != invented


def test_an_old_link_gives_its_secret_to_a_browser_that_has_none():
    assert opened(query=f"epochs=5&mine={OLD}").value == OLD
    assert opened(query=f"mine={OLD}", cookie=f"{identity.COOKIE}={'x' * 22}") is None


@pytest.fixture
def app():
    return AppTest.from_file(MAIN, default_timeout=60)


@pytest.mark.parametrize("page", ["home", "explore", "train"])
def test_the_address_is_cleared_of_the_secret_on_every_page(app, page):
    app.query_params["mine"] = OLD
    app.run().switch_page(f"../../pages/{page}.py").run()
    assert not app.exception and "mine" not in app.query_params
    assert app.session_state[identity.COOKIE] == OLD


def test_who_one_is_outlives_another_page(app):
    app.run()
    mine = app.session_state[identity.COOKIE]
    app.switch_page("../../pages/train.py").run()
    app.query_params["mine"] = OLD  # of somebody else's link
    app.run()
    assert app.session_state[identity.COOKIE] == mine and identity.SECRET.fullmatch(mine)
    assert "mine" not in app.query_params
