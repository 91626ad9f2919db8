"""python -m aae show: a figure of a run as PNG."""

import argparse
import io

from aae import figures, files, runs
from aae.cli.arguments import Commands, path
from aae.config import refuse


def add_to(commands: Commands) -> None:
    """The command and its options."""
    command = commands.add_parser("show", help="draw a figure of a run")
    command.set_defaults(command=show)
    command.add_argument("run", metavar="RUN", help="a run file, or a shipped run's name")
    command.add_argument("--figure", choices=figures.FIGURES, default="manifold")
    command.add_argument("--out", type=path, required=True, metavar="FILE.png")


def show(options: argparse.Namespace) -> int:
    """Write one figure of a run as PNG."""
    out = options.out
    if out.suffix.lower() != ".png":
        raise refuse("--out", str(out), "must end in .png")
    try:
        files.check_place(out)
        run = runs.load(runs.find(options.run))
        picture = figures.enlarge(figures.FIGURES[options.figure](run))
        content = io.BytesIO()
        picture.save(content, "PNG")
        files.write_atomically(out, content.getvalue())
    except OSError as error:
        raise refuse("--out", str(out), f"cannot be written ({error.strerror}): name another file") from error
    print(figures.legend(run, options.figure), end="")
    return 0
