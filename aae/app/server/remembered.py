"""Results that are kept in memory by what they were made of."""

import functools
import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, Generic, TypeVar

R = TypeVar("R")


def content(argument: Any) -> Any:
    """What counts of an argument: of one that has a digest, such as a run, that alone, so that it is not kept."""
    if isinstance(argument, list):
        return tuple(map(content, argument))
    return getattr(argument, "digest", argument)


class Kept(Generic[R]):
    """The results that were used last, by their keys."""

    def __init__(self, most: int):
        self.most = most
        self.results: OrderedDict[tuple, R] = OrderedDict()
        self.looking = threading.Lock()

    def find(self, key: tuple) -> list[R]:
        """The result of this key in a list, which is empty where there is none."""
        with self.looking:
            if key in self.results:
                self.results.move_to_end(key)
            return [self.results[key]] if key in self.results else []

    def keep(self, key: tuple, made: R) -> R:
        """Keep the result, in the place of the one that was not used for the longest time."""
        with self.looking:
            self.results[key] = made
            if len(self.results) > self.most:
                self.results.popitem(last=False)
        return made


def remembered(make: Callable[..., R], most: int = 64) -> Callable[..., R]:
    """Decorate a function of positional arguments: its last results are kept, and shared, so not to be changed."""
    kept, making = Kept[R](most), threading.Lock()  # what is kept does not wait for what is being made

    @functools.wraps(make)
    def give(*arguments: Any) -> R:
        key = tuple(map(content, arguments))
        for found in kept.find(key):
            return found
        with making:  # once for all who ask at the same time
            for found in kept.find(key):
                return found
            return kept.keep(key, make(*arguments))

    return give
