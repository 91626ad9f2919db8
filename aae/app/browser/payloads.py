"""What the browser is given, one kind for each thing that it can mount; aae/web/payload.js says the same.

Addresses are relative to the page. Squares are (centre x, centre y, half the side).
"""

from typing import Literal, NotRequired, TypedDict

from aae.app.browser.payload_parts import DataFacts, Networks
from aae.app.browser.payload_uses import Corruption as Corruption
from aae.app.browser.payload_uses import DenoisePayload, LabelPayload, SearchPayload, StoryPayload, TourPayload
from aae.app.browser.payload_uses import Restorer as Restorer
from aae.app.browser.payload_uses import StoryScene as StoryScene
from aae.app.browser.payload_uses import TourGoal as TourGoal


class MapCommon(DataFacts):
    """What every map is given."""

    run: str  # what links call the model
    title: str  # for people
    dataset: str
    n: int  # test images on the map
    colours: list[str]  # of the classes, in turn
    origin: list[float]  # [D] of the plane
    basis: list[list[float]]  # [2, D] of the plane
    view: list[float]  # the square that is shown at first
    radius: float  # within which a code is near
    has_prior: bool
    prior: str  # its name
    percentile_std: float | None  # of the prior, where its percentiles make a grid
    images: str | None  # the test images, where the data set is on the server
    no_images: str  # why they are not there, after the name of the data set
    label: int | None  # the class or cluster that the decoder is conditioned on
    conditional: Literal["classes", "clusters"] | None  # what the decoder is conditioned on
    group: NotRequired[str]  # maps of one group look at the same
    small: NotRequired[bool]  # one of several side by side
    heads: NotRequired[list[list[float]]]  # of clusters, numbered from 0, on the plane


class MapParts(Networks):
    """What a map of a finished model is given beside that."""

    categories: Literal["classes", "clusters"] | None  # what the encoder's q(y|x) is over
    mse: float  # of the reconstructions of test images, per pixel
    codes: str  # of the test images, with their classes and draws of the prior
    score_view: list[float]  # the square that the discriminator scores cover
    frames: dict[str, str]  # by epoch
    linked: Literal["code", "image"]  # what the pointer takes: the place, or the nearest test image
    marks: list[list[float]]  # numbered places


class MapPayload(MapCommon, MapParts):
    """A map of a finished model."""

    kind: Literal["map"]


class Walk(TypedDict):
    """An animation of the way from pin to pin."""

    asked: str  # the request that it answers
    address: str


class StylePayload(MapCommon, MapParts):
    """A map of a model whose decoder is conditioned on the class, with all classes of one style."""

    kind: Literal["style"]
    attributes: str  # the rank of each test image by each measure
    attribute_names: list[str]
    walk: Walk | None  # the answer to the last request


class Objective(TypedDict):
    """What a model was trained to minimise."""

    likelihood: str
    regularizer: str
    weight: float  # of the regularizer, at the end of the training
    prior_std: float


class EncodePayload(MapCommon, MapParts):
    """An image's way through a network: encoded, decoded, and what the loss is."""

    kind: Literal["encode"]
    objective: Objective
    discriminator: str | None  # of the code; one that is conditioned on the class takes "unlabeled"


class Phase(TypedDict):
    """One phase of a training step."""

    name: str
    parts: list[str]  # of the drawing that are lit
    text: str


class Line(TypedDict):
    """A loss that a chart draws."""

    name: str  # of the field in the history
    title: str
    colour: str


class Progress(TypedDict):
    """The progress of a training."""

    status: str
    step: int
    steps: int
    epochs: int
    frames: list[int] | dict[str, str]  # their steps, or their addresses by step
    history: list[dict[str, float]]  # of the epochs that the browser has not
    place: NotRequired[int]  # in the queue
    doing: NotRequired[str]  # what a running job does, where that is no step
    seconds: NotRequired[float]  # of training so far


class LivePayload(MapCommon):
    """A map of a training: of a job that may be running, or of a run with its snapshots."""

    kind: Literal["live"]
    scene: str  # the classes of the test images, and draws of the prior
    phases: list[Phase]  # of a step of the training
    losses: list[Line]  # that may be drawn
    unit: str  # of the timeline
    monitored: str  # the images that the history's figures are of
    loss: str  # of reconstruction, in words
    regularized: bool  # whether a loss pulls the codes to the prior
    test: dict[str, float] | None  # the figures of a training that is over
    trained: NotRequired[list[str]]  # the phases of the last step of a training by hand
    feed: NotRequired[str]  # the address of a job's progress
    timeline: NotRequired[Progress | str]  # of a training that is over, or its address


class ControlsPayload(TypedDict):
    """The controls of a group of maps."""

    kind: Literal["controls"]
    group: str
    epochs: list[int]  # of which all maps have frames
    runs: dict[str, str]  # the maps' titles by what links call their models
    view: list[float]  # the square that shows all maps
    noun: str  # what one of the classes is called
    prior_view: list[float]  # the square that shows the prior


class PainterPayload(TypedDict):
    """A prior to be chosen or painted."""

    kind: Literal["painter"]
    priors: list[str]  # their names
    draws: str  # some of each prior
    side: int  # cells along a side of a painted prior
    half: float  # the square's half side, in scales of the prior
    chosen: str
    image: str  # the painted prior, a hexadecimal digit a cell


class ClusterScores(TypedDict):
    """What the true labels say of clusters."""

    named: list[int]  # the class of each by the image with the highest q(y|x)
    matched: list[int]  # the class of each by Hungarian matching; -1: none
    mutual_information: float  # normalised, of clusters and labels


class ClustersPayload(DataFacts):
    """The clusters of a model, a row each, and where they have heads on a plane, a map of them."""

    kind: Literal["clusters"]
    run: str  # what links call the model
    title: str  # for people
    dataset: str
    n: int  # test images
    n_clusters: int
    colours: list[str]  # of the classes, in turn
    group: str  # of the map
    file: str  # heads, labels, and where it is known which cluster each test image is in
    images: str | None  # the test images, where the data set is on the server
    no_images: str  # why they are not there, after the name of the data set
    decoder: str  # with which they are reconstructed then: as much as the first images need
    decoder_rest: str  # what makes it exact
    codes: str  # of the test images
    scores: ClusterScores | None  # where it is known which cluster each test image is in
    recorded: float | None  # the error that the run's file has, with clusters named by other images than test images
    recorded_by: Literal["validation", "training"]  # these images
    map: MapPayload | None  # with the clusters in place of the classes
    labelled_map: MapPayload | None  # with the classes


class Prior(TypedDict):
    """A prior that has a density."""

    name: str
    std: float  # standard deviation, or scale
    components: int  # of a mixture
    cells: str | None  # where the probabilities of the cells of a drawn one are


class AnomaliesPayload(Networks):
    """How odd images are to a model: normal and odd ones, and one's own."""

    kind: Literal["anomalies"]
    run: str  # what links call the model
    noun: str  # what one of the classes is called
    shape: list[int]  # of an image: channels, height, width
    centred: bool  # whether the data set's images are centred by mass
    latent_dim: int
    discriminator: str | None  # of z, where the model has one
    prior: Prior | None  # where the model has one with a density
    scores: str  # of normal and odd images, and the places of these in their files
    images: str | None  # of which the normal ones are
    odd_images: str | None
    score: str  # that is shown
    score_title: str
    unit: str
    normal: str  # what is normal, in words
    odd: str  # and what is odd


class ClassifyPayload(TypedDict):
    """Which class a model gives to images, beside its map."""

    kind: Literal["classify"]
    file: str | None  # which class each test image is given, where that is known
    recorded: float | None  # the error that the run's file has
    map: MapPayload


class StoryPicture(TypedDict):
    """What a scene of the story shows: maps of one group, and where they differ from other maps at first."""

    maps: list[MapPayload | StylePayload | LivePayload]
    layers: list[str]
    fade: float
    cursor: list[float] | None  # a place
    image: int | None  # that is looked at


ModelPayload = MapPayload | StylePayload | EncodePayload
UsePayload = (
    ClustersPayload
    | DenoisePayload
    | AnomaliesPayload
    | ClassifyPayload
    | LabelPayload
    | SearchPayload
    | StoryPayload
    | TourPayload
)
Payload = ModelPayload | LivePayload | ControlsPayload | PainterPayload | UsePayload
