"""The widgets by which a page's run, plane and label are chosen; each is in the link."""

import itertools
from collections.abc import Callable, Iterable
from typing import Any

import streamlit as st

from aae import runs
from aae.analysis import planes
from aae.app import links, notices, words
from aae.app.browser import clustered, maps
from aae.app.runs import catalogue, runcache, uploads
from aae.app.runs.runcache import Known
from aae.app.views import clusters, loaders
from aae.config import Config
from aae.runs import titles

MAX_AXES = 8  # of a longer code the first ones are offered, beside the plane of largest variance
MAX_COMPARED = 4
MAX_SEED = 9999
LINKED: dict[str, Any] = {"bind": "query-params"}
UNCLUSTERED = f"it did not find 1 to {clustered.MOST} clusters without labels"
UNCONDITIONED = "its decoder is not conditioned on the class"
CONDITION = "What the decoder is conditioned on beside the code."
NO_RUN = "No run can be shown: there is none in checkpoints/. Open a file on Explore, or train one."


def run() -> runs.Run:
    """The chosen run."""
    known = catalogue.known()
    need(known, NO_RUN, show_run)
    return runcache.load(choose_run(known, "run", next(iter(known), ""), "The trained model to explore."))


def conditional_run() -> runs.Run:
    """The chosen run among those whose decoder is conditioned on the class."""
    known = {id: known for id, known in catalogue.known().items() if is_conditional(known.config)}
    otherwise = "No run here has a decoder conditioned on the class: open a file of one, or train one."
    need(known, otherwise, show_conditional)
    usual = "supervised" if "supervised" in known else next(iter(known))
    help = "Models whose decoder is conditioned on the class."
    return runcache.load(choose_run(known, "styles", usual, help, UNCONDITIONED))


def clustered_run() -> runs.Run:
    """The chosen run among those that found clusters without labels."""
    known = {id: known for id, known in catalogue.known().items() if has_clusters(known.config)}
    need(known, "No run here found clusters: open a file of one, or train one.", show_clustered)
    usual = "clusters_16" if "clusters_16" in known else next(iter(known))
    help = "Models whose encoder assigns each image to one of some clusters, and was given no label."
    return runcache.load(choose_run(known, "clusters", usual, help, UNCLUSTERED))


def choose_run(known: dict[str, Known], key: str, usual: str, help: str, unfit: str = "") -> Known:
    """One of the runs; links call a job's by its id, which stays when it is renamed.

    Unfit: why some that are here are not offered.
    """
    missing = follow_link(key, known, [usual])
    named: dict[str, Any] = {"format_func": lambda id: offered(known[id]), "help": help}
    id = st.selectbox("Run (trained model)", known, key=key, width=370, **named)
    write_link(key, [id], [usual])
    notices.unknown(key, missing, why_not(missing, unfit), known[id].title)
    return known[id]


def why_not(missing: list[str], unfit: str) -> str:
    """A line on the first run that a link names, is here, and cannot be shown on this page; else nothing."""
    here = catalogue.known() if missing and unfit else {}
    found = next((id for text in missing if (id := catalogue.find(text, here))), None)
    return f"{here[found].title} ({found}) cannot be shown on this page: {unfit}" if found else ""


def offered(known: Known) -> str:
    """A run as it is offered among others, sorted by their groups."""
    return known.name if known.name.endswith(titles.OPENED) else f"{known.entry.group}: {known.title}"


def several_runs() -> list[runs.Run]:
    """The chosen runs of two dimensions, one at least."""
    known = {id: known for id, known in catalogue.known().items() if known.config.latent_dim == 2}
    need(known, "No run here has codes of two dimensions: open a file of one, or train one.", show_beside)
    usual = [name for name in loaders.TRIO if name in known] or list(known)[:1]
    return choose_runs(known, "runs", usual, MAX_COMPARED, "its codes have more or fewer than two dimensions")


def choose_runs(known: dict[str, Known], key: str, usual: list[str], most: int, unfit: str) -> list[runs.Run]:
    """At least one and at most so many of the runs. Unfit: why some that are here are not offered."""
    missing = follow_link(key, known, usual, most)
    named: dict[str, Any] = {"format_func": lambda id: known[id].title, "placeholder": known[usual[0]].title}
    ids = st.multiselect("Runs (trained models)", known, key=key, max_selections=most, width=500, wrap=True, **named)
    write_link(key, ids, usual)
    shown = [known[id] for id in ids or usual[:1]]
    notices.unknown(key, missing, why_not(missing, unfit), [each.title for each in shown])
    return [runcache.load(each) for each in shown]


def follow_link(key: str, known: dict[str, Any], usual: list[str], most: int = 0) -> list[str]:
    """Let the widget of this key show what the address names, where that is new: one run, or at most so many.

    Otherwise it keeps what it shows, as far as that is here, else the usual. What is not here is given back.
    """
    asked, missing, before = links.asked(key), [], st.session_state.get(key, usual)
    if key not in st.session_state:
        asked = st.query_params.get_all(key)
    shown = before if isinstance(before, list) else [before]
    if asked == [] and st.session_state.get("stays"):
        shown = usual  # the visitor went back to where the address named none
    if asked:
        found = {text: catalogue.find(text, known) for text in asked}
        missing = [text for text, id in found.items() if text and not id]
        shown = list(dict.fromkeys(id for id in found.values() if id)) or ([] if asked == [""] else shown)
    here = [id for id in shown if id in known]
    if len(here) < len(shown):  # a slow browser may send a choice in its former words, as before it was renamed
        here = list(dict.fromkeys([*here, *(id for id in links.written(key) if id in known)]))
    if most:
        st.session_state[key] = here[:most] if here or not shown else usual
    else:
        st.session_state[key] = (here or usual)[0]
    return missing


def write_link(key: str, ids: list[str], usual: list[str]) -> None:
    """Let the address name these runs, unless they are the usual ones."""
    links.write(key, [] if ids == usual else ids or [""])


def need(known: dict[str, Known], otherwise: str, show: Callable[[Known], str]) -> None:
    """End the page with a line, and a menu to open a file, where there is nothing to choose from."""
    if not known:
        uploads.popover(None, show)
        notices.show(otherwise)
        st.stop()


def choose(
    label: str, options: Iterable[Any], key: str, index: int | None = 0, format_func: Callable = str, **more
) -> Any:
    """One of some options; a line where the link asks for what is none of them."""
    options, asked = list(options), st.query_params.get_all(key)
    value = st.selectbox(label, options, index or 0, key=key, format_func=format_func, **LINKED, **more)
    shown = [format_func(option) for option in options]
    notices.unknown(key, [text for text in asked if text not in shown], shown, format_func(value))
    return value


# What was opened


def file_menu(shown: runs.Run, show: Callable[[Known], str]) -> None:
    """A menu to save the run that is shown, and to open another, which show() shows."""
    uploads.popover(catalogue.of(shown.name), show)


def show_run(opened: Known) -> str:
    """Show the run on Explore."""
    st.session_state["run"] = opened.name
    return ""


def show_conditional(opened: Known) -> str:
    """Show the run on Style & content, or say why that cannot be."""
    return show_fit(opened, "styles", is_conditional(opened.config), UNCONDITIONED)


def show_clustered(opened: Known) -> str:
    """Show the run on Clusters, or say why that cannot be."""
    return show_fit(opened, "clusters", has_clusters(opened.config), UNCLUSTERED)


def show_fit(opened: Known, key: str, fits: bool, unfit: str) -> str:
    """Show the run by the chooser of this key where it fits the page; else say why not, and where it can be seen."""
    if not fits:
        return f"{opened.title} is open, but {unfit}: see it on Explore."
    st.session_state[key] = opened.name
    return ""


def show_beside(opened: Known) -> str:
    """Add the run to those that are compared, or say why that cannot be."""
    if opened.config.latent_dim != 2:
        dim = opened.config.latent_dim
        return (
            f"{opened.title} is open, but has codes of {dim} dimensions, and this page compares two: see it on Explore."
        )
    beside = [name for name in st.session_state.get("runs", []) if name != opened.name]
    st.session_state["runs"] = [*beside[: MAX_COMPARED - 1], opened.name]
    gone = beside[MAX_COMPARED - 1 :]
    names = [known.title for id, known in catalogue.known().items() if id in gone]
    return f"{names[0]} was replaced by {opened.title}: at most {MAX_COMPARED} are compared." if names else ""


def has_clusters(config: Config) -> bool:
    """Whether there are clusters that no label names, few enough to be rows."""
    return titles.finds_clusters(config) and config.n_categories <= clustered.MOST


def is_conditional(config: Config) -> bool:
    """Whether the decoder is conditioned on the class."""
    return maps.conditional(config) == "classes"


# How it is shown


def plane(shown: runs.Run) -> str:
    """The chosen plane of codes of more than two dimensions."""
    dim = shown.config.latent_dim
    if dim <= 2:
        notices.unknown("plane", [text for text in st.query_params.get_all("plane") if text != "0,1"], ["0,1"], "0,1")
        return "0,1"
    axes = [f"{i},{j}" for i, j in itertools.combinations(range(min(dim, MAX_AXES)), 2)]
    help = "The plane of largest variance, or two axes of the code; the others stay at 0."
    return choose("Plane", ["pca", *axes], "plane", width=150, help=help)


def label(shown: runs.Run) -> int | None:
    """The chosen class or cluster, where the decoder is conditioned on one."""
    n = planes.n_labels(shown.config)
    if not n:
        return None
    first = clusters.first_label(shown)
    if shown.config.labels == "unused":
        return choose("Cluster", range(n), "label", first, width=110, help=CONDITION)
    noun, names = words.markdown(shown.description.noun.capitalize()), shown.class_names
    width = 110 if max(map(len, names)) < 3 else 170
    asked = st.query_params.get("label", "")
    if asked not in names and is_number(asked, n - 1):
        st.query_params["label"] = names[int(asked)]  # links of before have the place of the class
        st.session_state["label"] = int(asked)
    return choose(noun, range(n), "label", first, width=width, help=CONDITION, format_func=names.__getitem__)


def pointer_meaning(label: str) -> str:
    """What the pointer selects, on all maps: "code" or "image"."""
    options, asked = ["code", "image"], st.query_params.get_all("pointer")
    value = st.segmented_control(
        label,
        options,
        default="code",
        required=True,
        key="pointer",
        help="The same place z in every model, or the same test image at the code that each model gives it.",
        **LINKED,
    )
    value = value or "code"  # of an empty one in the address
    notices.unknown("pointer", [text for text in asked if text not in options], options, value)
    return value


def samples() -> tuple[str | None, int]:
    """The distribution of which decoded draws are shown, None for no draws, and their seed."""
    help = "16 draws of the prior, the same for every decoder; or of ten Gaussians fitted to each model's codes."
    drawn = choose(
        "Generate images from", ["none", "the prior", "a mixture fitted to the codes"], "draws", width=210, help=help
    )
    if drawn == "none":
        check_number("seed", st.query_params.get_all("seed"), 0, MAX_SEED, 0)
        return None, 0
    return drawn, seed(width=110)


def seed(**more) -> int:
    """A seed, in the link."""
    asked = st.query_params.get_all("seed")
    value = st.number_input("Seed", 0, MAX_SEED, 0, key="seed", **LINKED, **more)
    check_number("seed", asked, 0, MAX_SEED, value)
    return value


def check_number(key: str, asked: list[str], low: int, high: int, shown: int) -> None:
    """Keep a line where the link asked for what is no number from low to high."""
    wrong = [text for text in asked if not (is_number(text, high) and int(text) >= low)]
    notices.unknown(key, wrong, [low, "...", high], shown)


def is_number(text: str, most: int) -> bool:
    """Whether a text is a whole number from 0 to the most."""
    return text.isascii() and text.isdecimal() and len(text) < 10 and int(text) <= most
