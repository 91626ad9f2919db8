"""Streamlit's static files: packed once, for browsers that can unpack them; all else is left to Streamlit."""

import asyncio
import gzip
from pathlib import Path

import pytest
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from streamlit import file_util

from aae.app.server import compression

FOLDER = Path(file_util.get_static_dir()) / "static"
SCRIPTS = [str(path.relative_to(FOLDER)) for path in sorted(FOLDER.glob("js/index.*.js"))]


def get(path, method="GET", **headers):
    """The status, headers and body that are answered; by Streamlit: "as before"."""
    sent = []

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "method": method, "path": path, "query_string": b""}
    scope["headers"] = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    asyncio.run(compression.Pack(PlainTextResponse("as before"))(scope, None, send))
    return sent[0]["status"], Headers(raw=sent[0]["headers"]), b"".join(part.get("body", b"") for part in sent[1:])


@pytest.mark.parametrize("base", ["", "/some/base"])
@pytest.mark.parametrize("name", SCRIPTS)
def test_a_script_is_sent_packed_and_may_be_kept_for_ever(name, base, monkeypatch):
    plain = (FOLDER / name).read_bytes()
    for _ in range(2):
        status, headers, body = get(f"{base}/static/{name}", accept_encoding="gzip, br")
        assert status == 200 and gzip.decompress(body) == plain and len(body) == int(headers["Content-Length"])
        assert headers["Content-Type"].startswith("text/javascript") and "immutable" in headers["Cache-Control"]
        monkeypatch.setattr(gzip, "compress", lambda *_, **__: pytest.fail("packed again"))


@pytest.mark.parametrize(
    ("path", "method", "headers"),
    [
        (f"/static/{SCRIPTS[0]}", "GET", {}),
        (f"/static/{SCRIPTS[0]}", "HEAD", {"accept_encoding": "gzip"}),
        (f"/static/{SCRIPTS[0]}", "GET", {"accept_encoding": "gzip", "range": "bytes=0-9"}),
        ("/static/js/none.js", "GET", {"accept_encoding": "gzip"}),
        ("/static/../index.html", "GET", {"accept_encoding": "gzip"}),
        ("/explore", "GET", {"accept_encoding": "gzip"}),
        (f"/{SCRIPTS[0]}", "GET", {"accept_encoding": "gzip"}),
    ],
)
def test_all_else_is_left_to_streamlit(path, method, headers):
    assert get(path, method, **headers)[2] == b"as before"
