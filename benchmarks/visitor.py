"""A visitor without a browser: chooses as a person does, and fetches what a page of the browser would."""

import asyncio
import contextlib
import json
import random
import re
import secrets
import time

from aae.app.server import identity
from benchmarks.session import Session
from benchmarks.widgets import fill, is_choice, others

POLL = 0.5  # seconds between two looks at a job, as in aae/web/data/training.js
ACTIVE = ("running", "queued", "pausing", "stopping")
STAYS = 0.7  # share of the gestures that choose something on the page; the others open another


class Visitor:
    """A person at a page of the app."""

    def __init__(self, address: str, dice: random.Random):
        self.dice, self.cookie = dice, f"{identity.COOKIE}={secrets.token_urlsafe(16)}"
        self.session = Session(address, self.cookie)
        self.host, _, port = address.partition("//")[2].partition(":")
        self.port = int(port)
        self.fetched: set[str] = set()
        self.connection: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def open(self, page: str) -> float:
        """Open the app at a page; the seconds until its script has finished. Raises Lost."""
        begin = time.monotonic()
        await self.session.open(page)
        self.following = asyncio.create_task(self._follow())
        return time.monotonic() - begin

    async def gesture(self) -> float:
        """Choose something else on the page, or another page; the seconds until that has run. Raises Lost."""
        fragment = self._choose() if self.dice.random() < STAYS else None
        begin = time.monotonic()
        if fragment is None:
            self.session.leave(self.dice.choice([page for page in self.session.pages if page != self.session.page]))
        await self.session.run(fragment or "")
        return time.monotonic() - begin

    async def close(self) -> None:
        """Close the tab."""
        self.following.cancel()
        await asyncio.wait([self.following])
        await self._disconnect()
        await self.session.close()

    def _choose(self) -> str | None:
        """Change a widget; its fragment ("": the page's), or None where there is nothing to choose."""
        offered = [(id, *widget) for id, widget in self.session.widgets.items() if is_choice(*widget[:2])]
        if not offered:
            return None
        id, kind, element, fragment = self.dice.choice(offered)
        state = self.session.states[id]
        fill(state, kind, self.dice.choice(list(others(kind, element, state))))
        return fragment

    async def _follow(self) -> None:
        """Fetch what pages name, follow the job that is watched, and run fragments that are due."""
        due: dict[str, float] = {}
        while True:
            await asyncio.sleep(POLL)
            for address in self.session.blobs - self.fetched:
                await self._fetch(address)
            if self.session.feed:
                await self._look(self.session.feed)
            for fragment, seconds in list(self.session.timers.items()):
                if due.setdefault(fragment, time.monotonic() + seconds) <= time.monotonic():
                    del due[fragment]
                    if not self.session.is_running:
                        await self.session.send(fragment, by_itself=True)

    async def _look(self, feed: str) -> None:
        """Look at a job, and fetch its newest frame."""
        found = json.loads(await self._get(feed) or "{}")
        for step in found.get("frames", [])[-1:]:
            await self._fetch(f"{feed}/frames/{step}")
        if found.get("status") not in ACTIVE and self.session.feed == feed:
            self.session.feed = ""

    async def _fetch(self, address: str) -> None:
        """Get what a browser then keeps."""
        if address not in self.fetched:
            self.fetched.add(address)
            await self._get(address, "Accept-Encoding: gzip\r\n")

    async def _get(self, path: str, more: str = "") -> bytes:
        """What the server answers to a request."""
        host = f"Host: {self.host}:{self.port}\r\nCookie: {self.cookie}\r\n"
        try:
            reader, writer = self.connection = self.connection or await asyncio.open_connection(self.host, self.port)
            writer.write(f"GET /{path} HTTP/1.1\r\n{host}{more}\r\n".encode())
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            length = re.search(r"content-length: (\d+)", head, re.I)
            body = await reader.readexactly(int(length[1]) if length else 0)
        except (OSError, asyncio.IncompleteReadError):
            await self._disconnect()  # the server closes it when it was not used for some seconds
            return await self._get(path, more)
        if not head.startswith("HTTP/1.1 20"):
            self.session.errors.append(f"{path}: {head[:40]}")
        return body

    async def _disconnect(self) -> None:
        """Close the connection, if there is one."""
        (_, writer), self.connection = self.connection or (None, None), None
        if writer:
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()
