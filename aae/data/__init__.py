"""Data sets: the known ones, and custom ones."""

from aae.data.fitting import Source, check, fit, stored, unstored
from aae.data.readers import DataError, Missing, root
from aae.data.sets import (
    UNLABELED,
    Data,
    Images,
    custom_path,
    describe,
    describe_for,
    hide_labels,
    load,
    load_for,
    load_test,
    missing_files,
    version,
)

__all__ = [
    "UNLABELED",
    "Data",
    "DataError",
    "Images",
    "Missing",
    "Source",
    "check",
    "custom_path",
    "describe",
    "describe_for",
    "fit",
    "hide_labels",
    "load",
    "load_for",
    "load_test",
    "missing_files",
    "root",
    "stored",
    "unstored",
    "version",
]
