"""Streamlit's own scripts and styles, sent gzipped: it sends them as they are, 4 to 13 MB for a page."""

import functools
import gzip
import mimetypes
import threading
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit import file_util

from aae.app.server import blobs

PREFIX = "/static/"
SUFFIXES = (".js", ".css", ".json", ".svg", ".ttf")  # others, such as .woff2, are packed already
_packing = threading.Lock()


class Pack:
    """Answer requests for Streamlit's static files with what was packed once; others go on to Streamlit."""

    def __init__(self, app: ASGIApp):
        self.app = app
        folder = Path(file_util.get_static_dir()) / "static"
        self.files = {str(path.relative_to(folder)): path for path in folder.rglob("*") if path.suffix in SUFFIXES}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = self.wanted(scope)
        response = await run_in_threadpool(answer, path) if path else self.app
        await response(scope, receive, send)

    def wanted(self, scope: Scope) -> Path | None:
        """The file that is asked for, whole and packed, where it is one of these."""
        if scope["type"] != "http" or scope["method"] != "GET" or PREFIX not in scope["path"]:
            return None
        headers = Headers(scope=scope)
        whole = "gzip" in headers.get("accept-encoding", "") and "range" not in headers
        return self.files.get(scope["path"].rpartition(PREFIX)[2]) if whole else None


def answer(path: Path) -> Response:
    """The packed file, to be kept by the browser for ever: its name holds its digest."""
    headers = {**blobs.FOR_EVER, "Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
    return Response(packed(path), media_type=mimetypes.guess_type(path.name)[0], headers=headers)


def packed(path: Path) -> bytes:
    """The packed content of a file."""
    with _packing:  # once for all who ask at the same time
        return _packed(path)


@functools.cache
def _packed(path: Path) -> bytes:
    return gzip.compress(path.read_bytes(), mtime=0)
