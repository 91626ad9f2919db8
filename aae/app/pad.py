"""Canvases in the browser: the latent pad, on which codes are decoded under the pointer, and a group's controls."""

from pathlib import Path
from typing import Any

import streamlit as st

from aae.app import links

HERE = Path(__file__).parent
SCRIPTS = (
    "decoder.js",
    "geometry.js",
    "group.js",
    "names.js",
    "frame.js",
    "readout.js",
    "export.js",
    "view.js",
    "pad.js",
    "sketch.js",
    "styles.js",
    "network.js",
    "live.js",
)
_PAINTED = {"prior": "gaussian", "image": ""}


def _read(*names: str) -> str:
    """The texts of files beside this one, joined."""
    return "\n".join((HERE / name).read_text(encoding="utf-8") for name in names)


_PAD = st.components.v2.component("aae_pad", html=_read("pad.html"), css=_read("pad.css"), js=_read(*SCRIPTS))
_CONTROLS = st.components.v2.component(
    "aae_controls", html=_read("controls.html"), css=_read("controls.css"), js=_read("group.js", "controls.js")
)
_PAINTER = st.components.v2.component(
    "aae_painter", html=_read("painter.html"), css=_read("painter.css"), js=_read("painter.js")
)


def pad(data: dict[str, Any], key: str, linked: bool = False) -> None:
    """Show the pad; linked: it starts where the page's address says, and the address follows where it is let go."""
    start = _read_link(data) if linked else {}
    _PAD(
        key=key,
        data={**data, **start},
        default={"position": None, "status": None},
        on_position_change=lambda: linked and _write_link(st.session_state[key].position),
        on_status_change=lambda: None,  # the page is run anew: a training has begun or ended
    )


def _read_link(data: dict[str, Any]) -> dict[str, Any]:
    """Where the address says that the pad begins: a place, pins, a test image, an enlarged digit."""
    start = {"cursor": links.read_points("z")[:1], "pins": links.read_points("pins")}
    if data.get("linked") == "image":
        start["image"] = links.read_number("image", data["n"])
    if data.get("encoder"):
        start["chosen"] = links.read_number("digit", len(data["class_names"]))
    return start


def _write_link(position: dict[str, Any]) -> None:
    """Put {"z": [u, v], "pins": [[u, v], ...], "image": i, "chosen": k} into the address."""
    links.write_points("z", [position["z"]])
    links.write_points("pins", position["pins"])
    links.write_number("image", position.get("image"))
    links.write_number("digit", position.get("chosen"))


def controls(data: dict[str, Any], key: str) -> None:
    """Show the controls of a group of pads: {"group": its name, "epochs": [...], "runs": [names]}."""
    _CONTROLS(key=key, data=data)


def painter(data: dict[str, Any], key: str) -> dict[str, str]:
    """Let a prior be chosen or painted: {"prior": its name, "image": a drawing's digits}."""
    before, kept = st.session_state.get(key), f"{key}-kept"  # which outlives the page
    chosen = (before.chosen if before else None) or st.session_state.get(kept, _PAINTED)
    told = {**data, "chosen": chosen["prior"], "image": chosen["image"]}
    now = _PAINTER(key=key, data=told, default={"chosen": None}, on_chosen_change=lambda: None).chosen or chosen
    st.session_state[kept] = now
    return now
