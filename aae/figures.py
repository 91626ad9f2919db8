"""Arrays and runs to pictures; no Streamlit."""

import numpy as np
import torch
from PIL import Image, ImageDraw, ImageFont
from torch import Tensor

from aae import explore, priors
from aae.data import Images
from aae.model import AutoEncoder
from aae.runs import Run

CLASS_COLOURS = (  # told apart by people with colour-blindness as far as ten can be; glyphs do the rest
    "#4e79a7", "#f28e2b", "#e15759", "#2a9d8f", "#59a14f", "#c9a227", "#9c6ade", "#e377c2", "#8c564b", "#7f8c9a",
)  # fmt: skip
FIGURES = ("manifold", "scatter", "reconstructions", "samples")


def tile(images: Tensor, shape: tuple[int, int], columns: int, gap: int = 0) -> Image.Image:
    """Images [N, n_pixels] in [0, 1], of shape (height, width), side by side in rows of so many."""
    height, width = shape
    rows = -(-len(images) // columns)
    sheet = np.zeros((rows * (height + gap) - gap, columns * (width + gap) - gap), np.uint8)
    pixels = (images.clamp(0, 1) * 255).round().to(torch.uint8).view(-1, height, width).numpy()
    for i, image in enumerate(pixels):
        y, x = i // columns * (height + gap), i % columns * (width + gap)
        sheet[y : y + height, x : x + width] = image
    return Image.fromarray(sheet)


def enlarge(picture: Image.Image, side: int = 1000) -> Image.Image:
    """The picture at a whole multiple of its size, about so many pixels wide, its pixels kept sharp."""
    factor = max(1, round(side / max(picture.size)))
    return picture.resize((picture.width * factor, picture.height * factor), Image.Resampling.NEAREST)


def manifold(run: Run, n: int = 30, equal_mass: bool = False, label: int | None = None) -> Image.Image:
    """What the decoder makes of n x n codes on the run's plane, evenly spaced or of equal prior mass (Fig. 2)."""
    plane = run_plane(run)
    if equal_mass:
        points = explore.percentile_grid(run.config.prior_std, n)
    else:
        points = explore.grid(*explore.run_view(run.config, plane, run.test_codes), n)
    return tile(explore.decode(run.model(), plane.lift(points), label), run.config.image_shape, n)


def run_plane(run: Run) -> explore.Plane:
    """The plane a run is first shown on: its own, or of more than two dimensions the one of largest variance."""
    dim = run.config.style_dim
    return explore.axes_plane(dim) if dim <= 2 else explore.pca_plane(run.test_codes)


def reconstructions(model: AutoEncoder, images: Images, columns: int = 10) -> Image.Image:
    """Rows of images and, under each, what is left of it after encoding and decoding."""
    with torch.no_grad():
        decoded = model.reconstruct(model.encode(images.floats()), images.labels).sigmoid()
    rows = zip(images.floats().split(columns), decoded.split(columns), strict=True)
    return tile(torch.cat([row for pair in rows for row in pair]), model.config.image_shape, columns, gap=1)


def samples(run: Run, columns: int = 10, seed: int = 0) -> Image.Image:
    """What the decoder makes of draws of the prior."""
    generator = torch.Generator().manual_seed(seed)
    z = priors.sample(run.config, columns * columns, generator)
    return tile(explore.decode(run.model(), z), run.config.image_shape, columns, gap=1)


def scatter(
    run: Run, side: int = 900, codes: Tensor | None = None, background: str = "white", square=None
) -> Image.Image:
    """The test codes as points in the colour of their class, its digit at the code nearest to the class's median."""
    scale = 2  # drawn larger, then reduced: smooth edges
    plane = run_plane(run)
    points = plane.project((run.test_codes if codes is None else codes).float())
    x, y, half = square or explore.run_view(run.config, plane, run.test_codes)
    places = ((points - torch.tensor([x - half, y + half])) / (2 * half) * torch.tensor([1, -1]) * side * scale).numpy()
    picture = Image.new("RGBA", (side * scale, side * scale), background)
    draw = ImageDraw.Draw(picture)
    radius = max(1.5, side / 450) * scale / 2
    for (px, py), label in zip(places, run.test_labels.tolist(), strict=True):
        draw.ellipse((px - radius, py - radius, px + radius, py + radius), CLASS_COLOURS[label % 10])
    font = ImageFont.load_default(side * scale / 18)
    for label in sorted(set(run.test_labels.tolist())):
        members = places[(run.test_labels == label).numpy()]
        centre = members[np.square(members - np.median(members, axis=0)).sum(1).argmin()]  # on a roll, too, amid codes
        halo = {"stroke_width": side * scale // 160, "stroke_fill": background}
        draw.text(tuple(centre), str(label), CLASS_COLOURS[label % 10], font, anchor="mm", **halo)
    return picture.resize((side, side), Image.Resampling.LANCZOS)
