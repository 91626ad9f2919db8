"""Home of a site: the scenes of the story whose runs are there, and links to the pages that are."""

from typing import Any

from aae.app.views import scenes, story
from aae.runs import Run
from aae.site.pages import PAGES

LABELS = {
    "explore": "Explore every model",
    "compare": "Compare models",
    "encode": "An image's way through a network",
    "style": "Your handwriting, ten digits",
}


def address(page: str) -> str:
    """The file of a page."""
    return "index.html" if page == "home" else f"{page}.html"


def names(shown: list[Run]) -> list[str]:
    """The scenes that can be told with these runs."""
    here = {run.name for run in shown}
    return [name for name, scene in story.SCENES.items() if here >= set(scene.runs)]


def picture(name: str, shown: list[Run]) -> dict[str, Any]:
    """What a scene shows."""
    by_name = {run.name: run for run in shown}
    return dict(scenes.PICTURES.get(name, scenes.plain)([by_name[run] for run in story.SCENES[name].runs]))


def payload(shown: list[Run], there: list[str]) -> dict[str, Any]:
    """The story, and where one goes on from here."""
    told = [scene(name, there) for name in names(shown)]
    links = [{"address": address(page), "text": text} for page, text in LABELS.items() if page in there]
    about = {"page": "home", "title": "", "about": "", "key": "", "usual": [], "most": 1, "colours": [], "runs": []}
    return {**about, "payload": {"kind": "story", "scenes": told}, "links": links}


def scene(name: str, there: list[str]) -> dict[str, Any]:
    """A scene whose link leads to a page that is there, with what that page can be told."""
    told = story.SCENES[name]
    page = told.page if told.page in there else "explore"
    label = told.label if told.page in there else "Explore this model"
    known = {PAGES[page].key, "pointer", "draws"}
    parameters = told.parameters if told.page in there else {"run": told.runs[0]}
    kept = {key: value for key, value in parameters.items() if key in known}
    made = {**story.told(name, told), "address": f"data/scene-{name}.json"}
    return {**made, "page": address(page), "parameters": kept, "label": label}
