"""What the scenes of the story show: maps, on one scale where they are compared."""

from collections.abc import Callable
from typing import Any

from aae.analysis import planes
from aae.app.browser import maps
from aae.app.browser.payloads import MapPayload, StoryPicture
from aae.app.runs import runcache
from aae.app.runs.runcache import Known
from aae.app.views import clusters, comparison, loaders, styling
from aae.runs import Run

GROUP = "story"
PRIOR = ["prior"]  # the layer that most scenes show
CODES = 0.9  # of the fade: the codes are what is looked at
ZERO = [1.31, 1.02]  # a place with many codes on both maps of other priors: zeros


def picture(name: str, shown: list[Known]) -> StoryPicture:
    """What the scene of this name shows of runs. Raises Unwritable."""
    return PICTURES.get(name, plain)([runcache.load(each) for each in shown])


def of(pads: list[Any], **changes: Any) -> StoryPicture:
    """Maps that show their codes and the prior, but for the fields that are given."""
    usual: StoryPicture = {"maps": pads, "layers": PRIOR, "fade": CODES, "cursor": None, "image": None}
    return usual | changes  # type: ignore[return-value]


def plain(shown: list[Run]) -> StoryPicture:
    """A map of a run; the cursor is at the code of a test image."""
    return of([pad_data(run) for run in shown], cursor=maps.numbers(shown[0].test_codes[0]))


def manifold(shown: list[Run]) -> StoryPicture:
    """The same, with the decoded images seen as well as the codes."""
    return {**plain(shown), "layers": [], "fade": 0.5}


def side_by_side(shown: list[Run]) -> StoryPicture:
    """Maps that look at the same place."""
    return of([pad_data(run) for run in shown], cursor=ZERO)


def compared(shown: list[Run]) -> StoryPicture:
    """Maps on one scale, with the same draws of the prior; an autoencoder has none, and is shown the others'."""
    view = list(comparison.common_view(shown))
    draws = planes.prior_samples(shown[-1].model(), comparison.N_DRAWS).tolist()
    common: Any = {"view": view, "radius": comparison.common_radius(shown), "marks": draws, "has_prior": True}
    return of([{**pad_data(run), **common} for run in shown])


def posterior(shown: list[Run]) -> StoryPicture:
    """A map on which the pointer takes images: their posteriors are ellipses."""
    return of([{**pad_data(run), "linked": "image"} for run in shown], image=0)


def classes(shown: list[Run]) -> StoryPicture:
    """A map with the class of each decoded image."""
    return {**plain(shown), "layers": ["regions"]}


def style(shown: list[Run]) -> StoryPicture:
    """A map of styles."""
    return of([{**styling.pad_data(run, "0,1"), "frames": {}} for run in shown])


def film(shown: list[Run]) -> StoryPicture:
    """A training that is over, without its networks."""
    return of([{**loaders.training(run), "small": True} for run in shown])


def pad_data(run: Run) -> MapPayload:
    """A map of the story's group, of the finished model alone."""
    shown = loaders.pad_data(run, "0,1", clusters.first_label(run))
    return {**shown, "frames": {}, "group": GROUP}


PICTURES: dict[str, Callable[[list[Run]], StoryPicture]] = {
    "pixels": manifold,
    "autoencoder": manifold,
    "holes": compared,
    "vae": posterior,
    "priors": side_by_side,
    "classifier": classes,
    "style": style,
    "film": film,
}
