"""Arrays and runs to pictures; no Streamlit."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from PIL import Image, ImageDraw, ImageFont
from torch import Tensor
from torch.nn.functional import one_hot

from aae import data
from aae.analysis import planes
from aae.analysis.metrics import encode_all, most_confident
from aae.config import refuse
from aae.data.augment import corrupted
from aae.models import priors
from aae.runs import Run

CLASS_COLOURS = (  # ten that the colour-blind distinguish too, of contrast 3 on both grounds; beyond, short names
    "#a52b92", "#29a560", "#3193ff", "#c50009", "#849991", "#8f86ab", "#666a4c", "#1147ff", "#725a66", "#ed5917",
)  # fmt: skip
RING = "#d6006e"
GREY = "#808080"
MAX_LETTERS = 12  # of a name on a picture
MAX_COLUMNS = 20  # of the classes in one style
SEED = 0  # of the draws that are shown


def tile(images: Tensor, shape: tuple[int, int, int], columns: int, gap: int = 0) -> Image.Image:
    """Images [N, n_pixels] in [0, 1], of shape (channels, height, width), side by side in rows of so many."""
    return Image.fromarray(planes.tile(images, shape, columns, gap).numpy())


def enlarge(picture: Image.Image, side: int = 1000) -> Image.Image:
    """The picture at a whole multiple of its size, about so many pixels wide, its pixels kept sharp."""
    factor = max(1, round(side / max(picture.size)))
    return picture.resize((picture.width * factor, picture.height * factor), Image.Resampling.NEAREST)


def manifold(run: Run, n: int = 30, percentile: bool = False, label: int | None = None) -> Image.Image:
    """n x n decoded codes on the run's plane: on an even grid, or on a percentile grid of the prior (Fig. 2)."""
    plane = run_plane(run)
    if percentile:
        points = planes.percentile_grid(run.config.prior_std, n)
    else:
        points = planes.grid(*planes.run_view(run.model(), plane, run.test_codes), n)
    return tile(planes.decode(run.model(), plane.lift(points), label), run.config.image_shape, n)


def run_plane(run: Run) -> planes.Plane:
    """The plane a run is first shown on: its own, or of more than two dimensions the one of largest variance."""
    dim = run.config.latent_dim
    return planes.axes_plane(dim) if dim <= 2 else planes.pca_plane(run.test_codes)


def percentiles(run: Run, n: int = 30) -> Image.Image:
    """The manifold on a percentile grid of the prior (Fig. 2)."""
    if run.config.prior != "gaussian":
        raise refuse("prior", run.config.prior, "has no percentiles by axis: choose a run with a gaussian prior")
    if run.config.cluster_heads:
        raise refuse("cluster_heads", True, "one Gaussian around each head has none: choose a run without heads")
    return manifold(run, n, percentile=True)


def first_rows(run: Run, columns: int, rows: int) -> data.Images:
    """The first test images, in at most so many rows that are all full."""
    test = data.load(run.config.dataset).test
    return test.rows(slice(columns * min(rows, len(test.labels) // columns)))


def reconstructions(run: Run, columns: int = 10, rows: int = 5) -> Image.Image:
    """Rows of test images and, under each, what is left of it after encoding and decoding."""
    model, images = run.model(), first_rows(run, columns, rows)
    decoded = model.reconstruct(model.encode(images.floats()), images.labels).sigmoid()
    pairs = zip(images.floats().split(columns), decoded.split(columns), strict=True)
    return tile(torch.cat([row for pair in pairs for row in pair]), run.config.image_shape, columns, gap=1)


def denoising(run: Run, columns: int = 10, rows: int = 4) -> Image.Image:
    """Rows of test images; under each the same, corrupted as in training, and under that what the run makes of it."""
    if not run.config.input_noise:
        raise refuse("input_noise", run.config.input_noise, "nothing was corrupted: choose a denoising run")
    model, images = run.model(), first_rows(run, columns, rows)
    seen = corrupted(images.floats(), run.config, torch.Generator().manual_seed(SEED))
    denoised = model.reconstruct(model.encode(seen), images.labels).sigmoid()
    triples = zip(*(part.split(columns) for part in (images.floats(), seen.clamp(0, 1), denoised)), strict=True)
    return tile(torch.cat([row for triple in triples for row in triple]), run.config.image_shape, columns, gap=2)


def samples(run: Run, columns: int = 10) -> Image.Image:
    """What the decoder makes of draws of the prior."""
    return tile(planes.generate(run.model(), columns * columns), run.config.image_shape, columns, gap=1)


def nearest(run: Run, columns: int = 10, rows: int = 4) -> Image.Image:
    """Rows of samples and, under each, the training image nearest to it in squared pixels (Fig. 5)."""
    from sklearn.neighbors import NearestNeighbors

    train = data.load(run.config.dataset, held_out_class=run.config.held_out_class).train.floats()
    drawn = planes.generate(run.model(), columns * rows)
    index = NearestNeighbors(n_neighbors=1, algorithm="brute").fit(train.numpy()).kneighbors(drawn.numpy())[1][:, 0]
    pairs = zip(drawn.split(columns), train[index].split(columns), strict=True)
    return tile(torch.cat([row for pair in pairs for row in pair]), run.config.image_shape, columns, gap=1)


def components(run: Run, columns: int = 20) -> Image.Image:
    """Images along the middle of each component of the prior, a row each: petals, or tenths of the roll (Fig. 3, 4)."""
    z = run.config.prior_std * priors.component_path(run.config.prior, columns, priors.n_components(run.config))
    y = planes.classes_in_turn(run.config, len(z))
    y = y if y is None else y.repeat_interleave(columns, dim=0)
    return tile(run.model().sample(z.flatten(0, 1), y), run.config.image_shape, columns)


def styles(run: Run, rows: int = 10) -> Image.Image:
    """A row for each style drawn from the prior, a column for each class (Fig. 7)."""
    model, k = run.model(), planes.n_labels(run.config)
    if not k:
        raise refuse(
            "labels", run.config.labels, "does not condition the decoder: choose a supervised run, or one with y"
        )
    z = planes.prior_samples(model, rows).repeat_interleave(k, dim=0)
    return tile(model.sample(z, torch.eye(k).repeat(rows, 1)), run.config.image_shape, k)


def walk(run: Run, z: Tensor) -> list[Image.Image]:
    """A picture of all classes for each style [N, latent_dim]."""
    model, k = run.model(), planes.n_labels(run.config)
    columns = math.ceil(k / math.ceil(k / MAX_COLUMNS))
    pictures = (model.sample(style.expand(k, -1), torch.eye(k)) for style in z)
    return [enlarge(tile(images, run.config.image_shape, columns, gap=1), 840) for images in pictures]


def clusters(run: Run, members: int = 12) -> Image.Image:
    """A row for each category: its head (z = 0), and the test images with the highest q(y | x) (Fig. 9)."""
    model, k = run.model(), run.config.n_categories
    if not k:
        raise refuse("n_categories", k, "there are no clusters: choose a run that has categories")
    test = data.load(run.config.dataset).test
    code = encode_all(model, test)
    heads = model.sample(torch.zeros(k, run.config.latent_dim), torch.eye(k))
    rows = torch.cat([heads[:, None], test.floats()[most_confident(code.y_logits, members).T]], dim=1)
    return tile(rows.flatten(0, 1), run.config.image_shape, rows.shape[1], gap=1)


def interpolation(run: Run, pairs: int = 5, columns: int = 16) -> Image.Image:
    """Between pairs of test images: a row along the straight line, and under it one through dense codes."""
    codes, generator = run.test_codes.float(), torch.Generator().manual_seed(SEED)
    ends = torch.randint(len(codes), (pairs, 2), generator=generator)
    paths = [
        path
        for start, end in codes[ends]
        for path in (planes.straight_path(start, end, columns), planes.dense_path(codes, start, end, columns))
    ]
    y = conditioning(run, ends)
    if y is not None:
        y = torch.cat([planes.straight_path(start, end, columns) for start, end in y.repeat_interleave(2, dim=0)])
    return tile(run.model().sample(torch.cat(paths), y), run.config.image_shape, columns)


def conditioning(run: Run, index: Tensor) -> Tensor | None:
    """The condition of the decoder for test images [...]: one-hot class, or q(y | x) [..., K]; else None."""
    if not planes.n_labels(run.config):
        return None
    if run.config.decoder_is_conditional:
        return one_hot(run.test_labels[index].long(), run.config.n_classes).float()
    images = data.load(run.config.dataset).test.rows(index.flatten())
    return run.model().encode(images.floats()).y.unflatten(0, index.shape)


def under_prior(run: Run, side: int = 900) -> Image.Image:
    """The test codes over draws of the prior in grey (Fig. 2)."""
    plane = run_plane(run)
    square = planes.run_view(run.model(), plane, run.test_codes)
    places = to_pixels(plane.project(planes.prior_samples(run.model())), square, side)
    picture = Image.new("RGBA", (side, side), "white")
    draw = ImageDraw.Draw(picture)
    for x, y in places:
        draw.ellipse((x - 3, y - 3, x + 3, y + 3), "#dddddd")
    picture.alpha_composite(scatter(run, side, background="#ffffff00"))
    return picture


def scatter(
    run: Run, side: int = 900, codes: Tensor | None = None, background: str = "white", square=None
) -> Image.Image:
    """The test codes as points in the colour of their class, its name at the code nearest to the class's median."""
    scale = 2  # drawn larger, then reduced: smooth edges
    plane = run_plane(run)
    points = plane.project((run.test_codes if codes is None else codes).float())
    square = square or planes.run_view(run.model(), plane, run.test_codes)
    places = to_pixels(points, square, side * scale)
    picture = Image.new("RGBA", (side * scale, side * scale), background)
    draw = ImageDraw.Draw(picture)
    radius = max(1.5, side / 450) * scale / 2
    for (px, py), label in zip(places, run.test_labels.tolist(), strict=True):
        draw.ellipse((px - radius, py - radius, px + radius, py + radius), CLASS_COLOURS[label % len(CLASS_COLOURS)])
    name_classes(draw, run, places, side * scale, background)
    name_axes(picture, run, square)
    return picture.resize((side, side), Image.Resampling.LANCZOS)


def name_classes(draw: Any, run: Run, places: np.ndarray, side: int, background: str) -> None:
    """Write the name of each class at its code, of all places [N, 2], that is nearest to their median."""
    font = ImageFont.load_default(side / (18 if run.config.n_classes <= len(CLASS_COLOURS) else 36))
    for label in sorted(set(run.test_labels.tolist())):
        members = places[(run.test_labels == label).numpy()]
        centre = members[np.square(members - np.median(members, axis=0)).sum(1).argmin()]  # on a roll, too, amid codes
        halo: dict[str, Any] = {"stroke_width": side // 160, "stroke_fill": background}
        text, colour = drawable(run, label), CLASS_COLOURS[label % len(CLASS_COLOURS)]
        half = min(font.getlength(text) / 2, side / 2)
        draw.text((min(max(centre[0], half), side - half), centre[1]), text, colour, font, anchor="mm", **halo)


def name_axes(picture: Image.Image, run: Run, square: tuple[float, float, float]) -> None:
    """Write along the lower and the left edge what the axes are, and from where to where; codes have no unit."""
    x, y, half = square
    names = ("z1", "z2") if run.config.latent_dim <= 2 else ("principal component 1", "principal component 2")
    first, second = (f"{name}: {c - half:.1f} to {c + half:.1f}" for name, c in zip(names, (x, y), strict=True))
    size, font = picture.width, ImageFont.load_default(picture.width / 34)
    ImageDraw.Draw(picture).text((size / 2, size), first, GREY, font, anchor="md")
    upwards = Image.new("RGBA", (size, size // 16), "#ffffff00")
    ImageDraw.Draw(upwards).text((size / 2, 0), second, GREY, font, anchor="ma")
    picture.alpha_composite(upwards.rotate(90, expand=True))


def drawable(run: Run, label: int) -> str:
    """A class's name, cut, for a picture; its number where the letters are none that Pillow's own font has."""
    name = run.class_names[label]
    cut = name if len(name) <= MAX_LETTERS else f"{name[: MAX_LETTERS - 3]}..."
    return cut if cut.isascii() else str(label)


def legend(run: Run, figure: str) -> str:
    """Lines that name what stands for a class in a figure, but for whole names; nothing where nothing does."""
    names = run.class_names
    if figure == "styles" and run.config.labels != "unused":
        return f"columns: {', '.join(names)}\n"
    if figure == "components" and run.config.discriminator_is_conditional:
        return f"rows: {', '.join(names)}\n"
    short = {drawable(run, k): name for k, name in enumerate(names) if drawable(run, k) != name}
    if figure in ("scatter", "prior", "heads") and short:
        return f"labels: {', '.join(f'{drawn} = {name}' for drawn, name in short.items())}\n"
    return ""


def heads(run: Run, side: int = 900) -> Image.Image:
    """The test codes, and a ring with its number where each cluster's head lies (Fig. 10)."""
    model = run.model()
    if model.heads is None:
        raise refuse("cluster_heads", False, "there are no heads: choose a run of dimensionality reduction")
    plane, picture = run_plane(run), scatter(run, side)
    square = planes.run_view(model, plane, run.test_codes)
    draw, font = ImageDraw.Draw(picture), ImageFont.load_default(side / 40)
    for k, (x, y) in enumerate(to_pixels(plane.project(model.heads.weight.T), square, side)):
        draw.ellipse((x - 14, y - 14, x + 14, y + 14), "white", RING, 3)
        draw.text((x, y), str(k), RING, font, anchor="mm")
    return picture


def to_pixels(points: Tensor, square: tuple[float, float, float], side: float) -> np.ndarray:
    """Where points [N, 2] lie on a picture of this side that shows a square (centre x, centre y, half width)."""
    x, y, half = square
    return ((points - torch.tensor([x - half, y + half])) / (2 * half) * torch.tensor([1, -1]) * side).numpy()


FIGURES: dict[str, Callable[[Run], Image.Image]] = {
    "manifold": manifold,
    "percentiles": percentiles,
    "scatter": scatter,
    "prior": under_prior,
    "reconstructions": reconstructions,
    "denoising": denoising,
    "samples": samples,
    "nearest": nearest,
    "components": components,
    "styles": styles,
    "clusters": clusters,
    "heads": heads,
    "interpolation": interpolation,
}
