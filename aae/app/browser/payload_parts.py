"""What several payloads have in common."""

from typing import TypedDict


class DataFacts(TypedDict):
    """What a data set is, as words.payload() has it."""

    class_names: list[str]
    noun: str  # what one of the classes is called
    nouns: str  # and several
    shape: list[int]  # of an image: channels, height, width
    data_title: str  # of the data set, for people
    centred: bool  # whether the data set's images are centred by mass


class Networks(TypedDict):
    """The files of a model's networks, and what its encoder gives."""

    encoder: str
    decoder: str  # as much as the first images need
    decoder_rest: str  # what makes it exact
    gaussian_posterior: bool  # whether the encoder gives a mean and a log variance
