"""Trained runs as files."""

from aae.runs.format import MAX_BYTES, MAX_CODES, SHOWN, RunError, parse_file, serialize
from aae.runs.run import (
    NUMBER_BYTES,
    RECORD_BYTES,
    SHIPPED,
    SUFFIX,
    Run,
    check_size,
    find,
    finish,
    load,
    parse,
    save,
    shipped,
    shipped_paths,
    to_bytes,
)
from aae.runs.state import load_state, save_state, state_path

__all__ = [
    "MAX_BYTES",
    "MAX_CODES",
    "NUMBER_BYTES",
    "RECORD_BYTES",
    "SHIPPED",
    "SHOWN",
    "SUFFIX",
    "Run",
    "RunError",
    "check_size",
    "find",
    "finish",
    "load",
    "load_state",
    "parse",
    "parse_file",
    "save",
    "save_state",
    "serialize",
    "shipped",
    "shipped_paths",
    "state_path",
    "to_bytes",
]
