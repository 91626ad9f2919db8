"""The prior of the form: chosen or painted in the browser, and held by the address."""

import base64
import binascii
import zlib

import streamlit as st

from aae.app import links, notices
from aae.app.browser.pad import pad
from aae.app.browser.payloads import PainterPayload
from aae.config.rules import DRAWING, DRAWING_SIDE
from aae.models import priors

KEY = "painter"  # of the component
SHOWN = "prior_shown"  # in the visit: the prior, and what the browser had reported by then
DRAWN = "drawn"
MARK = "drawn."  # before a painted prior in an address

Prior = dict[str, str]  # "prior": its name; "image": the digits of a painted one, or nothing
USUAL = {"prior": "gaussian", "image": ""}


def choose(offered: PainterPayload) -> Prior:
    """Let a prior be chosen or painted; the address holds it."""
    before = st.session_state.get(KEY)
    reported = before.chosen if before else None
    shown, taken = st.session_state.get(SHOWN, (USUAL, None))
    if linked := _asked():
        shown = linked
    elif reported and reported != taken:
        shown = reported
    pad({**offered, "chosen": shown["prior"], "image": shown["image"]}, KEY)
    st.session_state[SHOWN] = shown, reported
    _write(shown)
    return shown


def _asked() -> Prior | None:
    """What the address asks for, where that is new; a bad value is said."""
    asked = links.asked("prior")
    if asked is None or not (asked or st.session_state.get("stays")):
        return None
    text = "".join(asked[-1:])
    prior = parse(text)
    notices.unknown("prior", [] if prior else [text], [*priors.SAMPLERS, f"{MARK}..."], USUAL["prior"])
    return prior or USUAL


def _write(shown: Prior) -> None:
    """Let the address hold the prior, unless it is the usual one, or an empty canvas, which is none."""
    text = "" if shown == USUAL or (not shown["image"].strip("0") and shown["prior"] == DRAWN) else write(shown)
    links.write("prior", [text] if text else [])
    notices.unknown("prior", [], [], shown["prior"])


def write(prior: Prior) -> str:
    """A prior as the address holds it: its name, or its drawing, packed."""
    if prior["prior"] != DRAWN:
        return prior["prior"]
    return MARK + base64.urlsafe_b64encode(zlib.compress(prior["image"].encode(), 9)).decode().rstrip("=")


def parse(text: str) -> Prior | None:
    """The prior of such a text; None of any other."""
    if text == "" or text in priors.SAMPLERS:
        return {"prior": text or USUAL["prior"], "image": ""}
    packed = text.removeprefix(MARK)
    try:
        unpack = zlib.decompressobj()
        content = base64.b64decode(packed + "=" * (-len(packed) % 4), altchars=b"-_", validate=True)
        image = unpack.decompress(content, DRAWING_SIDE**2 + 1).decode("ascii")
    except (binascii.Error, zlib.error, ValueError):
        return None
    return {"prior": DRAWN, "image": image} if text.startswith(MARK) and DRAWING.fullmatch(image) else None
