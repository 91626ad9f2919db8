"""Bad inputs that Hypothesis invents: sound files that somebody damaged, and values of any kind."""

import contextlib
import time

from hypothesis import HealthCheck, settings
from hypothesis import strategies as some

MOST = 400  # characters of a message
SECONDS = 20  # for one input, on a machine that is busy with other tests
settings.register_profile(  # the same inputs every time: what a change breaks is seen on that change
    "tests", derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck)
)
settings.register_profile("long", parent=settings.get_profile("tests"), derandomize=False, max_examples=5000)
settings.load_profile("tests")

texts = some.text(max_size=40) | some.sampled_from(["", " ", "\0", "../..", "nan", "9" * 5000, "<b>", "[" * 5000, "\n"])
values = some.recursive(
    some.none() | some.booleans() | some.integers() | some.floats(allow_subnormal=False) | texts,
    lambda inner: some.lists(inner, max_size=4) | some.dictionaries(texts, inner, max_size=4),
    max_leaves=8,
)


@some.composite
def damaged(draw, sound: bytes) -> bytes:
    """Bytes of which some were changed, cut out, or repeated."""
    content = bytearray(sound)
    for _ in range(draw(some.integers(1, 4))):
        near = draw(some.sampled_from([64, 4096, len(sound)]))  # heads decide more than the rest
        start = draw(some.integers(0, max(0, min(near, len(content)) - 1)))
        stop = start + draw(some.sampled_from([0, 1, 8, 200, len(content)]))
        content[start:stop] = draw(some.binary(max_size=12) | some.just(bytes(content[start : start + 50]) * 2))
    return bytes(content)


@contextlib.contextmanager
def refused_in_a_line(*errors):
    """The block ends soon, well or with one of the errors, whose message is one short line."""
    begin = time.monotonic()
    try:
        yield
    except errors as error:
        text = str(error)
        assert text and "\n" not in text and len(text) <= MOST, text
    assert time.monotonic() - begin < SECONDS
