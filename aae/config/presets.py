"""The named configs: a row for each figure of the paper, or of a source."""

from dataclasses import replace
from types import MappingProxyType
from typing import Any

from aae.config.fields import Config

Changes = dict[str, Any]  # of a config's fields

AAE = Config()
VAE = replace(AAE, regularizer="kl", posterior="gaussian", likelihood="bernoulli", regularizer_weight=(1.0, 1.0))
SEMI = replace(  # Fig. 8: after Section 5, and what a search on validation images found
    AAE,
    labels="classifier",
    n_categories=10,
    latent_dim=10,
    hidden=(500, 500),
    discriminator_hidden=(250, 250),
    likelihood="bernoulli",
    input_noise=0.3,
    discriminator_noise=0.3,
    discriminator_steps=1,
    regularizer_weight=(33.0, 33.0),
    ema_decay=0.0,
    batch_size=1000,
)
NORMED: Changes = {"head_norm": True, "regularizer_weight": (50.0, 50.0)}
FEW_LABELS: Changes = NORMED | {"labeled_per_step": 25, "batch_size": 250, "epochs": 36}
EXTRAS: Changes = {"shift": 2, "distortion": 0.3, "pseudo_label_threshold": 0.9, "ema_decay": 0.99}
CONFIDENT: Changes = (
    EXTRAS | NORMED | {"pseudo_label_threshold": 0.5, "pseudo_label_start": 0.1, "batch_size": 500, "epochs": 36}
)
ALL_EXTRAS: Changes = NORMED | {"shift": 2, "distortion": 0.15, "ema_decay": 0.99, "batch_size": 250, "epochs": 40}
CLUSTERS = replace(
    SEMI,
    labels="unused",
    latent_dim=5,
    **(NORMED | EXTRAS | {"pseudo_label_threshold": 0.7, "pseudo_label_start": 0.2, "distribution_alignment": True}),
    epochs=40,
)
REDUCED: Changes = {"latent_dim": 2, "cluster_heads": True, "head_distance": 3.0, "epochs": 30}
LABELED_10K: Changes = {"labels": "discriminator", "n_labeled": 10_000, "n_validation": 10_000}  # and 40,000 unlabeled
# Parzen windows reward blur, and their width is chosen on images that nothing else may see
PARZEN: Changes = {
    "input_noise": 0.5,
    "regularizer_weight": (6.0, 15.0),
    "batch_size": 250,
    "epochs": 48,
    "n_validation": 5000,
}
HOLDING_OUT: Changes = {"regularizer_weight": (1.0, 2.0), "discriminator_steps": 1, "epochs": 10}
DIGITS = replace(AAE, dataset="digits", hidden=(256,), batch_size=128, ema_decay=0.9, epochs=100)
WEAK: Changes = {"discriminator_hidden": (8,), "discriminator_steps": 1, "discriminator_learning_rate": 1e-4}
STRONG: Changes = {"discriminator_hidden": (512, 512), "discriminator_steps": 20, "discriminator_learning_rate": 1e-2}
PRESETS = MappingProxyType(
    {  # one row per figure of the paper, or of a source
        # to be compared: the same epochs, enough for ten snapshots
        "ae": replace(AAE, regularizer="none", epochs=100),
        "vae": replace(VAE, epochs=100),
        "aae": replace(AAE, epochs=100),  # Fig. 2
        "aae_mixture": replace(AAE, prior="mixture"),  # Fig. 2
        "aae_swiss_roll": replace(AAE, prior="swiss_roll"),
        "digits": DIGITS,
        # labels in the discriminator
        "labels_mixture": replace(AAE, prior="mixture", labels="discriminator"),  # Fig. 3
        "labels_mixture_10k": replace(AAE, prior="mixture", **LABELED_10K),  # Fig. 3, bottom row
        "labels_mixture_40k": replace(AAE, prior="mixture", labels="discriminator", n_labeled=40_000),
        "labels_swiss_roll": replace(AAE, prior="swiss_roll", labels="discriminator"),  # Fig. 4
        "labels_swiss_roll_10k": replace(AAE, prior="swiss_roll", **LABELED_10K),
        # labels in the decoder: z encodes style
        "supervised_2d": replace(AAE, labels="both"),  # a conditional discriminator: each class fills the prior
        "supervised": replace(AAE, labels="both", latent_dim=15),  # Fig. 6 and 7, with a conditional discriminator
        "supervised_decoder": replace(AAE, labels="decoder", latent_dim=15),  # Fig. 6 as the paper has it
        "cvae": replace(VAE, labels="decoder"),
        # Table 2
        "semi_100": replace(SEMI, n_labeled=100, **FEW_LABELS),
        "semi_100_extras": replace(SEMI, n_labeled=100, **CONFIDENT),
        "semi_1000": replace(SEMI, n_labeled=1000, **FEW_LABELS),
        "semi_1000_extras": replace(SEMI, n_labeled=1000, **CONFIDENT),
        "semi_all": SEMI,
        "semi_all_extras": replace(SEMI, **ALL_EXTRAS),
        # Fig. 9, Table 3
        "clusters_10": replace(CLUSTERS, n_categories=10),
        "clusters_16": replace(CLUSTERS, n_categories=16),
        "clusters_30": replace(CLUSTERS, n_categories=30),
        # Fig. 10 and 11
        "reduced_1000": replace(SEMI, n_labeled=1000, **(EXTRAS | REDUCED)),
        "reduced_100": replace(SEMI, n_labeled=100, **(EXTRAS | REDUCED)),
        "reduced_clusters": replace(CLUSTERS, n_categories=20, distribution_alignment=False, **REDUCED),
        "reduced_10d": replace(SEMI, n_labeled=100, **(EXTRAS | REDUCED | {"latent_dim": 10})),
        # more dimensions, other posteriors, corrupted inputs
        "gaussian_8d": replace(AAE, latent_dim=8, prior_std=5.0, **PARZEN),  # Fig. 5, Table 1
        "gaussian_15d": replace(AAE, latent_dim=15, prior_std=5.0),
        "aae_gaussian_posterior": replace(AAE, posterior="gaussian"),
        "denoising_ae": replace(AAE, regularizer="none", latent_dim=15, input_noise=0.5),
        "denoising_aae": replace(AAE, latent_dim=15, input_noise=0.5),
        # trained without a class, whose images are to be found odd: what a search on validation images found
        "anomaly": replace(AAE, held_out_class=8, latent_dim=8, **HOLDING_OUT),
        # failures, short of what stops a training as diverged
        "collapsed_vae": replace(
            DIGITS, regularizer="kl", posterior="gaussian", likelihood="bernoulli", regularizer_weight=(1.0, 7.0)
        ),
        "weak_discriminator": replace(DIGITS, epochs=20, **WEAK),
        "strong_discriminator": replace(DIGITS, prior="swiss_roll", epochs=40, **STRONG),
    }
)
