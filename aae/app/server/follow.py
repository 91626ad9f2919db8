"""Follow me: what a presenter's browser shows is sent on to all that follow it, as server-sent events.

A presenter's token is a secret; its digest names the room that others follow, so that no one else can speak there.
"""

import asyncio
import hashlib
import json
import re
import signal
from collections import OrderedDict

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

PATH = "api/follow"
TOKEN = re.compile(r"[A-Za-z0-9_-]{16,64}")
MAX_MESSAGE, MAX_PAGE = 8_000, 200  # bytes; characters
MAX_ROOMS, MAX_FOLLOWERS = 64, 500  # those who were silent the longest go; of all rooms together
ROOM = re.compile(r"[0-9a-f]{20}")
HEADERS = [(b"content-type", b"text/event-stream"), (b"cache-control", b"no-store"), (b"x-accel-buffering", b"no")]


class Room:
    """What a presenter shows now, and who is told."""

    def __init__(self) -> None:
        self.event = b": nothing yet\n\n"
        self.followers: set[asyncio.Event] = set()

    def show(self, event: bytes) -> None:
        self.event = event
        for follower in self.followers:
            follower.set()


_rooms: OrderedDict[str, Room] = OrderedDict()
_ended = asyncio.Event()


def end_with_the_server() -> None:
    """Let the streams end when the server is asked to stop: it would wait for them for ever."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        stop = signal.getsignal(number)
        if callable(stop):
            signal.signal(number, lambda *given, stop=stop: (loop.call_soon_threadsafe(end), stop(*given)))


def end() -> None:
    """End all streams."""
    _ended.set()
    for room in _rooms.values():
        room.show(room.event)


def room_of(token: str) -> str:
    """The name of the room in which this token's holder speaks."""
    return hashlib.sha256(token.encode()).hexdigest()[:20]


def enter(name: str) -> Room:
    """The room of this name, which is then the last to go."""
    room = _rooms.setdefault(name, Room())
    _rooms.move_to_end(name)
    for silent in [each for each, room in _rooms.items() if not room.followers][: max(0, len(_rooms) - MAX_ROOMS)]:
        del _rooms[silent]
    return room


def checked(text: bytes) -> tuple[str, bytes]:
    """The token of a message, and the event to send. Raises ValueError that says what is wrong."""
    if len(text) > MAX_MESSAGE:
        raise ValueError(f"the message has {len(text)} bytes: at most {MAX_MESSAGE:,}")
    message = json.loads(text)
    fields = ("token", "page", "query")
    token, page, query = (message.get(name) if isinstance(message, dict) else None for name in fields)
    if not isinstance(token, str) or not TOKEN.fullmatch(token):
        raise ValueError("token: must be 16 to 64 letters, digits, - or _")
    if not isinstance(page, str) or not isinstance(query, str) or len(page) > MAX_PAGE:
        raise ValueError(f"page, query: must be texts, the page of at most {MAX_PAGE} characters")
    return token, b"data: " + json.dumps({"page": page, "query": query}).encode() + b"\n\n"


async def present(request: Request) -> Response:
    """Take what a presenter shows; the name of the room, and how many follow."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > MAX_MESSAGE:
            break
    try:
        token, event = checked(body)
    except (ValueError, RecursionError) as error:  # the latter of brackets in brackets
        return Response(f"not understood: {error}", status_code=400)
    name = room_of(token)
    room = enter(name)
    room.show(event)
    return JSONResponse({"room": name, "followers": len(room.followers)}, headers={"Cache-Control": "no-store"})


class Follow:
    """Send a follower what the presenter of a room shows, now and whenever it changes, until one of them leaves."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        name, n = scope["path_params"]["room"], sum(len(room.followers) for room in _rooms.values())
        if n >= MAX_FOLLOWERS or not ROOM.fullmatch(name):
            refused = Response(f"no such room, or {n} follow already: at most {MAX_FOLLOWERS} may", status_code=503)
            return await refused(scope, receive, send)
        room, changed = enter(name), asyncio.Event()
        changed.set()
        room.followers.add(changed)
        gone = asyncio.create_task(left(receive, changed))
        try:
            await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
            while not (gone.done() or _ended.is_set()):
                changed.clear()
                await send({"type": "http.response.body", "body": room.event, "more_body": True})
                await changed.wait()
            await send({"type": "http.response.body"})
        finally:
            gone.cancel()
            room.followers.discard(changed)


async def left(receive: Receive, changed: asyncio.Event) -> None:
    """Wait until the follower has left, and wake who sends to it."""
    while (await receive())["type"] != "http.disconnect":
        pass
    changed.set()


ROUTES = [
    Route(f"/{PATH}", present, methods=["POST"]),
    Route(f"/{PATH}/{{room:str}}", Follow()),
]
