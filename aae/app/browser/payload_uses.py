"""What the browser is given on pages of uses; the rest is in payloads.py."""

from typing import Literal, TypedDict


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
    closed: str  # why nothing can be trained now, in words


class SearchPayload(TypedDict):
    """A search for test images by a few bits of their codes."""

    kind: Literal["search"]
    run: str  # what links call the model
    class_names: list[str]
    noun: str  # what one of the classes is called
    colours: list[str]  # of the classes, in turn
    shape: list[int]  # of an image: channels, height, width
    centred: bool  # whether the data set's images are centred by mass
    latent_dim: int
    gaussian_posterior: bool  # whether the encoder gives a mean and a log variance
    conditional: Literal["classes", "clusters"] | None  # what the decoder is conditioned on
    label: int | None  # the cluster that a decoder conditioned on clusters is given
    encoder: str
    decoder: str  # as much as the first images need
    decoder_rest: str  # what makes it exact
    codes: str  # of the test images
    hash: str  # a centre, and the directions of hyperplanes
    images: str | None  # the test images, where the data set is on the server
