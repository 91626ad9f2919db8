"""How every benchmark is called and answers: text for people, or one flat JSON object."""

import json
import os
import platform
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch

from aae import files
from aae.cli.arguments import Parser, between
from aae.training import bfloat16_is_fast

KEPT = Path(__file__).parent / "results" / "speed.json"
MOST = 1_000_000  # of any number on the command line
SEEDS = between(1, 1000)


def parser(about: str | None) -> Parser:
    """The parser of a benchmark's command line, whose errors are one line."""
    return Parser(prog=f"python -m benchmarks.{Path(sys.argv[0]).stem}", description=about)


def run(measure: Callable[..., dict[str, float]], meanings: dict[str, str], **defaults: int) -> None:
    """Call measure with its numbers from the command line; print each result beside its meaning."""
    command = parser(measure.__doc__)
    command.add_argument("--json", action="store_true", help="print one flat object")
    command.add_argument("--keep", action="store_true", help="for docs/results.md (python -m benchmarks.results)")
    for name, value in defaults.items():
        number = between(min(1, value), MOST)
        command.add_argument(f"--{name}", type=number, default=value, metavar="N", help=f"default: {value}")
    options = vars(command.parse_args())
    as_json, to_keep = options.pop("json"), options.pop("keep")
    results = measure(**options)
    if to_keep:
        keep(measure.__globals__["__spec__"].name.rpartition(".")[2], results, meanings)
    if as_json:
        print(json.dumps(results))
        return
    for name, figure in results.items():
        print(f"{name:<28}{figure:>12.4g}  {meanings[name]}")


def kept() -> dict[str, Any]:
    """The kept figures by benchmark: {"machine": text, "figures": {name: [value, meaning]}}."""
    return json.loads(KEPT.read_text()) if KEPT.exists() else {}


def keep(name: str, results: dict[str, float], meanings: dict[str, str]) -> None:
    """Put a benchmark's figures into the file, in place of its earlier ones."""
    figures = {key: [value, meanings[key]] for key, value in results.items()}
    everything = {**kept(), name: {"machine": machine(), "figures": figures}}
    files.write_atomically(KEPT, (json.dumps(dict(sorted(everything.items())), indent=1) + "\n").encode())


def machine() -> str:
    """The processor, as far as its speed depends on it."""
    units = "with" if bfloat16_is_fast() else "without"
    vectors, cores = torch.backends.cpu.get_cpu_capability(), len(os.sched_getaffinity(0))
    return f"{cores} shared {platform.machine()} cores ({vectors}, {units} bfloat16 units), torch {torch.__version__}"
