"""The web app: `streamlit run streamlit_app.py`."""

import sys
from contextlib import asynccontextmanager
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware
from starlette.routing import Route

from aae import cluster
from aae.app import warm
from aae.app.server import (
    blobs,
    compression,
    follow,
    guard,
    identity,
    imports,
    messages,
    modules,
    own,
    qr,
    settings,
    teacher,
    visits,
)
from aae.app.train import feed
from aae.app.views import story
from aae.config import ConfigError


@asynccontextmanager
async def lifespan(_):
    """Look after the jobs, and import what is slow before a visitor comes; at the end let jobs save themselves."""
    messages.keep_whole()
    visits.go_on()
    follow.end_with_the_server()
    started = warm.start()
    print(f"  Teacher's link: {teacher.link()}\n", flush=True)
    yield
    warm.stop(started)


ROUTES = [blobs.ROUTE, modules.ROUTE, qr.ROUTE, story.ROUTE, *follow.ROUTES, *feed.ROUTES]
BASE = st.get_option("server.baseUrlPath").strip("/")  # a sub-path, as behind a proxy that keeps it
UNDER_BASE = [Route(f"/{BASE}{route.path}", route.endpoint, methods=route.methods) for route in ROUTES if BASE]

try:
    settings.check()
except (ConfigError, cluster.ClusterError) as error:
    print(error, file=sys.stderr)
    raise SystemExit(2) from error

app = st.App(
    Path(__file__).parent / "aae/app/main.py",
    lifespan=lifespan,
    middleware=[
        Middleware(guard.Harden),
        Middleware(guard.KnownHosts),
        Middleware(imports.BeginForPages),
        Middleware(own.Routes, [*ROUTES, *UNDER_BASE]),
        Middleware(identity.GiveCookie),
        Middleware(teacher.GiveCookie),
        Middleware(compression.Pack),
    ],
)

if __name__ == "__main__":
    app.run()
