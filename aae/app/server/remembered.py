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
    making, looking = threading.Lock(), threading.Lock()  # what is kept does not wait for what is being made

    def look(key: tuple) -> list[R]:
        with looking:
            if key in kept:
                kept.move_to_end(key)
            return [kept[key]] if key in kept else []

    def keep(key: tuple, made: R) -> R:
        with looking:
            kept[key] = made
            if len(kept) > most:
                kept.popitem(last=False)
        return made

    @functools.wraps(make)
    def give(*arguments: Any) -> R:
        key = tuple(map(content, arguments))
        for found in look(key):
            return found
        with making:  # once for all who ask at the same time
            for found in look(key):
                return found
            return keep(key, make(*arguments))

    return give
