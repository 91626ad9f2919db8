"""Python and the browser describe the same payloads."""

import re
from pathlib import Path
from typing import get_type_hints

import pytest

from aae.app.browser import payloads

WEB = Path(__file__).resolve().parents[1] / "aae/web"
SCRIPT = "".join(path.read_text() for path in sorted(WEB.glob("payload*.js")))
TYPEDEF = re.compile(r"@typedef \{([^@]*?)\} (\w+)((?:(?!@typedef)[\s\S])*?)\*/")
PROPERTY = re.compile(r"@property \{.*\} (\[?)(\w+)\]?")
IMPORTED = re.compile(r"/\*\* @typedef \{import\(.*\} \w+ \*/")
NAMES = [
    "MapCommon", "MapPayload", "StylePayload", "EncodePayload", "Objective", "Walk",
    "LivePayload", "Phase", "Line", "Progress", "ControlsPayload",
    "PainterPayload", "ClusterScores", "ClustersPayload",
    "Corruption", "Restorer", "DenoisePayload",
    "Prior", "AnomaliesPayload", "ClassifyPayload", "LabelPayload", "SearchPayload",
    "StoryPayload", "StoryScene", "StoryPicture", "TourGoal", "TourPayload",
]  # fmt: skip


def described():
    """The fields of each type of both scripts, and whether they must be there; of intersections, their parts."""
    found = {}
    for base, name, body in TYPEDEF.findall(IMPORTED.sub("", SCRIPT)):
        found[name] = {} if base == "object" else {"&": re.findall(r"\w+", re.sub(r'"\w+"|Omit', "", base))}
        found[name] |= {field: not optional for optional, field in PROPERTY.findall(body)}
    return found


def fields(name, found):
    """The fields of a type with those of its parts."""
    own = {field: needed for field, needed in found[name].items() if field != "&"}
    for part in found[name].get("&", []):
        own |= fields(part, found)
    return own


@pytest.mark.parametrize("name", NAMES)
def test_both_sides_agree_on_fields_and_on_which_may_be_missing(name):
    kind = getattr(payloads, name)
    python = dict.fromkeys(kind.__required_keys__, True) | dict.fromkeys(kind.__optional_keys__, False)
    assert fields(name, described()) == python


@pytest.mark.parametrize("name", [name for name in NAMES if name.endswith("Payload")])
def test_every_payload_says_its_kind(name):
    (kind,) = get_type_hints(getattr(payloads, name))["kind"].__args__
    assert f'@property {{"{kind}"}} kind' in SCRIPT


def test_nothing_is_described_on_one_side_alone():
    mine = {name for name, value in vars(payloads).items() if isinstance(value, type) and hasattr(value, "__total__")}
    parts = {
        "DataFacts",
        "Networks",
        "MapParts",
        "StyleParts",
        "EncodeParts",
        "LiveParts",
        "ModelPayload",
        "UsePayload",
        "RowsPayload",
        "AnyMapPayload",
        "Payload",
    }
    parts |= {"Host", "Link", "Follow", "Staged", "Sight", "Deed"}
    assert described().keys() - parts == mine - parts
