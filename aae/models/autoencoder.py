"""One autoencoder for every mode; the modes differ in the inputs of decoder and discriminators."""

import itertools
from collections.abc import Sequence
from typing import Any, NamedTuple, cast

import torch
from torch import Tensor, nn
from torch.nn.functional import one_hot

from aae.config import Config
from aae.draws import randn
from aae.models.normalization import BatchNorm


class Code(NamedTuple):
    """The encoder's output for a batch of images."""

    z: Tensor  # [B, latent_dim] the style: the mean, or a draw of the posterior
    mean: Tensor  # [B, latent_dim]
    logvar: Any  # [B, latent_dim] of a Gaussian posterior; of a deterministic one None
    y_logits: Any  # [B, n_categories]; without categories None

    @property
    def y(self) -> Any:
        """q(y | x) [B, n_categories]; without categories None."""
        return None if self.y_logits is None else self.y_logits.softmax(1)

    def rows(self, index: slice) -> "Code":
        """The codes of some of the images."""
        parts: list[Any] = [None if part is None else part[index] for part in self]
        return Code(*parts)


def mlp(widths: Sequence[int], batch_norm: bool = False) -> nn.Sequential:
    """Linear layers [B, widths[0]] -> [B, widths[-1]] with ReLU, and BatchNorm before it, between them."""
    layers: list[nn.Module] = []
    for i, (n_in, n_out) in enumerate(itertools.pairwise(widths)):
        if i:
            layers += [BatchNorm(n_in)] * batch_norm + [nn.ReLU()]
        layers.append(nn.Linear(n_in, n_out))
    return nn.Sequential(*layers)


def one_hot_or_unknown(labels: Tensor, n_classes: int) -> Tensor:
    """One-hot of the classes and a last column "unlabeled" [B, n_classes + 1] (Section 2.3)."""
    return one_hot(torch.where(labels < 0, n_classes, labels), n_classes + 1).float()


class AutoEncoder(nn.Module):
    """Encoder q(z, y | x), decoder p(x | decoder_input(z, y)) and the discriminators of the config."""

    def __init__(self, config: Config):
        super().__init__()
        self.config = config
        pixels, hidden, z, k = config.n_pixels, config.hidden, config.latent_dim, config.n_categories
        n_code = z * (2 if config.posterior == "gaussian" else 1) + k
        self.encoder = mlp([pixels, *hidden, n_code], config.batch_norm)
        if config.head_norm:
            self.encoder.append(BatchNorm(n_code))
        self.decoder = mlp([self.decoder_input_dim, *reversed(hidden), pixels], config.batch_norm)
        self.heads = nn.Linear(k, z, bias=False) if config.cluster_heads else None  # W_C
        self.discriminators = nn.ModuleDict()
        if config.regularizer == "adversarial":
            condition = config.n_classes + 1 if config.discriminator_is_conditional else 0
            self.discriminators["z"] = mlp([z + condition, *config.discriminator_hidden, 1])
            if k:
                self.discriminators["y"] = mlp([k, *config.discriminator_hidden, 1])

    @property
    def decoder_input_dim(self) -> int:
        """The dimension of the decoder's input."""
        c = self.config
        beside = c.n_classes if c.decoder_is_conditional else 0 if c.cluster_heads else c.n_categories
        return c.latent_dim + beside

    def encode(self, images: Tensor, generator: torch.Generator | None = None) -> Code:
        """The codes of images [B, n_pixels] in [0, 1]; with a generator, z is drawn from a Gaussian posterior."""
        c = self.config
        parts = self.encoder_output(images, generator).float()
        y_logits = parts[:, -c.n_categories :] if c.n_categories else None
        mean = parts[:, : c.latent_dim]
        if c.posterior == "deterministic":
            return Code(mean, mean, None, y_logits)
        logvar = parts[:, c.latent_dim : 2 * c.latent_dim]
        noise = 0.0 if generator is None else randn(mean.shape, generator, mean.device)
        return Code(mean + (0.5 * logvar).exp() * noise, mean, logvar, y_logits)

    def encoder_output(self, images: Tensor, generator: torch.Generator | None = None) -> Tensor:
        """What the encoder makes of images [B, n]; in training, with a generator, its hidden layers have noise."""
        noise = self.config.hidden_noise if self.training and generator is not None else 0.0
        if not noise:
            return self.encoder(images)
        x = images
        for layer in self.encoder:
            if isinstance(layer, nn.ReLU):
                x = x + noise * randn(x.shape, generator, x.device)
            x = layer(x)
        return x

    def decoder_input(self, z: Tensor, y: Tensor | None = None) -> Tensor:
        """The decoder's input [B, decoder_input_dim]: z, [z, y], or W_C y + z with cluster heads (Section 7)."""
        if y is None:
            return z
        return self.heads(y) + z if self.heads is not None else torch.cat([z, y], dim=1)

    def place(self, code: Code) -> Tensor:
        """The points of images on a map [B, latent_dim]: the mean of z, or W_C y + z with cluster heads (Fig. 10)."""
        return code.mean if self.heads is None else self.decoder_input(code.mean, code.y)

    def decode(self, z: Tensor, y: Tensor | None = None) -> Tensor:
        """The images of codes as logits [B, n_pixels]; y are category probabilities or one-hot classes."""
        return self.decoder(self.decoder_input(z, y))

    def reconstruct(self, code: Code, labels: Tensor | None = None) -> Tensor:
        """The images of what encode() returned as logits [B, n_pixels]; labels for a conditional decoder."""
        if self.config.decoder_is_conditional:
            return self.decode(code.z, one_hot(cast(Tensor, labels), self.config.n_classes).float())
        return self.decode(code.z, code.y)

    def discriminate(self, name: str, values: Tensor, labels: Tensor) -> Tensor:
        """Logits [B] of values [B, n] being draws of the prior, not codes; labels for a conditional discriminator."""
        if name == "z" and self.config.discriminator_is_conditional:
            values = torch.cat([values, one_hot_or_unknown(labels, self.config.n_classes)], dim=1)
        return self.discriminators[name](values).squeeze(1).float()

    @torch.no_grad()
    def sample(self, z: Tensor, y: Tensor | None = None) -> Tensor:
        """The images of codes as pixels in [0, 1] [B, n_pixels], without gradient."""
        return self.decode(z, y).sigmoid()
