"""Run files that visitors open: on disk for the visit, within limits for each visitor and for all together."""

import re
import secrets
import threading
import weakref
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path, PurePath

import streamlit as st

from aae import files, runs
from aae.app import words
from aae.app.runs import runcache, takeaway
from aae.app.runs.runcache import Known
from aae.app.server import scratch, teacher, turns
from aae.runs import titles

MAX_FILES, MAX_BYTES = 8, 200_000_000  # of one visitor; the oldest go first
MAX_ALL = 1_000_000_000  # bytes of all visitors together; likewise
KEY, SAID, COUNT = "uploads", "uploads_said", "uploads_count"
_everyone: OrderedDict[Path, int] = OrderedDict()  # bytes, the oldest first
_lock = threading.Lock()


class Shelf:
    """The files that one visitor has opened, by name; they go when the visit ends."""

    def __init__(self):
        self.files: dict[str, Path] = {}
        weakref.finalize(self, _remove_all, self.files)


def kept() -> dict[str, Path]:
    """The files that this visitor opened, by the names of their runs."""
    mine = _shelf().files
    for name in [name for name, path in mine.items() if not path.is_file()]:
        del mine[name]
        _say(f"{name} was removed: all visitors together may keep {_mb(MAX_ALL)}. Open the file again.")
    return mine


def _shelf() -> Shelf:
    if KEY not in st.session_state:
        st.session_state[KEY] = Shelf()
    return st.session_state[KEY]


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
    path = scratch.folder("opened") / f"{secrets.token_hex(8)}{runs.SUFFIX}"
    files.write_atomically(path, content, durable=False)
    mine = kept()
    if name in mine:
        _remove(mine.pop(name))
    mine[name] = path
    with _lock:
        _everyone[path] = len(content)
    while len(mine) > 1 and (len(mine) > MAX_FILES or sum(map(_size, mine.values())) > MAX_BYTES):
        oldest = next(iter(mine))
        _remove(mine.pop(oldest))
        _say(f"{oldest} was removed: at most {MAX_FILES} files and {_mb(MAX_BYTES)} of a visitor are kept.")
    while len(_everyone) > 1 and sum(list(_everyone.values())) > MAX_ALL:
        _remove(next(iter(_everyone)))
    return path


def _size(path: Path) -> int:
    return _everyone.get(path, 0)


def _remove(path: Path) -> None:
    with _lock:
        _everyone.pop(path, None)
    path.unlink(missing_ok=True)


def _remove_all(mine: dict[str, Path]) -> None:
    for path in mine.values():
        _remove(path)


def _mb(n: int) -> str:
    return f"{n / 1e6:,.0f} MB"


def _say(line: str) -> None:
    """Keep a line that popover() shows, until another file is opened."""
    if line:
        st.session_state.setdefault(SAID, []).append(line)


def popover(shown: Known | None, show: Callable[[Known], str]) -> None:
    """A menu to save the run that is shown, and to open a run file; show() shows what was opened, or says why not."""
    key = f"upload-{st.session_state.get(COUNT, 0)}"
    limit = runs.MAX_BYTES // 2**20
    with st.popover("File", icon=":material/folder_open:"):
        if teacher.may_upload():
            st.file_uploader(
                f"Open a run file (at most {limit} MB)",
                type="safetensors",
                max_upload_size=limit,
                key=key,
                on_change=accept,
                args=(key, show),
            )
        else:
            st.caption(teacher.NO_UPLOADS)
        if shown:
            st.download_button(
                f"Save {words.markdown(shown.title)}",
                lambda: runs.to_bytes(runcache.load(shown)),
                f"{shown.name.removesuffix(titles.OPENED)}.safetensors",
                on_click="ignore",
                icon=":material/download:",
            )
            if st.button("For other programs…", key=f"take-away-{key}", help="ONNX, CSV, a model card, a snippet"):
                takeaway.show(shown)
    for line in st.session_state.get(SAID, []):
        st.error(line)
