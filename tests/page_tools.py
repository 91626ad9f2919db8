"""What tests of a page have in common: it is opened by an address, and what it shows is read."""

import json
from pathlib import Path

from safetensors.torch import load
from streamlit.testing.v1 import AppTest

from aae.app.server import blobs

MAIN = Path(__file__).resolve().parents[1] / "aae/app/main.py"


def open_page(page, state=None, /, **query):
    """The page of this name, opened by an address with this query, in a visit that holds this state."""
    app = AppTest.from_file(MAIN, default_timeout=120)
    for key, value in (state or {}).items():
        app.session_state[key] = value
    app.query_params.update(query)
    app.run().switch_page(f"../../pages/{page}.py").run()
    assert not app.exception
    return app


def press(app, label):
    """Press the first button with this label."""
    next(button for button in app.button if button.label == label).click().run()
    assert not app.exception


def components(app):
    """What each component of a page is given."""
    return [json.loads(element.proto.json)[0] for element in app.get("bidi_component")]


def maps(app):
    """The runs on the maps of a page."""
    return [each["run"] for each in components(app) if "run" in each]


def payload(app):
    """What the first component of a page is given."""
    return components(app)[0]


def said(app):
    """All captions of a page."""
    return " ".join(caption.value for caption in app.caption)


def read(address):
    """The tensors of a published file."""
    path = blobs._file(address.removeprefix(blobs.PATH))
    content = path.read_bytes()
    return load(blobs.gzip.decompress(content) if path.suffix == ".gz" else content)
