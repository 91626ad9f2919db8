"""What browsers may do with the server's answers, and the names by which the server is called."""

import ipaddress
import socket
from urllib.parse import urlsplit

import streamlit as st
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocketClose
from streamlit.web.server.starlette.starlette_websocket import is_host_allowed

from aae.app.server.own import PREFIX
from aae.texts import shown

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "same-origin",
}
PAGE = (  # Streamlit makes modules of scripts that it sends (blob:), and Plotly makes functions of texts
    "default-src 'self'; script-src 'self' blob: 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; media-src 'self' data: blob:; font-src 'self' data:; "
    "connect-src 'self' ws: wss: data: blob:; worker-src 'self' blob:; object-src 'none'; base-uri 'self'; "
    "form-action 'self'; frame-ancestors 'self'"
)
DATA = "default-src 'none'; frame-ancestors 'none'"  # of what is no page


class Harden:
    """Say with each answer what browsers may do with it: ask no other server, guess no type, frame no foreign page."""

    def __init__(self, app: ASGIApp):
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_hardened(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(ALWAYS)
                if headers.get("content-type", "").startswith("text/html"):
                    headers["Content-Security-Policy"] = PAGE
                elif PREFIX in scope["path"]:
                    headers["Content-Security-Policy"] = DATA
            await send(message)

        await self.app(scope, receive, send_hardened if scope["type"] == "http" else send)


class KnownHosts:
    """Answer those who call this server by its name or address, and no page that pretends to be it (DNS rebinding).

    An address cannot be rebound, so that a class needs no switch; other names are given as server.allowedHosts.
    """

    def __init__(self, app: ASGIApp):
        self.app = app
        self.given = st.get_option("server.allowedHosts")
        called = (socket.gethostname(), st.get_option("server.address"), st.get_option("browser.serverAddress"))
        names = {name.lower() for name in called if name}
        self.names = {"localhost", *names, *(f"{name}.local" for name in names)}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        host = Headers(scope=scope).get("host", "") if scope["type"] in ("http", "websocket") else ""
        if scope["type"] == "lifespan" or self.knows(host):
            return await self.app(scope, receive, send)
        if scope["type"] == "websocket":
            return await WebSocketClose(1008)(scope, receive, send)
        line = f"This server is not called {shown(host[:100])}: start it with --server.allowedHosts and that name.\n"
        return await PlainTextResponse(line, status_code=421)(scope, receive, send)

    def knows(self, host: str) -> bool:
        """Whether the Host of a request is this server."""
        if self.given:
            return is_host_allowed(host)
        try:
            name = (urlsplit(f"//{host}").hostname or "").rstrip(".")
        except ValueError:
            return False
        return name in self.names or name.endswith(".localhost") or is_address(name)


def is_address(name: str) -> bool:
    """Whether a name is an IP address."""
    try:
        return bool(ipaddress.ip_address(name))
    except ValueError:
        return False
