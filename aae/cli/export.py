"""python -m aae export: a run for other programs."""

import argparse
from collections.abc import Callable

from aae import files, runs
from aae.cli.arguments import Commands, path
from aae.config import refuse
from aae.runs import card, export

FORMATS: dict[str, tuple[str, Callable[[runs.Run], bytes]]] = {
    ".zip": ("ONNX", export.onnx),
    ".csv": ("codes", lambda run: export.codes(run).encode()),
    ".md": ("model card", lambda run: card.card(run).encode()),
}


def add_to(commands: Commands) -> None:
    """The command and its options."""
    command = commands.add_parser("export", help="write encoder and decoder as ONNX, codes as CSV, or a model card")
    command.set_defaults(command=write)
    command.add_argument("run", metavar="RUN", help="a run file, or a shipped run's name")
    command.add_argument("--out", type=path, required=True, metavar="FILE.zip|.csv|.md")


def write(options: argparse.Namespace) -> int:
    """Write one file; its ending says which."""
    out = options.out
    if out.suffix.lower() not in FORMATS:
        *most, last = (f"{ending} ({what})" for ending, (what, _) in FORMATS.items())
        raise refuse("--out", str(out), f"must end in {', '.join(most)} or {last}")
    try:
        files.check_place(out)
        run = runs.load(runs.find(options.run))
        files.write_atomically(out, FORMATS[out.suffix.lower()][1](run))
    except OSError as error:
        raise refuse("--out", str(out), f"cannot be written ({error.strerror}): name another file") from error
    return 0
