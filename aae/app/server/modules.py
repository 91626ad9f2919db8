"""The browser's modules in few files, under an address that holds their digest: fetched once, and kept for ever."""

import gzip
import hashlib
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from aae.app.server import bundle
from aae.app.server.blobs import FOR_EVER

FILES = bundle.files("streamlit.js")


def digest(files: dict[str, bytes]) -> str:
    """A name of these files: other files have another one."""
    parts = (part for name, content in files.items() for part in (name.encode(), content))
    return hashlib.sha256(b"\0".join(parts)).hexdigest()[:16]


DIGEST = digest(FILES)
ADDRESS = f"api/web/{DIGEST}"  # relative to the page
PACKED = {name: gzip.compress(content, 9, mtime=0) for name, content in FILES.items()}


async def serve(request: Request) -> Response:
    """A file of modules; 404 for what is none, and for those of another version."""
    digest, name = request.path_params["digest"], request.path_params["name"]
    if digest != DIGEST or name not in FILES:
        return Response("no such file of modules: reload the page", status_code=404)
    packed = "gzip" in request.headers.get("Accept-Encoding", "")
    headers = {**FOR_EVER, "Content-Encoding": "gzip" if packed else "identity", "Vary": "Accept-Encoding"}
    media_type = f"{bundle.TYPES[Path(name).suffix]}; charset=utf-8"
    return Response(PACKED[name] if packed else FILES[name], media_type=media_type, headers=headers)


ROUTE = Route("/api/web/{digest}/{name:path}", serve)
