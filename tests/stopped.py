"""The command line, told to stop before a step, in float32; python -m tests.stopped STEP WORD ... for torchrun."""

import itertools
import signal
import sys
from unittest import mock

from aae import training
from aae.__main__ import main
from aae.cli import train


def main_until(step, words):
    """The exit code; steps are counted from where this begins."""
    asked = itertools.count()

    def told(received):
        if next(asked) >= step:
            received.append(signal.SIGTERM)
        return bool(received)

    exact = mock.patch.object(training.loop, "bfloat16_is_fast", lambda *_: False)
    with mock.patch.object(train, "told", told), exact:
        return main(words)


if __name__ == "__main__":
    sys.exit(main_until(int(sys.argv[1]), sys.argv[2:]))
