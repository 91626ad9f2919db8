"""The web app: `streamlit run streamlit_app.py`."""

from contextlib import asynccontextmanager
from pathlib import Path

import streamlit as st
from starlette.routing import Route

from aae.app import blobs, feed, warm


@asynccontextmanager
async def lifespan(_):
    """Import what is slow while the first visitor's browser is still loading; at the end let jobs save themselves."""
    warm.start()
    yield
    warm.stop()


app = st.App(
    Path(__file__).parent / "aae/app/main.py",
    lifespan=lifespan,
    routes=[Route(blobs.PATH + "{name}", blobs.serve), *feed.ROUTES],
)

if __name__ == "__main__":
    app.run()
