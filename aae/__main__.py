"""python -m aae train | evaluate | show | export | export-site | list | sweep | trial."""

import os
import signal
import sys

from aae import cluster, data, runs, sweeps, training
from aae.cli import evaluate, export, listing, show, sweep, train, work
from aae.cli.arguments import Parser
from aae.cli.endings import SIGNALLED, Ended
from aae.cli.processes import Lost
from aae.cli.words import say
from aae.config import ConfigError
from aae.site import command as site

USER_ERRORS = (ConfigError, data.DataError, runs.RunError, sweeps.SweepError, cluster.ClusterError)


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
    except Lost as error:
        return say(error, 1)
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
    """Discard what is written from now on to standard output and error, of which one was closed by its reader."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        os.dup2(nowhere, stream.fileno())


def make_parser() -> Parser:
    parser = Parser(prog="python -m aae", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND", parser_class=Parser)
    commands_of = (train, evaluate, show, export, site, work, listing, sweep)
    for add_to in (each.add_to for each in commands_of):
        add_to(commands)
    return parser


if __name__ == "__main__":
    sys.stdout, sys.stderr = (stream or open(os.devnull, "w") for stream in (sys.stdout, sys.stderr))  # noqa: SIM115
    sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]  # names are any bytes
    sys.exit(main())
