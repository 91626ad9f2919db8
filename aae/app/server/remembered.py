"""Results that are kept in memory by what they were made of."""

import functools
import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, TypeVar

R = TypeVar("R")


def content(argument: Any) -> Any:
    """What counts of an argument: of one that has a digest, such as a run, that alone, so that it is not kept."""
    if isinstance(argument, list):
        return tuple(map(content, argument))
    return getattr(argument, "digest", argument)


def remembered(make: Callable[..., R], most: int = 64) -> Callable[..., R]:
    """Decorate a function of positional arguments: its last results are kept, and shared, so not to be changed."""
    kept: OrderedDict[tuple, R] = OrderedDict()
    making = threading.Lock()  # once for all who ask at the same time

    @functools.wraps(make)
    def give(*arguments: Any) -> R:
        key = tuple(map(content, arguments))
        with making:
            if key not in kept:
                kept[key] = make(*arguments)
                if len(kept) > most:
                    kept.popitem(last=False)
            kept.move_to_end(key)
            return kept[key]

    return give
