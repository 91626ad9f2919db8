"""What the browser is given on Home and on pages of uses; the rest is in payloads.py."""

from typing import Literal, TypedDict

from aae.app.browser.payload_parts import DataFacts, Networks


class LabelPayload(TypedDict):
    """Training images to be labelled by the visitor."""

    kind: Literal["label"]
    ten: str  # what these images are called
    n: int  # how many there are
    images: str
    class_names: list[str]
    noun: str  # what one of the classes is called
    shape: list[int]  # of an image: channels, height, width
    answered: str  # the report that was answered last


class SearchPayload(Networks):
    """A search for test images by a few bits of their codes."""

    kind: Literal["search"]
    run: str  # what links call the model
    class_names: list[str]
    noun: str  # what one of the classes is called
    colours: list[str]  # of the classes, in turn
    shape: list[int]  # of an image: channels, height, width
    centred: bool  # whether the data set's images are centred by mass
    latent_dim: int
    conditional: Literal["classes", "clusters"] | None  # what the decoder is conditioned on
    label: int | None  # the cluster that a decoder conditioned on clusters is given
    codes: str  # of the test images
    hash: str  # a centre, and the directions of hyperplanes
    images: str | None  # the test images, where the data set is on the server


class Corruption(TypedDict):
    """A way to corrupt an image."""

    name: str
    title: str
    strength: str  # what its strength from 0 to 1 is


class Restorer(Networks):
    """A model that reconstructs corrupted images."""

    run: str  # what links call it
    title: str
    trained: str  # with which images, in words
    colour: str
    latent_dim: int


class DenoisePayload(DataFacts):
    """Models side by side that reconstruct a corrupted image."""

    kind: Literal["denoise"]
    dataset: str
    n: int  # test images
    codes: str  # of the test images by the first model, with their classes
    images: str | None  # the test images, where the data set is on the server; else they are decoded:
    decoder: str  # by the first model
    decoder_rest: str
    conditional: Literal["classes", "clusters"] | None  # what that decoder is conditioned on
    label: int | None  # the cluster that it is given
    models: list[Restorer]
    corruptions: list[Corruption]
    figures: str | None  # of the benchmark, where there are any of this data set


class StoryScene(TypedDict):
    """A scene of the story: a sentence, and what it is of."""

    title: str
    text: str
    picture: Literal["pixels", "maps", "style", "film"]
    address: str  # of what it shows, a StoryPicture
    page: str  # where one goes on
    parameters: dict[str, str | list[str]]  # of that page's address
    label: str  # of the link to it
    note: str  # small, beside the link


class StoryPayload(TypedDict):
    """The story of Home, a scene at a time."""

    kind: Literal["story"]
    scenes: list[StoryScene]


class TourGoal(TypedDict):
    """By what a browser sees that a step of a tour is done."""

    kind: Literal["held", "empty", "visited", "pinned", "drawn", "painted"]
    name: str  # of the parameter of the address that is held, or of the map's run
    values: list[str]  # one of which the parameter holds; none: any other than at the beginning
    places: list[list[float]]  # visited: circles [x, y, radius]; pinned: one pair of classes


class TourPayload(TypedDict):
    """A step of a guided tour; addresses are relative to the app."""

    kind: Literal["tour"]
    number: int
    of: int
    ask: str  # what is to be done
    answer: str  # once it is done
    goal: TourGoal
    here: str  # the address at which it begins
    back: str | None
    next: str | None
    kept: list[str]  # parameters of the address that the next step keeps
    shown: str | None  # the address that shows it
    path: list[list[float]]  # along which the cursor then moves
    strokes: list[list[list[float]]]  # that are drawn on the board, in shares of its side
    paints: bool  # whether a prior is painted
