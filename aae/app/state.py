"""The table of state: what addresses hold, and what a visit keeps. The maps have theirs in aae/web/link/link.js.

A parameter of an address ends with its page, unless the link to the next page names it. One that lasts (LASTING of
aae/web/address.js) ends with the visit, whichever way a visitor goes from page to page.
"""

from typing import NamedTuple


class Field(NamedTuple):
    """A parameter of an address."""

    key: str
    pages: tuple[str, ...]
    about: str
    default: str  # in words, where it depends on what is here
    kind: str  # "runs": one or several of the catalogue; "option"; "number"; "job"


PAGES = ("", "explore", "compare", "encode", "style", "train", "classify", "clusters", "denoise", "anomalies", "search",
         "evaluate", "tune")  # fmt: skip
ADDRESS = (
    Field("tour", PAGES, "the tour's length in minutes and its step, such as 5.hole", "no tour", "option"),
    Field("hide", PAGES, "controls: choosers and switches are hidden", "nothing", "option"),
    Field("run", ("explore", "encode", "search"), "the model that is shown", "the first of the catalogue", "runs"),
    Field("plane", ("explore", "encode", "style"), "the plane through a code of many dimensions", "pca", "option"),
    Field("label", ("explore",), "the class or cluster that the decoder is conditioned on", "the first", "option"),
    Field("runs", ("compare",), "the models side by side", "AE, VAE and AAE", "runs"),
    Field("pointer", ("compare", "style"), "what the pointer takes to all maps", "code", "option"),
    Field("draws", ("compare",), "of which distribution draws are shown", "none", "option"),
    Field("styles", ("style",), "the model that is shown", "supervised", "runs"),
    Field("classified", ("classify",), "the model that is shown", "reduced_100", "runs"),
    Field("labelled", ("classify",), "whose images the visitor labels", "MNIST, else Digits 8x8", "option"),
    Field("ten", ("classify",), "which ten images these are", "0", "number"),
    Field("clusters", ("clusters",), "the model that is shown", "clusters_16", "runs"),
    Field("dataset", ("denoise",), "the data set of images and models", "that of the first run", "option"),
    Field("restorers", ("denoise",), "the models side by side", "AE, VAE, AAE and the denoising runs", "runs"),
    Field("scored", ("anomalies",), "the model that scores images", "one with a held-out class", "runs"),
    Field("score", ("anomalies",), "how odd images are by which score", "reconstruction error", "option"),
    Field("odd", ("anomalies",), "which images are odd", "the held-out class", "option"),
    Field("table", ("evaluate",), "which metrics are shown", "Reconstruction", "option"),
    Field("preset", ("tune",), "what is the same in all trials", "digits", "option"),
    Field("images", ("tune",), "the data set of the form", "digits", "option"),
    Field("vary", ("tune",), "the fields that are varied", "learning rate", "option"),
    Field("trials", ("tune",), "at most so many", "8", "option"),
    Field("seeds", ("tune",), "trainings of a trial", "1", "option"),
    Field("metric", ("tune",), "what is to be small", "that of the model", "option"),
    Field("sweep", ("tune",), "the sweep that is shown", "the newest of one's own", "job"),
    Field("watch", ("train",), "the training that is watched", "the newest of one's own", "job"),
    Field("data", ("train",), "the data set of the form", "digits", "option"),
    Field("model", ("train",), "the model of the form", "AAE", "option"),
    Field("prior", ("train",), "the prior of the form: its name, or what was painted", "gaussian", "option"),
    Field("size", ("train",), "the hidden layers of the form", "the smallest", "option"),
    Field("epochs", ("train",), "epochs of a small data set", "100", "number"),
    Field("epochs_of_many", ("train",), "epochs of a large data set", "10", "number"),
    Field("seed", ("compare", "train"), "of the draws; of a training", "0", "number"),
    Field("learning_rate", ("train",), "a field under More", "the preset's", "option"),
    Field("latent_dim", ("train",), "a field under More", "the preset's", "option"),
    Field("regularizer_weight", ("train",), "a factor under More", "1", "option"),
    Field("discriminator_steps", ("train",), "a field under More", "the preset's", "option"),
    Field("prior_std", ("train",), "a field under More", "the preset's", "option"),
    Field("input_noise", ("train",), "a field under More", "the preset's", "option"),
    Field("held_out_class", ("train",), "a field under More", "the preset's", "option"),
)
VISIT = {  # key of the session: what it keeps; keys that end in a hyphen are followed by what they belong to
    "job-": "the entry that is shown of the list of trainings of this count",
    "lists": "how many lists there were: a new one shows what is watched, where the visitor did not choose it",
    "watched": "the entry that was chosen, in the list or by a link",
    "lesson": "the model that is trained step by step",
    "lesson_choice": "what the form of Train holds, for the steps by hand",
    "custom_accepted": "the one that was just uploaded",
    "custom_refused": "uploaded files that are no data sets, and why",
    "prior_shown": "the prior of the form of Train, and what the browser had reported by then",
    "tab": "the open tab of Train",
    "sweep_shown": "the sweep that was just started",
    "trial_opened": "the trial that was opened: its key, the name of its run, or why that cannot be",
    "labels_sent": "the labels that were sent last, and why nothing came of them",
    "page": "the page that is shown",
    "stays": "whether it was shown before as well",
    "opened": "how often a page was opened, or an address of the history",
    "hide": "what an address of the visit hid: the menu of pages opens addresses without it",
}


def of_page(page: str) -> tuple[str, ...]:
    """The parameters of a page's address."""
    return tuple(field.key for field in ADDRESS if page in field.pages)


def of_runs() -> tuple[str, ...]:
    """The parameters that name runs of the catalogue."""
    return tuple(field.key for field in ADDRESS if field.kind == "runs")
