"""The teacher: whoever opens the link that is printed once, when the server starts."""

import os
import secrets
from urllib.parse import parse_qs

import streamlit as st
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from aae.app.server import identity
from aae.config import ConfigError

COOKIE = "aae_teacher"
PARAMETER = "teacher"
NO_UPLOADS = "The teacher of this class has switched uploads off."
SHARED = os.environ.get("AAE_TEACHER", "")  # of several servers
SECRET = SHARED or secrets.token_urlsafe(24)  # else of this server, until it ends


def check_secret() -> None:
    """Raise ConfigError where AAE_TEACHER can be no secret; the text does not show it."""
    if not identity.checked(SECRET):
        raise ConfigError(f"AAE_TEACHER has {len(SECRET)} characters: must be 16 to 64 letters, digits, - or _")


def link() -> str:
    """The address that makes a teacher of whoever opens it."""
    scheme = "https" if st.get_option("server.sslCertFile") else "http"
    port, base = st.get_option("server.port"), st.get_option("server.baseUrlPath").strip("/")
    return f"{scheme}://localhost:{port}/{base and f'{base}/'}train?{PARAMETER}={SECRET}"


def is_known(text: object) -> bool:
    """Whether a text is the secret; compared in constant time, once it can be one at all."""
    return secrets.compare_digest(identity.checked(text), SECRET)


def is_here() -> bool:
    """Whether this visitor is the teacher; the secret goes out of the address."""
    linked = st.query_params.pop(PARAMETER, "")
    if is_known(linked) or is_known(st.context.cookies.get(COOKIE, "")):
        st.session_state[COOKIE] = True
    return st.session_state.get(COOKIE, False)


class GiveCookie:
    """Let a browser that opens the teacher's link keep its secret, until it is closed or the server ends."""

    def __init__(self, app: ASGIApp):
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        query = scope["query_string"].decode("latin-1") if scope["type"] == "http" else ""
        if PARAMETER not in query or not is_known(parse_qs(query).get(PARAMETER, [""])[0]):
            return await self.app(scope, receive, send)
        secure = "; Secure" if scope["scheme"] == "https" else ""

        async def send_with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.append("set-cookie", f"{COOKIE}={SECRET}; Path=/; HttpOnly; SameSite=Strict{secure}")
                headers["cache-control"] = "no-store"
            await send(message)

        return await self.app(scope, receive, send_with_cookie)
