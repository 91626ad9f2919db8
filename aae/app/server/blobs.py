"""Weights, codes and pictures for the browser, each at an address made from its content, so that it is fetched once.

They lie on disk, gzipped where that pays; when there are too many the oldest go, and are made again when needed. Where
AAE_BLOBS names a folder they lie there: of several servers each then answers for what another one made.
"""

import contextlib
import errno
import functools
import gzip
import hashlib
import os
import re
import tempfile
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from aae import files, scratch, storage
from aae.app.server import shared
from aae.app.server.remembered import content

PATH = "api/blob/"  # relative to the page
MAX_BYTES = 1_000_000_000  # of blobs on disk, all together; those that were not used for the longest time go first
MAX_ADDRESSES = 4096  # remembered by each function that makes blobs
PAYS = 0.95  # gzipped to less than this share
FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable"}
NAME = re.compile(r"[0-9a-f]{32}")
_making_room = threading.Lock()
_places: dict[str, Path] = {}  # where blobs were found last, by their names: a rerun asks for many


class Unwritable(RuntimeError):
    """Blobs cannot be stored; one line that says why, with the remedy."""


def publish(content: bytes) -> str:
    """Keep the bytes; the address that serves them. Raises Unwritable."""
    try:
        return _publish(content)
    except OSError as error:
        place, reason = shared_folder() or tempfile.gettempdir(), error.strerror or error
        message = f"{place}: cannot be written ({reason}): make room there, then reload the page."
        raise Unwritable(message) from error


def _publish(content: bytes) -> str:
    name = hashlib.sha256(content).hexdigest()[:32]
    if not holds(PATH + name):
        packed = gzip.compress(content, 6, mtime=0)
        pays = len(packed) < PAYS * len(content)
        path = _path(name, pays)
        files.write_atomically(path, packed if pays else content, durable=False)
        _touch(path)
        with _making_room:
            _make_room(path.parent)
    return PATH + name


def holds(address: str) -> bool:
    """Whether an address can be served; it is then the last to go."""
    path = _file(address.removeprefix(PATH))
    if path:
        _touch(path)
    return path is not None


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


def read(address: str) -> bytes:
    """The bytes at an address. Raises FileNotFoundError where they are gone."""
    path = _file(address.removeprefix(PATH))
    if path is None:
        raise FileNotFoundError(errno.ENOENT, "no such blob", address)
    content = _content(path)
    return gzip.decompress(content) if path.suffix == ".gz" else content


def serve(request: Request) -> Response:
    """The bytes of an address, to be kept by the browser for ever; 404 for one that is not here."""
    name = request.path_params["name"]
    path = _file(name) or _made_just_now(name)
    try:
        content = _content(path) if path else None
    except OSError:  # removed just now, or in a store that does not answer
        content = None
    if path is None or content is None:
        return Response("no such blob: reload the page", status_code=404)
    _touch(path)
    packed = path.suffix == ".gz"
    if packed and "gzip" not in request.headers.get("Accept-Encoding", ""):
        content, packed = gzip.decompress(content), False
    headers = {**FOR_EVER, "Content-Encoding": "gzip" if packed else "identity", "Vary": "Accept-Encoding"}
    media_type = "image/webp" if content[8:12] == b"WEBP" else "application/octet-stream"
    return Response(content, media_type=media_type, headers=headers)


def _content(path: Path) -> bytes:
    """What is in a file. Raises OSError."""
    files.fetch(path)
    return path.read_bytes()


def shared_folder() -> str:
    """The folder, or the URL, of blobs that several servers share, where there is one."""
    return os.environ.get("AAE_BLOBS", "")


def _path(name: str, packed: bool) -> Path:
    folder = storage.place(shared_folder()) if shared_folder() else scratch.folder("blobs")
    return folder / (f"{name}.gz" if packed else name)


def _file(name: str) -> Path | None:
    """The file of a blob, if there is one: of this server, or kept by an earlier one."""
    if name in _places and _places[name].is_file():
        return _places[name]
    found = _look_for(name) if NAME.fullmatch(name) else None
    if found:
        _places[name] = found
        if len(_places) > MAX_ADDRESSES:
            _places.pop(next(iter(_places)), None)
    return found


def _look_for(name: str) -> Path | None:
    """The same, looked for in all places."""
    paths = [_path(name, packed) for packed in (True, False)]
    if kept := shared.kept():
        paths += [kept / path.name for path in paths]
    return next((path for path in paths if path.is_file()), None)


def keep(address: str, folder: Path) -> None:
    """Copy a blob into a folder, unless it is there. Raises OSError, FileNotFoundError where it is gone."""
    path = _file(address.removeprefix(PATH))
    if path is None:
        raise FileNotFoundError(errno.ENOENT, "no such blob", address)
    if path.parent != folder:
        files.write_atomically(folder / path.name, _content(path), durable=False)


def _made_just_now(name: str) -> Path | None:
    """The file of a blob that another server has put into a store since that was looked at."""
    if not shared_folder() or not NAME.fullmatch(name):
        return None
    for packed in (True, False):
        files.glance(_path(name, packed))
    return _file(name)


def _touch(path: Path) -> None:
    """Let a file be the last to go."""
    with contextlib.suppress(OSError):  # another server has removed it
        os.utime(path, ns=(time.time_ns(),) * 2)


def _make_room(folder: Path) -> None:
    """Remove what was not used for the longest time, while there is too much."""
    kept = [(changed, size, path) for path, changed, size in files.stamps(folder.iterdir())]
    total = sum(size for _, size, _ in kept)
    for _, size, path in sorted(kept)[:-1]:
        if total <= MAX_BYTES:
            return
        files.remove(Path(path))
        total -= size


ROUTE = Route(f"/{PATH}{{name}}", serve)
