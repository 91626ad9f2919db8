"""What tests of a page have in common: it is opened by an address, and what it shows is read."""

import json
from pathlib import Path

from safetensors.torch import load
from streamlit.testing.v1 import AppTest

from aae.app.server import blobs

MAIN = Path(__file__).resolve().parents[1] / "aae/app/main.py"


def open_page(page, **query):
    """The page of this name, opened by an address with this query."""
    app = AppTest.from_file(MAIN, default_timeout=120)
    for key, value in query.items():
        app.query_params[key] = value
    return app.run().switch_page(f"../../pages/{page}.py").run()


def payload(app):
    """What the first component of a page is given."""
    return json.loads(app.get("bidi_component")[0].proto.json)[0]


def said(app):
    """All captions of a page."""
    return " ".join(caption.value for caption in app.caption)


def read(address):
    """The tensors of a published file."""
    path = blobs._file(address.removeprefix(blobs.PATH))
    content = path.read_bytes()
    return load(blobs.gzip.decompress(content) if path.suffix == ".gz" else content)
