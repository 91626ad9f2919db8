"""Results that are kept by content."""

import threading
from dataclasses import dataclass

from aae.app.server.remembered import remembered


@dataclass(frozen=True)
class Item:
    digest: str
    name: str


def test_only_the_digest_of_an_argument_counts_also_in_lists():
    made = []

    @remembered
    def give(items: list[Item], k: int) -> tuple:
        made.append((items, k))
        return (*tuple(item.name for item in items), k)

    assert give([Item("a", "one")], 1) == ("one", 1)
    assert give([Item("a", "another name")], 1) == ("one", 1)
    assert give([Item("b", "other")], 1) == ("other", 1) and give([Item("a", "one")], 2) == ("one", 2)
    assert len(made) == 3


def test_the_longest_unused_goes_first():
    made = []

    def make(k: int) -> int:
        made.append(k)
        return k

    give = remembered(make, most=2)
    for k in (1, 2, 1, 3, 1, 2):
        assert give(k) == k
    assert made == [1, 2, 3, 2]


def test_what_is_kept_waits_for_nothing_that_is_being_made():
    begun, may_end = threading.Event(), threading.Event()

    @remembered
    def give(k: int) -> int:
        if k == 2:
            begun.set()
            assert may_end.wait(60)
        return k

    assert give(1) == 1
    other = threading.Thread(target=give, args=(2,))
    other.start()
    assert begun.wait(60) and give(1) == 1
    may_end.set()
    other.join()
