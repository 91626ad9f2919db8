"""Weights and codes for the browser, each at an address made from its content, so that it is fetched once."""

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response

PATH = "/api/blob/"
MAX_BYTES = 400_000_000  # of blobs kept, all together; the oldest go first
FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable"}
_kept: OrderedDict[str, bytes] = OrderedDict()
_lock = threading.Lock()
on_eviction: list[Callable[[], None]] = []  # what forgets addresses, when some of them are dead


def publish(content: bytes) -> str:
    """Keep the bytes; the address that serves them."""
    name = hashlib.sha256(content).hexdigest()[:32]
    with _lock:
        _kept[name] = content
        _kept.move_to_end(name)
        n = len(_kept)
        while sum(map(len, _kept.values())) > MAX_BYTES and len(_kept) > 1:
            _kept.popitem(last=False)
    if len(_kept) < n:
        for forget in on_eviction:
            forget()
    return PATH + name


async def serve(request: Request) -> Response:
    """The bytes of an address, to be kept by the browser for ever; 404 for one that was never published."""
    content = _kept.get(request.path_params["name"])
    if content is None:
        return Response("no such blob: reload the page", status_code=404)
    return Response(content, media_type="application/octet-stream", headers=FOR_EVER)
