"""A session of the app without a browser: what a browser sends over its websocket, and keeps of what comes back."""

import asyncio
import contextlib
import re
from typing import Any

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from benchmarks.widgets import FIELDS, fill, kind_of, shown

PATIENCE = 60  # seconds without an answer, after which a session counts as lost
BLOB = re.compile(rb"api/blob/[0-9a-f]{32}")
FEED = re.compile(rb"api/jobs/[0-9a-f]{12}(?=\")")
STREAM: dict[str, Any] = {"subprotocols": ["streamlit"], "max_size": None, "compression": None, "ping_interval": None}
_messages: dict[str, ForwardMsg] = {}  # by their hashes: what browsers keep, once for all sessions


class Lost(Exception):
    """The server closed the connection, or does not answer any more."""


class Session:
    """A connection, the page that is open, and its widgets."""

    def __init__(self, address: str, cookie: str):
        self.address, self.cookie = address, cookie
        self.errors: list[str] = []
        self.pages: dict[str, str] = {}  # hashes of their scripts by their addresses
        self.page, self.query, self.feed = "", "", ""
        self.widgets: dict[str, tuple[str, Any, str]] = {}  # by id: kind, element, fragment
        self.states: dict[str, WidgetState] = {}
        self.timers: dict[str, float] = {}  # seconds of the fragments that run by themselves
        self.blobs: set[str] = set()  # that the page names
        self.hashes: set[str] = set()  # of messages that need not be sent again
        self.awaited: tuple[str, asyncio.Future] | None = None  # the fragment that runs, and its end

    async def open(self, page: str) -> None:
        """Connect, and run the page. Raises Lost."""
        stream, headers = f"{self.address.replace('http', 'ws', 1)}/_stcore/stream", {"Cookie": self.cookie}
        try:
            self.socket = await connect(stream, additional_headers=headers, open_timeout=PATIENCE, **STREAM)
        except (OSError, TimeoutError) as error:
            raise Lost(str(error)) from error
        self.listening = asyncio.create_task(self._listen())
        self.page = page
        await self.run("")

    async def close(self) -> None:
        """Close the connection."""
        await self.socket.close()
        self.listening.cancel()

    def leave(self, page: str) -> None:
        """Forget the page for another one."""
        self.page, self.query, self.feed = page, "", ""
        for kept in (self.widgets, self.states, self.timers, self.blobs):
            kept.clear()

    @property
    def is_running(self) -> bool:
        """Whether an answer is waited for."""
        return self.awaited is not None and not self.awaited[1].done()

    async def run(self, fragment: str) -> None:
        """Send the states, and wait until the page ("") or the fragment has run. Raises Lost."""
        end = asyncio.get_running_loop().create_future()
        self.awaited = fragment, end
        await self.send(fragment)
        try:
            await asyncio.wait_for(end, PATIENCE)
        except TimeoutError as error:
            raise Lost(f"no answer on {self.page or 'home'}") from error

    async def send(self, fragment: str, by_itself: bool = False) -> None:
        """Ask for a run."""
        message = BackMsg()
        run = message.rerun_script
        run.query_string, run.page_script_hash, run.fragment_id = self.query, self.pages.get(self.page, ""), fragment
        run.page_name = "" if self.pages else self.page
        run.is_auto_rerun = by_itself
        run.cached_message_hashes.extend(self.hashes)
        run.widget_states.widgets.extend(self.states[id] for id in self.widgets)
        if not fragment:
            self.widgets = {}
        with contextlib.suppress(ConnectionClosed):  # which is told to whoever waits
            await self.socket.send(message.SerializeToString())

    async def _listen(self) -> None:
        """Take what the server sends, until it closes."""
        with contextlib.suppress(ConnectionClosed):
            async for content in self.socket:
                self._take(ForwardMsg.FromString(content))
        if self.awaited and not self.awaited[1].done():
            self.awaited[1].set_exception(Lost("the server closed the connection"))

    def _take(self, message: ForwardMsg) -> None:
        if message.WhichOneof("type") == "ref_hash":
            message = _messages[message.ref_hash]
        elif message.metadata.cacheable:
            _messages[message.hash] = message
            self.hashes.add(message.hash)
        kind = message.WhichOneof("type")
        if kind == "delta":
            self._element(message.delta.new_element, message.delta.fragment_id)
        elif kind == "navigation":
            self.pages = {page.url_pathname: page.page_script_hash for page in message.navigation.app_pages}
        elif kind == "page_info_changed":
            self.query = message.page_info_changed.query_string
        elif kind == "auto_rerun":
            self.timers[message.auto_rerun.fragment_id] = message.auto_rerun.interval
        elif kind == "script_finished":
            self._finished(message)
        elif kind in ("page_not_found", "session_event"):
            self.errors.append(f"{self.page}: {kind}")

    def _element(self, element: Any, fragment: str) -> None:
        kind = kind_of(element)
        if kind == "exception":
            self.errors.append(f"{self.page}: {element.exception.type}: {element.exception.message}")
        elif kind == "bidi_component":
            content = element.bidi_component.SerializeToString()
            self.blobs |= {address.decode() for address in BLOB.findall(content)}
            self.feed = next((address.decode() for address in FEED.findall(content)), self.feed)
        elif kind in FIELDS:
            widget = getattr(element, element.WhichOneof("type"))
            self.widgets[widget.id] = kind, widget, fragment
            if widget.set_value or widget.id not in self.states:
                self.states[widget.id] = WidgetState(id=widget.id)
                fill(self.states[widget.id], kind, shown(kind, widget))

    def _finished(self, message: ForwardMsg) -> None:
        """End what is waited for, if it was this: of several runs in turn the last one."""
        if message.script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN or not self.awaited:
            return
        (fragment, end), ran = self.awaited, message.metadata.run.fragment_ids
        if not end.done() and (not ran or fragment in ran):
            end.set_result(None)
