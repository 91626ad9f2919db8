"""Which folders of an archive are its classes."""

import re
from collections import Counter

from aae.config.datasets import MAX_CLASSES
from aae.texts import shown

SPLITS = {"train", "training", "trainset", "test", "testing", "testset", "val", "valid", "validation", "fold"}


def class_level(folders: list[tuple[str, ...]]) -> int | None:
    """The outermost level of folders that separates images and is no split into training and test, or None.

    Of several, the first with as many classes as are allowed.
    """
    depth = max(map(len, folders), default=0)
    levels = [{each[i] for each in folders if len(each) > i} for i in range(depth)]
    separating = [i for i, names in enumerate(levels) if len(names) > 1 and not is_split(names)]
    return next((i for i in separating if len(levels[i]) <= MAX_CLASSES), separating[0] if separating else None)


def is_split(names: set[str]) -> bool:
    """Whether the folders of a level are parts for training and testing, and not classes."""
    n = sum(not SPLITS.isdisjoint(re.split(r"[\W_\d]+", name.lower())) for name in names)
    return n == len(names) or n > 1


def inside(folders: list[tuple[str, ...]], level: int) -> str:
    """Where the class folders lie, in words."""
    above = Counter("/".join(each[:level]) for each in folders if len(each) > level)
    named = [f"{shown(name)}/" for name in above if name]
    return f"Classes are the folders in {' and '.join(named[:3])}." if 1 <= len(named) <= 3 else ""


def only_name(folders: list[tuple[str, ...]]) -> str:
    """The name of the one class of images that no folder separates: of their common folder, if they have one."""
    common = {each[-1] for each in folders if each and not is_split({each[-1]})}
    return common.pop() if len(common) == 1 and all(folders) else ""


def natural(name: str) -> tuple:
    """A key that sorts names as people do: 2 before 10, whatever the case."""
    parts = re.split(r"([0-9]+)", name.casefold())
    return [int(part) if i % 2 else part for i, part in enumerate(parts)], name
