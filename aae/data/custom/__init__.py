"""Custom data: a data set as an archive, arrays or a folder, a density as a picture; checked before use."""

from aae.data.custom.drawings import drawing_picture, parse_drawing, read_drawing
from aae.data.custom.limits import MAX_BYTES, MAX_IMAGES, MIN_IMAGES, SUMMARY
from aae.data.custom.owners import Owned, claim, owned, remove
from aae.data.custom.parsing import SUFFIXES, CustomData, parse, parse_folder
from aae.data.custom.report import Report
from aae.data.custom.store import is_custom, keep, name_of, parse_path, touch

__all__ = [
    "MAX_BYTES",
    "MAX_IMAGES",
    "MIN_IMAGES",
    "SUFFIXES",
    "SUMMARY",
    "CustomData",
    "Owned",
    "Report",
    "claim",
    "drawing_picture",
    "is_custom",
    "keep",
    "name_of",
    "owned",
    "parse",
    "parse_drawing",
    "parse_folder",
    "parse_path",
    "read_drawing",
    "remove",
    "touch",
]
