"""The custom data sets of a visitor, of this visit and of earlier ones: to be chosen again, or deleted."""

import time

import streamlit as st

from aae import data
from aae.app import words
from aae.app.runs import live
from aae.app.server import identity
from aae.app.views import loaders
from aae.data import custom

SAID = "custom_said"  # in the visit: what could not be deleted, and why


def own() -> dict[str, custom.Owned]:
    """The visitor's data sets by their names, the newest first; of two with one title the older has a number."""
    found: dict[str, custom.Owned] = {}
    for each in custom.owned(identity.owner()):
        is_there = any(other.title == each.title for other in found.values())
        found[each.name] = each._replace(title=f"{each.title} #{each.name[-4:]}") if is_there else each
    return found


def panel(mine: dict[str, custom.Owned]) -> None:
    """The visitor's data sets with size and date, each with a button that deletes it."""
    with st.popover(f"Your data sets ({len(mine)})"):
        st.caption("On this server, listed for your browser alone. What is deleted is removed for ever; runs stay.")
        for each in mine.values():
            used, date = uses(each.name), time.strftime("%Y-%m-%d %H:%M", time.localtime(each.since))
            st.text(f"{each.title} · {size(each.size)} · {date}")
            if used:
                st.caption(f"Used by {', '.join(used)}: delete that first, or let it finish.")
            key = f"forget-{each.name}"
            label = f"Delete {words.markdown(each.title)}"
            st.button(label, key=key, disabled=bool(used), on_click=delete, args=(each.name,))
    if said := st.session_state.pop(SAID, ""):
        st.error(said)


def uses(name: str) -> list[str]:
    """The trainings that still need a data set."""
    return [live.title(job) for job in live.needing_data() if job.config.dataset == name]


def delete(name: str) -> None:
    """Delete a data set, unless a training needs it meanwhile."""
    try:
        if not uses(name):
            custom.remove(name, identity.owner())
    except data.DataError as error:
        st.session_state[SAID] = str(error)


def size(n: int) -> str:
    """A number of bytes."""
    return f"{n / 1e6:.1f} MB" if n >= 1e6 else f"{max(1, n / 1e3):.0f} kB"


def show(chosen: custom.Owned) -> None:
    """Some images of each class, and the report on the file. Raises DataError."""
    st.image(loaders.custom_preview(chosen.name))
    st.text("\n".join(chosen.lines))
