"""Labels spread from the labeled images to all others, along the nearest neighbours of a network's features."""

import torch
from torch import Tensor, nn

from aae.analysis.metrics import BATCH, in_eval_mode
from aae.data import UNLABELED, Images
from aae.models.autoencoder import AutoEncoder
from aae.training import distributed

N_NEIGHBOURS, ALPHA = 10, 0.99  # of an image; share of its label that comes from them (Iscen 2019)
N_COMPONENTS = 64  # principal, of the features: neighbours are found faster among few
MAX_PASSES = 10_000  # over the graph; it ends before, once hardly anything changes


def spread(model: AutoEncoder, images: Images) -> Tensor:
    """The class of each image [N] int64, UNLABELED where no labeled image is linked with it (Iscen 2019)."""
    if distributed.is_first():
        classes = spread_labels(hidden_features(model, images).cpu(), images.labels.cpu())
    else:
        classes = torch.zeros(len(images.labels), dtype=torch.int64)  # all have those of the first: rounding may differ
    return distributed.total(classes.to(images.labels.device))


@torch.no_grad()
def hidden_features(model: AutoEncoder, images: Images) -> Tensor:
    """The last hidden layer of the encoder [N, n]."""
    last = max(i for i, layer in enumerate(model.encoder) if isinstance(layer, nn.Linear))
    starts = range(0, len(images.labels), BATCH)
    with in_eval_mode(model):
        return torch.cat([model.encoder[:last](images.rows(slice(i, i + BATCH)).floats()) for i in starts])


def spread_labels(features: Tensor, labels: Tensor) -> Tensor:
    """The same of features [N, n] and labels [N]: label spreading (Zhou 2004), all classes with the same total.

    The graph links each image with its nearest neighbours by the cosine, and a link weighs cosine³.
    """
    from sklearn.semi_supervised import LabelSpreading

    graph = neighbour_graph(features)
    spreading = LabelSpreading(kernel=lambda *_: graph, alpha=ALPHA, max_iter=MAX_PASSES)
    spreading.fit(features.numpy(), labels.numpy())
    found = torch.from_numpy(spreading.label_distributions_)
    classes = torch.from_numpy(spreading.classes_)[(found / found.sum(0)).argmax(1)]
    return torch.where(found.sum(1) > 0, classes, UNLABELED)


def neighbour_graph(features: Tensor):
    """The symmetric, sparse matrix [N, N] of the weights of links between images of these features [N, n]."""
    from sklearn.decomposition import PCA
    from sklearn.neighbors import kneighbors_graph
    from sklearn.preprocessing import normalize

    n, width = features.shape
    points = normalize(PCA(min(N_COMPONENTS, n, width), svd_solver="covariance_eigh").fit_transform(features.numpy()))
    graph = kneighbors_graph(points, min(N_NEIGHBOURS, n - 1), mode="distance")
    graph.data = (1 - graph.data**2 / 2).clip(0) ** 3  # on the unit sphere a distance d is a cosine of 1 - d² / 2
    return graph + graph.T
