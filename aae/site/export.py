"""The folder of a site: pages, scripts, and files named by their content."""

import contextlib
import hashlib
import json
import os
import tempfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from aae.app.server import blobs
from aae.runs import Run
from aae.site import home, html, pages, rounded

FILES, DATA = "files", "data"
GZIP = 16 + zlib.MAX_WBITS  # what zlib calls a gzip header


def write(out: Path, shown: list[Run], with_images: bool) -> int:
    """Write a site beside its place, then put it there; its size in bytes. Raises OSError."""
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=f".{out.name}.") as folder:
        made = Path(folder) / "site"
        with contextlib.nullcontext() if with_images else without_data():
            Site(made).write(pages.in_order([pages.lighter(run) for run in shown]))
        made.rename(out)  # where nothing is, or an empty folder
    return sum(path.stat().st_size for path in out.rglob("*") if path.is_file())


@contextlib.contextmanager
def without_data() -> Iterator[None]:
    """Make what is made on a machine without data sets: a site is public, and the images are others'."""
    before = os.environ.get("AAE_DATA")
    with tempfile.TemporaryDirectory() as nothing:
        os.environ["AAE_DATA"] = nothing
        try:
            yield
        finally:
            os.environ.pop("AAE_DATA")
            if before is not None:
                os.environ["AAE_DATA"] = before


class Site:
    """A site that is being written."""

    def __init__(self, root: Path):
        self.root = root
        self.names: dict[str, str] = {}  # of files, by the addresses that the app's blobs have
        for folder in (FILES, DATA):
            (root / folder).mkdir(parents=True)

    def write(self, shown: list[Run]) -> None:
        """All pages that can show one of the runs, and the modules."""
        fitting = {name: [run for run in shown if page.fits(run.config)] for name, page in pages.PAGES.items()}
        there = {name: runs for name, runs in fitting.items() if runs}
        menu = ["home", *there] if home.names(shown) else list(there)
        for name, runs in there.items():
            self.write_page(name, pages.payload(name, runs), menu)
        self.write_home(shown, menu)
        for name, content in html.FILES.items():
            path = self.root / html.FOLDER / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)

    def write_home(self, shown: list[Run], menu: list[str]) -> None:
        """The story; where none of its runs is here, the first page once more."""
        if "home" not in menu:
            (self.root / home.address("home")).write_text(html.page(menu[0], menu), encoding="utf-8")
            return
        self.write_page("home", home.payload(shown, menu), menu)
        for name in home.names(shown):
            self.write_data(f"scene-{name}", home.picture(name, shown))

    def write_page(self, name: str, payload: dict[str, Any], menu: list[str]) -> None:
        """A page, and the JSON file of what it shows."""
        self.write_data(name, payload)
        (self.root / home.address(name)).write_text(html.page(name, menu), encoding="utf-8")

    def write_data(self, name: str, value: Any) -> None:
        """A JSON file of what is shown."""
        (self.root / DATA / f"{name}.json").write_bytes(encoded(self.published(value)))

    def published(self, value: Any) -> Any:
        """A payload whose files are those of the site."""
        if isinstance(value, dict):
            made = {key: self.published(each) for key, each in value.items()}
            return {**made, "no_images": pages.ABSENT} if value.get("no_images") else made
        if isinstance(value, list | tuple):
            return [self.published(each) for each in value]
        is_file = isinstance(value, str) and value.startswith(blobs.PATH)
        return self.file(value) if is_file else value

    def file(self, address: str) -> str:
        """The file of a blob, written once; its address in the site."""
        if address not in self.names:
            content, ending = self.stored(blobs.read(address))
            name = f"{FILES}/{hashlib.sha256(content).hexdigest()[:20]}.{ending}"
            (self.root / name).write_bytes(content)
            self.names[address] = name
        return self.names[address]

    def stored(self, content: bytes) -> tuple[bytes, str]:
        """What the site has of a blob, and how its name ends."""
        if content.startswith(b"{"):  # JSON, which may name other files
            return encoded(self.published(json.loads(content))), "json"
        if content[8:12] == b"WEBP":
            return content, "webp"
        return packed(rounded.file(content)), "bin"


def packed(content: bytes) -> bytes:
    """The bytes as gzip, the shorter way: in weights deflate finds repetitions that cost more than they save."""
    ways = [zlib.compressobj(9, wbits=GZIP, strategy=way) for way in (zlib.Z_DEFAULT_STRATEGY, zlib.Z_HUFFMAN_ONLY)]
    return min((each.compress(content) + each.flush() for each in ways), key=len)


def encoded(value: Any) -> bytes:
    """JSON as short as it can be."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()
