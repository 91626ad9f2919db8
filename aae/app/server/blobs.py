"""Weights, codes and pictures for the browser, each at an address made from its content, so that it is fetched once.

They lie on disk, gzipped where that pays; when there are too many the oldest go, and are made again when needed.
"""

import functools
import gzip
import hashlib
import tempfile
import threading
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from aae.app.server import scratch
from aae.app.server.remembered import content

PATH = "api/blob/"  # relative to the page
MAX_BYTES = 1_000_000_000  # of blobs on disk, all together; those that were not used for the longest time go first
MAX_ADDRESSES = 4096  # remembered by each function that makes blobs
PAYS = 0.95  # gzipped to less than this share
FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable"}
_kept: OrderedDict[str, int] = OrderedDict()  # bytes on disk by name, the longest unused first
_lock = threading.Lock()


class Unwritable(RuntimeError):
    """Blobs cannot be stored; one line that says why, with the remedy."""


def publish(content: bytes) -> str:
    """Keep the bytes; the address that serves them. Raises Unwritable."""
    try:
        return _publish(content)
    except OSError as error:
        folder, reason = tempfile.gettempdir(), error.strerror or error
        message = f"{folder}: cannot be written ({reason}): make room there, then reload the page."
        raise Unwritable(message) from error


def _publish(content: bytes) -> str:
    name = hashlib.sha256(content).hexdigest()[:32]
    if not holds(PATH + name):
        packed = gzip.compress(content, 6, mtime=0)
        pays = len(packed) < PAYS * len(content)
        _write(_path(name, pays), packed if pays else content)
        with _lock:
            _kept[name] = _path(name, pays).stat().st_size
            _make_room()
    return PATH + name


def holds(address: str) -> bool:
    """Whether an address can be served; it is then the last to go."""
    name = address.removeprefix(PATH)
    with _lock:
        if name not in _kept or _file(name) is None:
            return False
        _kept.move_to_end(name)
        return True


def published(make: Callable[..., bytes]) -> Callable[..., str]:
    """Decorate a function that makes bytes: it gives their address, and makes them again when they are gone.

    Of an argument that has a digest, such as a run, that alone counts and is remembered.
    """
    known: OrderedDict[tuple, str] = OrderedDict()
    making = threading.Lock()  # once for all who ask at the same time; what is kept does not wait for it

    @functools.wraps(make)
    def address(*arguments) -> str:
        key = tuple(map(content, arguments))
        found = known.get(key, "")
        if holds(found):
            return found
        with making:
            found = known.get(key, "")
            if not holds(found):
                known[key] = found = publish(make(*arguments))
                while len(known) > MAX_ADDRESSES:
                    known.popitem(last=False)
            return found

    return address


def serve(request: Request) -> Response:
    """The bytes of an address, to be kept by the browser for ever; 404 for one that is not here."""
    name = request.path_params["name"]
    path = _file(name) if holds(PATH + name) else None
    if path is None:
        return Response("no such blob: reload the page", status_code=404)
    content, packed = path.read_bytes(), path.suffix == ".gz"
    if packed and "gzip" not in request.headers.get("Accept-Encoding", ""):
        content, packed = gzip.decompress(content), False
    headers = {**FOR_EVER, "Content-Encoding": "gzip" if packed else "identity", "Vary": "Accept-Encoding"}
    media_type = "image/webp" if content[8:12] == b"WEBP" else "application/octet-stream"
    return Response(content, media_type=media_type, headers=headers)


def _path(name: str, packed: bool) -> Path:
    return scratch.folder("blobs") / (f"{name}.gz" if packed else name)


def _file(name: str) -> Path | None:
    """The file of a blob that is kept, unless something else has removed it."""
    return next((path for packed in (True, False) if (path := _path(name, packed)).is_file()), None)


def _write(path: Path, content: bytes) -> None:
    """Write a file that is there whole or not at all."""
    partial = path.with_name(f"{path.name}.{threading.get_ident()}.partial")
    partial.write_bytes(content)
    partial.replace(path)


def _make_room() -> None:
    """Remove what was not used for the longest time, while there is too much."""
    while sum(_kept.values()) > MAX_BYTES and len(_kept) > 1:
        name, _ = _kept.popitem(last=False)
        for packed in (True, False):
            _path(name, packed).unlink(missing_ok=True)


ROUTE = Route(f"/{PATH}{{name}}", serve)
