"""python -m aae train | evaluate | show | list."""

import os
import signal
import sys

from aae import data, figures, runs, training
from aae.cli.arguments import Parser, path, whole
from aae.cli.endings import SIGNALLED, Ended
from aae.cli.evaluate import evaluate
from aae.cli.listing import list_all
from aae.cli.show import show
from aae.cli.train import train
from aae.cli.words import say
from aae.cli.work import work
from aae.config import CHOICES, PRESETS, ConfigError

USER_ERRORS = (ConfigError, data.DataError, runs.RunError)


def main(arguments: list[str] | None = None) -> int:
    """Run one command; the exit code: 0, 1 for training that failed, 2 for wrong input, 128 + n after signal n."""
    words = sys.argv[1:] if arguments is None else arguments
    try:
        try:
            return run(words)
        finally:
            sys.stdout.flush()  # a closed pipe is noticed here
    except BrokenPipeError:
        silence()
        return SIGNALLED + signal.SIGPIPE


def run(words: list[str]) -> int:
    """Run the command of these words; its exit code; an error is printed in one line."""
    options = make_parser().parse_args(words)
    options.words = words
    try:
        return options.command(options)
    except USER_ERRORS as error:
        return say(error, 2)
    except training.Diverged as error:
        return say(f"stopped: {error}", 1)
    except BrokenPipeError:
        raise
    except OSError as error:
        return say(f"{error.filename or 'input or output'}: {error.strerror or error}", 2)
    except (MemoryError, RuntimeError) as error:
        if isinstance(error, RuntimeError) and "allocate" not in str(error):
            raise
        return say(f"out of memory ({error}): set a smaller network, or a smaller batch_size", 1)
    except Ended as ended:
        return say("stopped before the training began", SIGNALLED + ended.args[0])
    except KeyboardInterrupt:
        return say("stopped", SIGNALLED + signal.SIGINT)


def silence() -> None:
    """Write nowhere from now on: the reader of standard output, or error, has gone."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        os.dup2(nowhere, stream.fileno())


def make_parser() -> Parser:
    parser = Parser(prog="python -m aae", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND", parser_class=Parser)

    command = commands.add_parser("train", help="train a preset and write its run file")
    command.set_defaults(command=train)
    command.add_argument("preset", metavar="PRESET", help=f"one of {', '.join(PRESETS)}")
    command.add_argument(
        "--data",
        metavar="D",
        help=f"one of {', '.join(CHOICES['dataset'])}, or a .zip, .tar, .npz or .npy file, or a folder, of your own",
    )
    command.add_argument("--prior-image", type=path, metavar="FILE", help="the picture that prior=drawn is of")
    command.add_argument("--epochs", type=whole, metavar="N")
    command.add_argument("--seed", type=whole, metavar="S")
    command.add_argument("--set", action="append", default=[], metavar="FIELD=VALUE", help="any field of aae.config")
    command.add_argument(
        "--out", type=path, metavar="FILE", help="the run file (default: runs/PRESET-seedS.safetensors)"
    )
    command.add_argument("--resume", action="store_true", help="go on from where the run of this name was stopped")
    command.add_argument("--snapshots", type=whole, default=10, metavar="N", help="keep the test codes every N epochs")
    command.add_argument("--threads", type=whole, default=1, metavar="T", help="of the processor (default: 1)")

    command = commands.add_parser("evaluate", help="measure runs on the test images of their data set")
    command.set_defaults(command=evaluate)
    command.add_argument("runs", nargs="+", metavar="RUN", help="a run file, or a shipped run's name")
    command.add_argument("--json", action="store_true", help="print a list with one object a run")

    command = commands.add_parser("show", help="draw a figure of a run")
    command.set_defaults(command=show)
    command.add_argument("run", metavar="RUN", help="a run file, or a shipped run's name")
    command.add_argument("--figure", choices=figures.FIGURES, default="manifold")
    command.add_argument("--out", type=path, required=True, metavar="FILE.png")

    command = commands.add_parser("work", help="train a job of the app, as long as standard input is open")
    command.set_defaults(command=work)
    command.add_argument("folder", type=path, metavar="FOLDER")

    commands.add_parser("list", help="presets, and the runs that are shipped").set_defaults(command=list_all)
    return parser


if __name__ == "__main__":
    sys.stdout, sys.stderr = (stream or open(os.devnull, "w") for stream in (sys.stdout, sys.stderr))  # noqa: SIM115
    sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]  # names are any bytes
    sys.exit(main())
