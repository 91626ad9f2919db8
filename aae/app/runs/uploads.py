"""Run files that visitors open: in the folder that servers share, within limits for each visitor and for all together.

A visitor's lie in a folder whose name is a digest of their secret, for some hours.
"""

import contextlib
import hashlib
import re
import time
from collections.abc import Callable, Iterable
from pathlib import Path, PurePath
from typing import Any

import streamlit as st

from aae import files, runs
from aae.app import words
from aae.app.runs import live, runcache, takeaway
from aae.app.runs.runcache import Known
from aae.app.server import identity, shared, teacher, turns
from aae.files import stamps
from aae.runs import titles

MAX_FILES, MAX_BYTES = 8, 200_000_000  # of one visitor; the oldest go first
MAX_ALL = 1_000_000_000  # bytes of all visitors together; likewise
KEEP, LOOK = 12 * 3600, 600  # seconds that a file is kept; from one look for older ones to the next
SEEN, SAID, COUNT = "uploads_seen", "uploads_said", "uploads_count"
_looked: float = -LOOK  # when that was, by time.monotonic()


def kept() -> dict[str, Path]:
    """The files that this visitor opened, by the names of their runs, the oldest first."""
    now_and_then()
    mine = {path.stem: path for path, _ in _by_age(_folder().glob(f"*{runs.SUFFIX}"))}
    for name in st.session_state.get(SEEN, []):
        if name not in mine:
            limit = f"{_mb(MAX_ALL)} of all visitors are kept, for {KEEP // 3600} hours"
            _say(f"{name} was removed: {limit}. Open the file again.")
    st.session_state[SEEN] = list(mine)
    return mine


def _folder() -> Path:
    return _root() / hashlib.sha256(identity.owner().encode()).hexdigest()[:32]


def _root() -> Path:
    return shared.folder("opened")


def _everybody() -> list[tuple[Path, int]]:
    return _by_age(_root().glob(f"*/*{runs.SUFFIX}"))


def _by_age(paths: Iterable[Path]) -> list[tuple[Path, int]]:
    """Those that are there, and their sizes, the oldest first."""
    return [(Path(path), size) for path, _, size in sorted(stamps(paths), key=lambda each: each[1])]


def now_and_then() -> None:
    """Remove what is too old."""
    global _looked
    if time.monotonic() - _looked > LOOK:
        _looked = time.monotonic()
        for path, changed, _ in stamps(path for path, _ in _everybody()):
            if time.time() - changed / 1e9 > KEEP:
                _remove(Path(path))


def _remove(path: Path) -> None:
    """Remove a file, and its folder with the last one."""
    with contextlib.suppress(OSError):
        files.remove(path)
        path.parent.rmdir()


def safe_name(file_name: str) -> str:
    """A name to show and to choose by, of letters, digits and dashes: never a path, never a shipped run's."""
    stem = re.sub(r"[^\w-]+", "-", PurePath(file_name).stem).strip("-")[:40] or "run"
    return f"{stem}{titles.OPENED}"


def accept(key: str, show: Callable[[Known], str]) -> None:
    """Open the file that was just chosen and show it; what cannot be done is said."""
    file = st.session_state[key]
    st.session_state[SAID] = []
    if file is None:
        return
    name = safe_name(file.name)
    try:
        content = file.getvalue()
        turns.parse_alone(runs.parse, content, name)
        known = keep(name, content)
    except runs.RunError as error:
        _say(str(error))
        return
    except OSError as error:
        _say(f"{name}: cannot be stored ({error.strerror or error}): make room on the disk, then open it again.")
        return
    st.session_state[COUNT] = st.session_state.get(COUNT, 0) + 1  # another widget: this one would hold the file
    _say(show(known))


def keep(name: str, content: bytes) -> Known:
    """Keep the bytes of a run file as one that the visitor opened. Raises RunError, OSError."""
    return runcache.look(_keep(name, content), name)


def _keep(name: str, content: bytes) -> Path:
    """Store the file; what is then too much goes. Raises OSError."""
    path = _folder() / f"{name}{runs.SUFFIX}"
    files.write_atomically(path, content, durable=False)
    mine = _by_age(_folder().glob(f"*{runs.SUFFIX}"))
    for oldest in _make_room(mine, MAX_FILES, MAX_BYTES):
        _say(f"{oldest.stem} was removed: at most {MAX_FILES} files and {_mb(MAX_BYTES)} of a visitor are kept.")
    st.session_state[SEEN] = [each.stem for each, _ in mine]
    everybody = _everybody()
    _make_room(everybody, len(everybody), MAX_ALL)
    return path


def _make_room(kept: list[tuple[Path, int]], most: int, n_bytes: int) -> list[Path]:
    """Remove the first of the files, until the rest are few and small enough, or one; those that went."""
    gone = []
    while len(kept) > 1 and (len(kept) > most or sum(size for _, size in kept) > n_bytes):
        path, _ = kept.pop(0)
        _remove(path)
        gone.append(path)
    return gone


def _mb(n: int) -> str:
    return f"{n / 1e6:,.0f} MB"


def _say(line: str) -> None:
    """Keep a line that popover() shows, until another file is opened."""
    if line:
        st.session_state.setdefault(SAID, []).append(line)


def popover(shown: Known | None, show: Callable[[Known], str]) -> None:
    """A menu to save the run that is shown, and to open a run file; show() shows what was opened, or says why not."""
    key = f"upload-{st.session_state.get(COUNT, 0)}"
    with st.popover("File", icon=":material/folder_open:"):
        if live.may_upload():
            limit = runs.MAX_BYTES // 2**20
            accepted: dict[str, Any] = {"type": "safetensors", "max_upload_size": limit}
            label = f"Open a run file (at most {limit} MB)"
            st.file_uploader(label, **accepted, key=key, on_change=accept, args=(key, show))
        else:
            st.caption(teacher.NO_UPLOADS)
        if shown:
            save(shown, key)
    for line in st.session_state.get(SAID, []):
        st.error(line)


def save(shown: Known, key: str) -> None:
    """Buttons to save the run as its file, or in formats of other programs."""
    name = f"{shown.name.removesuffix(titles.OPENED)}.safetensors"
    once: dict[str, Any] = {"on_click": "ignore", "icon": ":material/download:"}
    st.download_button(f"Save {words.markdown(shown.title)}", lambda: runs.to_bytes(runcache.load(shown)), name, **once)
    if st.button("For other programs…", key=f"take-away-{key}", help="ONNX, CSV, a model card, a snippet"):
        takeaway.show(shown)
