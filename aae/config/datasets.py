"""What is known of data sets without their images: titles, shapes, the names of the classes, counts."""

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from types import MappingProxyType
from typing import Any

from aae.texts import quoted

MAX_CLASSES = 100
MAX_NAME = 60  # characters of a title, or of a class's name
MAX_IMAGES = 10**9
MAX_SIDE = 1024  # pixels of an image, in height and in width
UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")  # controls, half letters


@dataclass(frozen=True)
class Description:
    """A data set as a run's header has it. Raises ValueError for what cannot be one."""

    title: str
    shape: tuple[int, int, int]  # of an image: channels, height, width
    classes: tuple[str, ...]  # the names, in the order of the labels
    n_train: int  # images; 0 where it is not known
    n_test: int
    noun: str = "class"  # what one of the classes is called
    centred: bool = True  # by mass in a margin, as MNIST is; else what is drawn fills the image

    def __post_init__(self):
        for name, value in asdict(self).items():
            if not _CHECKS[name](value):
                raise ValueError(f"data.{name} is {quoted(value)}: must be {_RULES[name]}")

    @classmethod
    def from_json(cls, values: Any) -> "Description":
        """The description that to_json() wrote; fields of newer versions are left out. Raises ValueError."""
        if not isinstance(values, dict):
            raise ValueError(f"data is {quoted(values)}: must be an object of named fields")
        given = {name: values[name] for name in _CHECKS if name in values}
        if missing := sorted({"title", "shape", "classes", "n_train", "n_test"} - set(given)):
            raise ValueError(f"data.{missing[0]} is missing")
        ready: dict[str, Any] = {name: tuple(x) if isinstance(x, list) else x for name, x in given.items()}
        return cls(**ready)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def n_classes(self) -> int:
        return len(self.classes)

    @property
    def nouns(self) -> str:
        """What several of the classes are called."""
        return self.noun + ("es" if self.noun.endswith("s") else "s")


def _is_name(value: Any) -> bool:
    """Whether a text can be shown: of bounded length, in one line, in the order in which it is written."""
    return isinstance(value, str) and 0 < len(value) <= MAX_NAME and not UNSAFE.search(value)


def _are_names(value: Any) -> bool:
    sound = isinstance(value, tuple) and 0 < len(value) <= MAX_CLASSES and all(map(_is_name, value))
    return sound and len(set(value)) == len(value)


def _is_shape(value: Any) -> bool:
    return isinstance(value, tuple) and len(value) == 3 and all(type(n) is int and 0 < n <= MAX_SIDE for n in value)


def _is_count(value: Any) -> bool:
    return type(value) is int and 0 <= value <= MAX_IMAGES


_CHECKS = {
    "title": _is_name,
    "shape": _is_shape,
    "classes": _are_names,
    "n_train": _is_count,
    "n_test": _is_count,
    "noun": _is_name,
    "centred": lambda value: isinstance(value, bool),
}
_NAME_RULE = f"1 to {MAX_NAME} characters without control characters"
_RULES = {
    "title": _NAME_RULE,
    "shape": f"[channels, height, width], each from 1 to {MAX_SIDE:,}",
    "classes": f"1 to {MAX_CLASSES} names, no two alike, each of {_NAME_RULE}",
    "n_train": f"a whole number from 0 to {MAX_IMAGES:,}",
    "n_test": f"a whole number from 0 to {MAX_IMAGES:,}",
    "noun": _NAME_RULE,
    "centred": "true or false",
}


def to_name(text: str, otherwise: str) -> str:
    """Any text as a name: cut to MAX_NAME characters, without control characters; an empty one is another."""
    name = UNSAFE.sub("", text[: 2 * MAX_NAME]).strip()
    return (name if len(name) <= MAX_NAME else f"{name[: MAX_NAME - 1]}…") or otherwise


def to_names(texts: Iterable[str]) -> tuple[str, ...]:
    """Any texts as names of classes, those that would be alike with a number behind."""
    names: list[str] = []
    for text in texts:
        name, k = to_name(text, "unnamed"), 2
        while name in names:
            name, k = f"{to_name(text, 'unnamed')[: MAX_NAME - 4]} {k}", k + 1
        names.append(name)
    return tuple(names)


def numbers(n: int) -> tuple[str, ...]:
    """Names of classes that have none: 0, 1, 2, ..."""
    return tuple(map(str, range(n)))


_GREY = (1, 28, 28)
_GARMENTS = (
    "T-shirt/top", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot",
)  # fmt: skip
_HIRAGANA = ("o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo")
KNOWN = MappingProxyType(
    {
        "mnist": Description("MNIST", _GREY, numbers(10), 60_000, 10_000, "digit"),
        "fashion": Description("Fashion-MNIST", _GREY, _GARMENTS, 60_000, 10_000, "garment", centred=False),
        "kmnist": Description("Kuzushiji-MNIST", _GREY, _HIRAGANA, 60_000, 10_000, "character", centred=False),
        "emnist_digits": Description("EMNIST digits", _GREY, numbers(10), 240_000, 40_000, "digit"),
        "digits": Description("Digits 8x8", (1, 8, 8), numbers(10), 1297, 500, "digit", centred=False),
    }
)
