"""Streamlit's widgets as a browser has them: what they show, what else can be chosen, and the states that say so."""

from collections.abc import Iterator
from typing import Any

from streamlit.proto.WidgetStates_pb2 import WidgetState

UNTOUCHED = ("Data", "Preset", "Data set")  # of which some choices need a network or a file
FIELDS = {  # of a state, that hold the value
    "selectbox": "string_value",
    "multiselect": "string_array_value",
    "button_group": "string_array_value",
    "select_slider": "string_array_value",
    "slider": "double_array_value",
    "number_input": "double_value",
}


def kind_of(element: Any) -> str:
    """What an element is: a slider of texts is a kind of its own."""
    kind = element.WhichOneof("type")
    return "select_slider" if kind == "slider" and element.slider.options else kind


def shown(kind: str, element: Any) -> Any:
    """The value that the server lets a widget show."""
    if kind == "number_input":
        return element.value if element.set_value else element.default
    if kind == "slider":
        return list(element.value if element.set_value else element.default)
    if kind == "selectbox":
        return element.raw_value if element.set_value else element.options[element.default]
    if kind == "select_slider":
        return list(element.raw_value) if element.set_value else [element.options[int(i)] for i in element.default]
    names = options(kind, element)
    return list(element.raw_values) if element.set_value else [names[i] for i in element.default]


def options(kind: str, element: Any) -> list[str]:
    """What can be chosen; nothing of a number, which is a step more or less."""
    if kind in ("slider", "number_input"):
        return []
    return [option.content for option in element.options] if kind == "button_group" else list(element.options)


def is_choice(kind: str, element: Any) -> bool:
    """Whether a visitor may choose something else here, without a file or a network."""
    return not (element.disabled or element.label in UNTOUCHED or len(options(kind, element)) == 1)


def others(kind: str, element: Any, state: WidgetState) -> Iterator[Any]:
    """The values beside the one that a widget has."""
    now = getattr(state, FIELDS[kind])
    if kind == "selectbox":
        yield from (option for option in element.options if option != now)
    elif kind == "number_input":
        yield now + element.step if now < element.max else now - element.step
    elif kind == "slider":
        yield [value + element.step if value < element.max else value - element.step for value in now.data]
    elif kind == "multiselect":
        yield from without_one_or_with_another(list(now.data), list(element.options), element.max_selections)
    else:
        yield from ([name] for name in options(kind, element) if [name] != list(now.data))


def without_one_or_with_another(chosen: list[str], names: list[str], most: int) -> Iterator[list[str]]:
    """A member taken out, or one added where there is room."""
    if len(chosen) > 1:
        yield from ([other for other in chosen if other != name] for name in chosen)
    if len(chosen) < (most or len(names)):
        yield from ([*chosen, name] for name in names if name not in chosen)


def fill(state: WidgetState, kind: str, value: Any) -> None:
    """Let a state hold a value."""
    if kind in ("selectbox", "number_input"):
        setattr(state, FIELDS[kind], value)
    else:
        getattr(state, FIELDS[kind]).data[:] = value
