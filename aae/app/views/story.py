"""The story of Home: what its scenes say, and of which runs; a browser fetches what a scene shows when it is near."""

from typing import Any, Literal, NamedTuple, cast

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from aae.app.browser.payload_uses import StoryPayload, StoryScene
from aae.app.server import addresses, blobs, imports, kept


class Scene(NamedTuple):
    """A scene, as it is told."""

    runs: tuple[str, ...]  # that it shows: without them it is left out
    picture: Literal["pixels", "maps", "style", "film"]
    title: str
    text: str
    page: str  # where one goes on
    parameters: dict[str, str | list[str]]  # of its address, but for what it shows anyway
    label: str
    note: str = ""  # what is not explained beside the picture


SCENES = {  # by the name in addresses of what they show
    "pixels": Scene(("supervised",), "pixels", "Few images are digits",
        "An image of 28 × 28 pixels is 784 numbers. If they are drawn at random, no digit is to be seen.",
        "encode", {"run": "ae"}, "Encode a digit",
        "Next scene: the button, → or Page Down. Back: ← or Page Up."),
    "autoencoder": Scene(("ae",), "maps", "Autoencoder",
        "An encoder gives each image a code of two numbers, and a decoder makes an image of a code. "
        "Press and drag: each place on the map is a code.",
        "explore", {"run": "ae"}, "Explore the autoencoder"),
    "holes": Scene(("ae", "vae", "aae"), "maps", "Draws of a prior, decoded",
        "The same 16 draws of a Gaussian, decoded. The AE was not trained to fill it with codes, and makes mostly "
        "4, 7 and 9; VAE and AAE were, and make all kinds of digits.",
        "compare", {"draws": "the prior"}, "Compare them",
        "Line: it holds 90 % of the Gaussian. Numbers: the draws, in the order of the images below. Larger: the image "
        "at the cursor."),
    "vae": Scene(("vae",), "maps", "Variational autoencoder (VAE)",
        "The encoder gives each image a Gaussian distribution of codes, the ellipse. A KL term in the loss pulls each "
        "of them to the prior.",
        "compare", {"runs": ["vae"], "pointer": "image"}, "Try other images"),
    "aae": Scene(("aae",), "maps", "Adversarial autoencoder (AAE)",
        "A discriminator learns to distinguish codes from draws of the prior, and the encoder learns codes that it "
        "classifies as draws: they fill the prior.",
        "explore", {}, "Explore the AAE"),
    "priors": Scene(("aae_mixture", "aae_swiss_roll"), "maps", "Any prior",
        "The discriminator needs draws of the prior, not its density: here of a mixture of ten Gaussians, and of a "
        "swiss roll.",
        "compare", {"runs": ["aae_mixture", "aae_swiss_roll"]}, "Compare them",
        "Line: it holds 90 % of the prior. Below: the image at the cursor."),
    "labels": Scene(("labels_mixture_10k",), "maps", "Labels in the discriminator",
        "If the discriminator is also given labels, here of 10,000 images, each digit takes a component of the "
        "mixture of its own.",
        "explore", {"run": "labels_mixture_10k"}, "Explore this AAE"),
    "classifier": Scene(("reduced_100",), "maps", "A classifier from 100 labels",
        "The encoder also learns to classify, from the labels of 100 images and from all images without labels: "
        "the codes of each digit are a cluster.",
        "classify", {}, "Classify your own digit"),
    "style": Scene(("supervised_2d",), "style", "Style",
        "If the decoder is also given the digit, the code holds the style: press and drag, and all ten digits change "
        "alike.",
        "style", {"styles": "supervised_2d"}, "Draw in ten styles"),
    "film": Scene(("aae",), "film", "Training",
        "In training, the codes take the shape of the prior while the reconstruction loss falls.",
        "train", {"watch": "shipped: aae"}, "Train one yourself"),
}  # fmt: skip


_kept: kept.Home | None = None  # of an earlier start, for as long as nothing is imported


def find_kept() -> bool:
    """Look for what an earlier start has kept, and say whether there is any."""
    global _kept
    _kept = kept.read()
    return _kept is not None


def kept_payload() -> StoryPayload | None:
    """The story as an earlier start has told it."""
    return cast(StoryPayload, _kept.told) if _kept else None


def payload(known: dict[str, Any]) -> StoryPayload:
    """The scenes whose runs are among those that are known."""
    return {"kind": "story", "scenes": [told(name, SCENES[name]) for name in here(known)]}


def here(known: dict[str, Any]) -> list[str]:
    """The names of the scenes whose runs are among those that are known."""
    return [name for name, scene in SCENES.items() if known.keys() >= set(scene.runs)]


def told(name: str, scene: Scene) -> StoryScene:
    """A scene as the browser is given it."""
    return {
        "title": scene.title,
        "text": scene.text,
        "picture": scene.picture,
        "address": addresses.STORY + name,
        "page": scene.page,
        "parameters": scene.parameters,
        "label": scene.label,
        "note": scene.note,
    }


def show(request: Request) -> Response:
    """What a scene shows: kept, or made in a thread, when a browser is near it."""
    name = request.path_params["name"]
    if _kept and name in _kept.pictures and not imports.are_done():
        imports.begin_when_shown()
        return answer(_kept.pictures[name])
    imports.need()
    return made(name)


def made(name: str) -> Response:
    """What a scene shows, made now."""
    from aae.app.runs import catalogue  # which imports torch: not while the server starts
    from aae.app.views import scenes

    known = catalogue.shipped_known()
    if name not in here(known):
        return Response("no such scene: reload the page", status_code=404)
    try:
        return answer(scenes.picture(name, [known[run] for run in SCENES[name].runs]))
    except blobs.Unwritable as error:
        return Response(str(error), status_code=507)


def answer(picture: Any) -> Response:
    """A scene's picture for the browser, which is given it anew each time."""
    return JSONResponse(picture, headers={"Cache-Control": "no-store"})


ROUTE = Route(f"/{addresses.STORY}{{name}}", show)
