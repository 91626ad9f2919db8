"""Folders in a store: an fsspec URL in the place of a local folder; of local folders nothing here is loaded."""

import contextlib
import logging
import os
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aae.storage.mirror import Mirror

LOCAL = ("file", "local")  # schemes of local folders
mirrors: dict[str, "Mirror"] = {}  # by their URLs
_changing = threading.Lock()
_follower: threading.Thread | None = None


def is_url(text: str) -> bool:
    """Whether this names a store, and no local folder."""
    scheme, sign, _ = text.partition("://")
    return bool(sign) and scheme.isalnum() and scheme not in LOCAL


def place(text: str) -> Path:
    """The local folder of a path or of an fsspec URL, which is mirrored there from now on. Raises OSError."""
    if not is_url(text):
        scheme, sign, rest = text.partition("://")
        return Path(os.path.expanduser(rest if sign and scheme in LOCAL else text))
    mirror = _mirror(text.rstrip("/"))
    return mirror.folder


def check_url(text: str) -> None:
    """Raise OSError, with the remedy in its strerror, for a URL that no store can have; none is asked."""
    from aae.storage.objects import Objects

    Objects(text)


def place_one(text: str) -> Path:
    """The local folder of a path, or of a URL whose neighbours are not mirrored as yet. Raises OSError."""
    if not is_url(text):
        return place(text)
    url, _, name = text.rstrip("/").rpartition("/")
    mirror = _mirror(url, whole=False)
    mirror.pull(mirror.folder / name)
    return mirror.folder / name


def _mirror(url: str, whole: bool = True) -> "Mirror":
    from aae.storage.mirror import Mirror

    with _changing:
        if url not in mirrors:
            mirrors[url] = Mirror(url)
            with contextlib.suppress(OSError):  # which is noted: what is there comes when the store answers
                if whole:
                    mirrors[url].pull(mirrors[url].folder)
        return mirrors[url]


def of(path: Path) -> "Mirror | None":
    """The mirror that a path is in; None of a local one."""
    if not mirrors:
        return None
    return next((mirror for mirror in [*mirrors.values()] if path.is_relative_to(mirror.folder)), None)


def address(path: Path) -> str:
    """A path for another process: its URL, or the whole local path."""
    if mirror := of(path):
        return f"{mirror.objects.url}/{mirror.name(path)}".removesuffix("/.")
    return str(path.resolve())


def shown(path: Path) -> str:
    """A path in a message: of a mirrored one its name in the store, of which visitors need not know where it is."""
    mirror = of(path)
    return f"{mirror.name(path)} in the store" if mirror else str(path)


def problem(path: Path) -> str:
    """Why the store of a path does not answer, in a line; else nothing."""
    mirror = of(path)
    return mirror.objects.problem if mirror else ""


def be_patient(seconds: float) -> None:
    """Let this process wait so long for a store that does not answer."""
    from aae.storage import objects

    objects.be_patient(seconds)


def follow() -> None:
    """Keep all mirrors as their stores are from now on, in a thread."""
    global _follower
    with _changing:
        if _follower is None:
            _follower = threading.Thread(target=_follow, name="storage", daemon=True)
            _follower.start()


def _follow() -> None:
    while True:
        time.sleep(1.0)
        for mirror in [*mirrors.values()]:
            try:
                mirror.look()
            except Exception:
                logging.getLogger(__name__).exception("%s could not be looked at", mirror.objects.url)
