"""Data sets: the known ones, and custom ones."""

from aae.data.fitting import LEAST_VALIDATION, Source, check, fit, stored, unstored
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
    load_train,
    load_training,
    missing_files,
    own_labels,
    version,
)

__all__ = [
    "LEAST_VALIDATION",
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
    "load_train",
    "load_training",
    "missing_files",
    "own_labels",
    "root",
    "stored",
    "unstored",
    "version",
]
