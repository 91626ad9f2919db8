"""Frames of a training: the test codes at one step, and pictures of the model."""

import io

import torch
from PIL import Image
from torch import Tensor
from torch.nn.functional import one_hot

from aae.analysis import planes
from aae.analysis.metrics import encode_all, in_eval_mode
from aae.data import UNLABELED, Images
from aae.models import priors
from aae.models.autoencoder import AutoEncoder

MAX_CODES = 10_000
N_CELLS, N_SHOWN, SCORE_CELLS = 8, 10, 32  # decoded images along a side of the plane; images in a row; heat map
AROUND = 1.1  # of the prior's square, so that codes outside it are seen
QUALITY, SMALL = 20, 10_000  # of WebP: 200 frames of 10,000 codes fit 10 MB; pixels of a picture that is kept exactly
PARTS = {  # of a frame, by their stored names
    "codes": "[N, latent_dim] float16, the places of the test images",
    "view": "[3] float32, centre x and y and half width of the square that is shown",
    "sheet": "WebP, N_CELLS x N_CELLS images decoded over the square",
    "strip": "WebP, N_SHOWN test images as reconstructed; below them as many decoded draws of the prior",
    "opinion": "WebP, discriminator scores over the square; only of 2-D codes",
    "accuracy": "[1] float32, of the discriminator, on test codes and as many draws of the prior",
}


@torch.no_grad()
def frame(model: AutoEncoder, images: Images) -> dict[str, Tensor]:
    """The model as it is now, by the names of PARTS."""
    images, config = images.rows(slice(MAX_CODES)), model.config
    code = encode_all(model, images)
    codes = model.place(code)
    with in_eval_mode(model):
        plane = planes.axes_plane(config.latent_dim)
        square = frame_view(model, plane, codes)
        parts = {
            "codes": codes.half(),
            "view": torch.tensor(square),
            "sheet": webp(planes.decode(model, plane.lift(planes.grid(*square, N_CELLS))), config.image_shape, N_CELLS),
            "strip": webp(torch.cat([rebuilt(model, images), sampled(model)]), config.image_shape, N_SHOWN),
        }
        if "z" in model.discriminators:
            parts["accuracy"] = torch.tensor([discriminator_accuracy(model, code.z)])
            if config.latent_dim == 2 and not config.cluster_heads:
                scores = planes.discriminator_scores(model, square, SCORE_CELLS).view(1, -1)
                parts["opinion"] = webp(scores, (1, SCORE_CELLS, SCORE_CELLS), 1)
    return parts


def frame_view(model: AutoEncoder, plane: planes.Plane, codes: Tensor) -> tuple[float, float, float]:
    """The square of a frame: the prior's, the same in all frames; of a plain autoencoder that of its codes."""
    if model.config.regularizer == "none":
        return planes.view(plane.project(codes), symmetric=False)
    x, y, half = planes.view(plane.project(planes.prior_samples(model)), symmetric=model.heads is None)
    return x, y, AROUND * half


def rebuilt(model: AutoEncoder, images: Images) -> Tensor:
    """Reconstructions of the first N_SHOWN images [N_SHOWN, n_pixels]."""
    first = images.rows(slice(N_SHOWN))
    return model.reconstruct(model.encode(first.floats()), first.labels).sigmoid()


def sampled(model: AutoEncoder) -> Tensor:
    """The same decoded draws of the prior [N_SHOWN, n_pixels]; of the classes in turn with a conditional decoder."""
    z = priors.sample(model.config, N_SHOWN, torch.Generator().manual_seed(0))
    k = model.config.n_categories if model.heads is not None else planes.n_labels(model.config)
    return model.sample(z, one_hot(torch.arange(N_SHOWN) % k, k).float() if k else None)


def discriminator_accuracy(model: AutoEncoder, z: Tensor) -> float:
    """The discriminator's accuracy on codes [N, latent_dim] and as many draws of the prior; chance is 0.5."""
    real = priors.sample(model.config, len(z), torch.Generator().manual_seed(0))
    unknown = torch.full((len(z),), UNLABELED)
    right = torch.cat([model.discriminate("z", real, unknown) > 0, model.discriminate("z", z, unknown) <= 0])
    return right.float().mean().item()


def webp(images: Tensor, shape: tuple[int, int, int], columns: int) -> Tensor:
    """Images [N, n_pixels] in [0, 1] side by side, as the bytes of a WebP picture [M] uint8."""
    content = io.BytesIO()
    picture = Image.fromarray(planes.tile(images, shape, columns).numpy())
    picture.save(content, "WEBP", quality=QUALITY, method=0, lossless=picture.width * picture.height < SMALL)
    return torch.frombuffer(bytearray(content.getvalue()), dtype=torch.uint8)


def moments(steps: int, n: int) -> list[int]:
    """About n steps from 0 to the last, denser at the start of training, where the model changes most."""
    return sorted({round(steps * (i / n) ** 2) for i in range(n + 1)})
