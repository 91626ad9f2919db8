"""The app's own routes, before Streamlit's middleware: that takes longer than most of their answers."""

from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.routing import Route, Router
from starlette.types import ASGIApp, Receive, Scope, Send

PREFIX = "/api/"  # in the paths of all of them


class Routes:
    """Answer requests for the app's own routes; others go on to Streamlit."""

    def __init__(self, app: ASGIApp, routes: list[Route]):
        self.app = app
        self.own = ExceptionMiddleware(Router(routes, redirect_slashes=False, default=app))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_own = scope["type"] == "http" and PREFIX in scope["path"]
        await (self.own if is_own else self.app)(scope, receive, send)
