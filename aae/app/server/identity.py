"""Who a visitor is: a secret that the browser keeps in a cookie, and shows to nobody but this server."""

import re
import secrets
from urllib.parse import parse_qs

import streamlit as st
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.types import ASGIApp, Message, Receive, Scope, Send

COOKIE = "aae_visitor"
PARAMETER = "mine"  # which held the secret in links of before
SECRET = re.compile(r"[A-Za-z0-9_-]{16,64}")
YEAR = 365 * 24 * 3600  # seconds


def owner() -> str:
    """The secret of this visitor, as recognise() has found it."""
    return st.session_state.get(COOKIE) or recognise()


def recognise() -> str:
    """The secret of this visitor's browser; of the visit, where the browser keeps no cookies."""
    linked = st.query_params.pop(PARAMETER, "")
    known = checked(st.context.cookies.get(COOKIE, "")) or st.session_state.get(COOKIE)
    st.session_state[COOKIE] = known or checked(linked) or secrets.token_urlsafe(16)
    return st.session_state[COOKIE]


def address() -> str:
    """The network address from which this visitor comes, or that of a proxy."""
    return st.context.ip_address or "localhost"


def checked(secret: object) -> str:
    """The secret, or nothing where it cannot be one."""
    return secret if isinstance(secret, str) and SECRET.fullmatch(secret) else ""


class GiveCookie:
    """Give each browser that opens a page its secret; one that comes with an old link keeps the link's."""

    def __init__(self, app: ASGIApp):
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope) if scope["type"] == "http" else {}
        opens = scope["type"] == "http" and "text/html" in headers.get("accept", "")
        if not opens or checked(cookie_parser(headers.get("cookie", "")).get(COOKIE, "")):
            return await self.app(scope, receive, send)
        cookie = set_cookie(scope)

        async def send_with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = MutableHeaders(scope=message)
                given.append("set-cookie", cookie)
                given["cache-control"] = "no-store"  # nor may anything on the way give it to others
            await send(message)

        return await self.app(scope, receive, send_with_cookie)


def set_cookie(scope: Scope) -> str:
    """The header that gives the browser its secret."""
    linked = parse_qs(scope["query_string"].decode("latin-1")).get(PARAMETER, [""])[0]
    secret = checked(linked) or secrets.token_urlsafe(16)
    secure = "; Secure" if scope["scheme"] == "https" else ""
    return f"{COOKIE}={secret}; Path=/; Max-Age={YEAR}; HttpOnly; SameSite=Lax{secure}"
