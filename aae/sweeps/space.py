"""What a sweep varies: fields of Config, each over some values or over a range."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, get_args, get_origin, get_type_hints

from aae.config import ALIASES, Config, ConfigError, refuse
from aae.config.fields import checked_value
from aae.config.written import parse_value, write_value
from aae.texts import nearest

if TYPE_CHECKING:
    from optuna.trial import Trial

FORM = "must be FIELD=A,B,C or FIELD=LOW..HIGH"
FIXED = {  # fields that are the same in all trials, and why
    "dataset": "errors on different images cannot be compared: make a sweep of each, with --data",
    "n_classes": "it follows from the data",
    "held_out_class": "all trials are compared on the same images: make a sweep of each, with --set",
    "own_labels": "a person gave them to some images: make a sweep of each, with --set",
    "n_validation": "all trials are compared on the same images: use --set",
    "seed": "use --seeds K, and each trial is the mean of K",
}
LOG_FROM = 10  # ranges whose ends differ by this factor are logarithmic
DIGITS = 4  # significant, of real numbers between two ends: their texts are short, and exact
WITHIN = ":"  # between the numbers of one value, such as hidden=64,128:128
MAX_VALUES = 100


@dataclass(frozen=True)
class Vary:
    """A field, and its values or the ends of its range. Make it with parse()."""

    name: str
    values: tuple[str, ...] = ()  # as they are written
    low: float = 0
    high: float = 0

    @classmethod
    def parse(cls, text: str) -> "Vary":
        """What FIELD=A,B,C or FIELD=LOW..HIGH varies. Raises ConfigError."""
        name, sign, body = text.partition("=")
        name = ALIASES.get(name, name)
        if not sign or name not in get_type_hints(Config):
            known = nearest(name, get_type_hints(Config))
            raise refuse("--vary", name if sign else text, f"{FORM} with a field of aae.config{known}")
        if name in FIXED:
            raise refuse("--vary", text, FIXED[name])
        if not body.strip():
            raise refuse("--vary", text, f"no values: {FORM}")
        return _parse_range(name, body) if ".." in body else _parse_values(name, body)

    def __str__(self) -> str:
        return f"{self.name}={','.join(self.values) or f'{self.low}..{self.high}'}"

    @property
    def is_logarithmic(self) -> bool:
        """Whether the range is even in its logarithm."""
        return self.low > 0 and self.high / self.low >= LOG_FROM

    def suggest(self, trial: "Trial") -> str:
        """The value that the trial takes, as it is written."""
        if self.values:
            return trial.suggest_categorical(self.name, self.values)
        if isinstance(self.low, int):
            return str(trial.suggest_int(self.name, self.low, int(self.high), log=self.is_logarithmic))
        number = trial.suggest_float(self.name, self.low, self.high, log=self.is_logarithmic)
        return repr(float(f"{number:.{DIGITS}g}"))

    def value(self, written: str) -> Any:
        """The value of the field. Raises ConfigError."""
        return _parse_item(self.name, written)


def _parse_range(name: str, body: str) -> Vary:
    if _kind(name) in (bool, str):
        raise refuse(f"--vary {name}", body, "has no range: write its values, such as A,B,C")
    low, high = (_number(name, end, body) for end in body.split("..", 1))
    if low >= high:
        raise refuse(f"--vary {name}", body, "the first number must be below the second")
    return Vary(name, low=low, high=high)


def _number(name: str, end: str, body: str) -> float:
    """An end of a range. Raises ConfigError."""
    value = _parse_item(name, end)
    if value is None or WITHIN in end:
        raise refuse(f"--vary {name}", body, "must have a number on each side of the dots")
    return value[0] if isinstance(value, tuple) else value


def _parse_values(name: str, body: str) -> Vary:
    items = [item.strip() for item in body.split(",")]
    if "" in items and _kind(name) is not str:
        raise refuse(f"--vary {name}", body, "a value is empty: leave one comma out, or write it")
    values = [_parse_item(name, item) for item in items]
    if len({*map(repr, values)}) < len(values):
        raise refuse(f"--vary {name}", body, "a value is there twice: leave one out")
    if not 1 < len(values) <= MAX_VALUES:
        rule = f"must be 2 to {MAX_VALUES} values, or a range LOW..HIGH; one value is given by --set"
        raise refuse(f"--vary {name}", body, rule)
    return Vary(name, tuple(write_value(value).replace(",", WITHIN) for value in values))


def _parse_item(name: str, text: str) -> Any:
    """One value of a field; a pair may be written as one number, that is both. Raises ConfigError."""
    hint, written = get_type_hints(Config)[name], text.strip()
    if get_origin(hint) is tuple:
        written = written.replace(WITHIN, ",")
        items = get_args(hint)
        if "," not in written and items[-1] is not Ellipsis:
            written = ",".join([written] * len(items))
    try:
        return checked_value(name, parse_value(name, written))
    except ConfigError as error:
        raise ConfigError(f"--vary {error}") from error


def _kind(name: str) -> type:
    """The type of a field, or of the numbers in it."""
    hint = get_type_hints(Config)[name]
    return next((kind for kind in get_args(hint) if kind not in (Ellipsis, type(None))), hint)
