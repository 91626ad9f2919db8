"""The guided tour "Try this" in three lengths: what each step asks for, by what a browser sees that it is done.

The address of every page holds the step that is played there, as "tour=5.hole".
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal, NamedTuple
from urllib.parse import urlencode

import streamlit as st

from aae.app import notices
from aae.app.browser.pad import pad
from aae.app.browser.payload_uses import TourGoal, TourPayload
from aae.app.runs import catalogue
from aae.app.views import loaders
from aae.texts import quoted

PAGES = Path(__file__).resolve().parents[3] / "pages"
KEY = "tour"
LENGTHS = ("5", "15", "45")  # minutes
Places = Sequence[tuple[float, float]]


class Step(NamedTuple):
    """A step, as it is told."""

    since: Literal[5, 15, 45]  # minutes: in tours of this length and of longer ones
    page: str
    parameters: dict[str, Any]  # of the address at which it begins
    runs: tuple[str, ...]  # without which it is left out
    ask: str
    answer: str  # once it is done
    goal: TourGoal
    shown: dict[str, str] | None = None  # of the address that "Show me" opens
    path: Places = ()  # along which it then moves the cursor
    strokes: Sequence[Places] = ()  # that it draws on the board, in shares of its side
    paints: bool = False  # whether it paints a prior
    kept: Sequence[str] = ()  # parameters of the address that the next step keeps


def held(name: str, *values: str) -> TourGoal:
    """The address holds the parameter: with one of these values, where there are any."""
    return {"kind": "held", "name": name, "values": list(values), "places": []}


def on_map(kind: Literal["empty", "visited", "pinned"], run: str, *places: tuple[float, ...]) -> TourGoal:
    """Something is done on the map of a run."""
    return {"kind": kind, "name": run, "values": [], "places": [list(place) for place in places]}


def done(kind: Literal["drawn", "painted"]) -> TourGoal:
    """Something is drawn, on a board or as a prior."""
    return {"kind": kind, "name": "", "values": [], "places": []}


ROLL = [
    (-0.3, 0.43), (-0.78, -0.19), (-0.45, -0.91), (0.3, -1.15), (1.04, -0.84), (1.46, -0.17), (1.47, 0.62),
    (1.09, 1.32), (0.43, 1.77), (-0.36, 1.89), (-1.13, 1.67), (-1.75, 1.18), (-2.14, 0.49), (-2.26, -0.3),
    (-2.1, -1.08), (-1.69, -1.76), (-1.09, -2.27), (-0.35, -2.57), (0.44, -2.63), (1.22, -2.45), (1.91, -2.05),
    (2.46, -1.48), (2.83, -0.78), (3.0, 0.0),
]  # fmt: skip
FOUR, NINE = (-0.75, 1.86), (-0.94, 1.34)  # codes of the AAE among 40 of the same class
TRIO = "shipped: AE, VAE and AAE"  # as Train calls it, above
SEVEN = [[(0.28, 0.25), (0.72, 0.25), (0.45, 0.8)]]

STEPS = {  # by the name in addresses
    "encode": Step(45, "encode", {"run": "ae", "image": "0"}, ("ae",),
        "Press “next ▶” under the image: follow it from the left to its code, and on to its reconstruction.",
        "Two numbers hold an image of 784 pixels, so that the reconstruction is only similar.",
        held("image"), shown={"image": "4"}),
    "hole": Step(5, "explore", {"run": "ae"}, ("ae",),
        "Press and drag on the map to a gap between the dots, until the words say “No test code” is near.",
        "The autoencoder learned to decode the codes of images, the dots; what it decodes in a gap it never learned.",
        on_map("empty", "ae"), path=[(-3.3, -3.5), (-4.06, -5.25)]),
    "path": Step(5, "explore", {"run": "aae", "z": "0,0"}, ("aae",),
        "Click on a 4, then on a 9, to pin them; then press Space to see the way between them.",
        "Neighbours on the map are decoded alike: on the way, the 4 becomes a 9 little by little.",
        on_map("pinned", "aae", (4, 9)), shown={"pins": "-0.75,1.86;-0.94,1.34"}, path=[FOUR, NINE]),
    "vae": Step(5, "compare", {"runs": ["ae", "vae"], "pointer": "image", "view": "0,0,3",
                                   "layers": "prior"}, ("ae", "vae"),
        "Click on a dot: the red ellipse on the VAE's map shows the codes that it gives this image.",
        "The VAE learned to decode every code of such an ellipse, and a KL term pulls all of them to one Gaussian: "
        "that leaves less room for gaps.",
        held("image"), shown={"image": "2"}),
    "sample": Step(45, "encode", {"run": "vae"}, ("vae",),
        "Press “sample” under the reconstruction a few times.",
        "The VAE's encoder gives an image a Gaussian of codes: each draw of it is decoded to nearly the same image.",
        held("sample"), shown={"sample": "1"}),
    "prior": Step(5, "compare", {}, ("ae", "vae", "aae"),
        "In “Generate images from”, choose “the prior”, and look at the images below the maps.",
        "The same 16 random codes: the AE makes mostly 4, 7 and 9 of them, VAE and AAE all kinds of digits.",
        held("draws", "the prior"), shown={"draws": "the prior"}),
    "regions": Step(45, "explore", {"run": "aae"}, ("aae",),
        "Press Q, or “regions”, to colour the map by the digit that is decoded at each place.",
        "Each digit has a region, and regions touch where one digit becomes another.",
        held("layers", "regions"), shown={"layers": "prior,radius,regions"}),
    "roll": Step(5, "explore", {"run": "aae_swiss_roll"}, ("aae_swiss_roll",),
        "Press at the inner end of the spiral, and drag along it to its outer end.",
        "The discriminator needs only draws of a prior: any shape can be one, here a swiss roll.",
        on_map("visited", "aae_swiss_roll", (-0.3, 0.43, 0.7), (3.0, 0.0, 0.8)), path=ROLL),
    "labels": Step(15, "explore", {"run": "labels_mixture_10k"}, ("labels_mixture_10k",),
        "Press the key 3, or “3” beside the map, to see the codes of one digit alone.",
        "Its discriminator was given labels of 10,000 images: each digit has a petal of its own.",
        held("only"), shown={"only": "3"}),
    "film": Step(45, "train", {"watch": "shipped: aae"}, ("aae",),
        "Drag the timeline under the map from the beginning of the training to its end.",
        "The codes take the shape of the prior while the reconstruction loss falls.",
        held("moment"), shown={"moment": "0.3"}),
    "collapse": Step(45, "train", {"watch": "shipped: collapsed_vae"}, ("collapsed_vae",),
        "A training that fails: drag its timeline to the beginning, and slowly on to its end.",
        "The weight of the KL term grew too large: all images have the same code, and it is decoded to their average.",
        held("moment"), shown={"moment": "0.1"}),
    "weak": Step(45, "train", {"watch": "shipped: weak_discriminator"}, ("weak_discriminator",),
        "This one fails otherwise: drag its timeline slowly from the beginning on: the codes leave the map.",
        "Its discriminator is too weak to tell codes from draws of the prior: what it teaches the encoder leads away.",
        held("moment"), shown={"moment": "0.1"}),
    "strong": Step(45, "train", {"watch": "shipped: strong_discriminator"}, ("strong_discriminator",),
        "Here the discriminator is too strong: drag the timeline, and compare the codes with the swiss roll.",
        "It tells most codes from draws of the prior, and the encoder cannot follow: many codes stay off the roll.",
        held("moment"), shown={"moment": "0.1"}),
    "paint": Step(15, "train", {"watch": TRIO}, loaders.TRIO,
        "Under “Prior”, choose “✎ paint”, and paint a shape.",
        "Draws of your shape are all that the training needs.",
        done("painted"), paints=True, kept=("prior",)),
    "train": Step(15, "train", {"watch": TRIO}, (*loaders.TRIO, "aae_swiss_roll"),
        "Press “Train”, and watch the codes take this shape; “Show me” plays a training for a swiss roll.",
        "The encoder learns codes that the discriminator cannot distinguish from draws of the prior.",
        held("watch"), shown={"watch": "shipped: aae_swiss_roll"}),
    "plane": Step(45, "explore", {"run": "gaussian_8d"}, ("gaussian_8d",),
        "This code has 8 numbers: choose another plane through it in “Plane”.",
        "A map of more than two dimensions is a plane through them; all else is out of sight.",
        held("plane"), shown={"plane": "0,1"}),
    "hand": Step(5, "style", {"styles": "supervised_2d"}, ("supervised_2d",),
        "Draw a digit on the board with the mouse or a finger.",
        "The code holds how you write, not what: all ten digits are decoded in your hand.",
        done("drawn"), strokes=SEVEN),
    "classify": Step(45, "classify", {}, ("reduced_100",),
        "Click on a number of the table off its diagonal, to see images that are taken for another digit.",
        "The classifier learned from 100 labels and many images without one; some errors a person would make.",
        held("cell"), shown={"cell": "4:9"}),
    "clusters": Step(45, "clusters", {}, ("clusters_16",),
        "Name some groups by the keys 0 to 9; then press “Reveal the true labels”.",
        "The groups were found without a label: some are a way to write a digit, and some mix digits.",
        held("revealed"), shown={"revealed": "1"}),
    "noise": Step(15, "denoise", {}, ("ae", "denoising_aae"),
        "Move the slider to add more noise, and compare what the models make of it.",
        "The denoising models were trained on noisy images to reconstruct clean ones.",
        held("strength"), shown={"strength": "0.8"}),
    "anomalies": Step(15, "anomalies", {}, ("anomaly",),
        "Drag the threshold on the histogram, until most odd images are above it and few normal ones.",
        "This model never saw an 8: what it reconstructs badly is likely to be one.",
        held("threshold"), shown={"threshold": "0.03"}),
    "search": Step(45, "search", {}, ("aae",),
        "Move the slider “bits”, and watch which images are found.",
        "A few bits of a code find similar images, at a fraction of the bytes.",
        held("bits"), shown={"bits": "8"}),
}  # fmt: skip


def steps(length: str) -> list[str]:
    """The names of the steps of a tour whose runs are here."""
    known = catalogue.shipped_known()
    return [name for name, step in STEPS.items() if step.since <= int(length) and known.keys() >= set(step.runs)]


def address(length: str, name: str, more: dict[str, Any] | None = None) -> str:
    """The address of a step, relative to the app: where it begins, or with more."""
    step = STEPS[name]
    return f"{step.page}?{urlencode({**step.parameters, **(more or {}), KEY: f'{length}.{name}'}, doseq=True)}"


def payload(length: str, name: str) -> TourPayload:
    """A step of a tour, and where to go from it."""
    names, step = steps(length), STEPS[name]
    at = names.index(name)
    return {
        "kind": "tour",
        "number": at + 1,
        "of": len(names),
        "ask": step.ask,
        "answer": step.answer,
        "goal": step.goal,
        "here": address(length, name),
        "back": address(length, names[at - 1]) if at else None,
        "next": address(length, names[at + 1]) if at + 1 < len(names) else None,
        "kept": list(step.kept),
        "shown": address(length, name, step.shown) if step.shown else None,
        "path": [list(each) for each in step.path],
        "strokes": [[list(each) for each in stroke] for stroke in step.strokes],
        "paints": step.paints,
    }


def show() -> None:
    """The step of the address, where it holds one; a tour without a step begins."""
    asked = st.query_params.get(KEY)
    if asked is None:
        return
    length, _, name = asked.partition(".")
    names = steps(length) if length in LENGTHS else []
    if not names or name not in ["", *names]:
        notices.show(f"{KEY}={quoted(asked)} in the address must be one of {', '.join(LENGTHS)}; no tour is shown.")
        return
    with st.container(key=KEY):
        pad(payload(length, name or names[0]), key="tour-step")


def entries() -> None:
    """Links to the beginning of each tour."""
    for length in LENGTHS:
        if names := steps(length):
            first = STEPS[names[0]]
            query = {**first.parameters, KEY: f"{length}.{names[0]}"}
            label = f"Try this: {length} minutes"
            st.page_link(PAGES / f"{first.page}.py", label=label, icon=":material/explore:", query_params=query)
