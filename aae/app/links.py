"""What a link holds, checked: anyone can write anything into an address."""

import math

import streamlit as st

MAX_PINS = 20


def read_points(name: str) -> list[list[float]]:
    """The points "x,y;x,y" of a query parameter; those that are no finite pairs are dropped."""
    points = [_read_point(text) for text in st.query_params.get(name, "").split(";")[:MAX_PINS]]
    return [point for point in points if point]


def _read_point(text: str) -> list[float] | None:
    try:
        point = [float(part) for part in text.split(",")]
    except ValueError:
        return None
    return point if len(point) == 2 and all(map(math.isfinite, point)) else None


def read_number(name: str, limit: int) -> int | None:
    """The whole number from 0 below the limit in a query parameter, or None."""
    text = st.query_params.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 7 and int(text) < limit else None


def write_number(name: str, number: int | None) -> None:
    """Put a number into the address; None removes it."""
    if number is None:
        st.query_params.pop(name, None)
    else:
        st.query_params[name] = str(number)


def write_points(name: str, points: list[list[float]]) -> None:
    """Put points into the address; none removes them."""
    text = ";".join(",".join(f"{x:.4g}" for x in point) for point in points)
    if text:
        st.query_params[name] = text
    else:
        st.query_params.pop(name, None)
