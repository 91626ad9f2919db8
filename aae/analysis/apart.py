"""Images that lie apart: to be labelled where only a few can be."""

import torch

from aae.data import Images

SAMPLE = 2000  # images that are clustered, at most; more of them find the same kinds


def apart(images: Images, n: int, seed: int) -> list[int]:
    """The numbers of n images, each the nearest to a centre of k-means on the pixels of a sample."""
    from sklearn.cluster import KMeans

    order = torch.randperm(len(images.labels), generator=torch.Generator().manual_seed(seed))
    rows = order[: min(SAMPLE, len(order) // 2)]  # of few images half: each seed has others
    pixels = images.rows(rows).floats().numpy()
    found = KMeans(n, n_init=1, random_state=seed).fit(pixels)
    distances = torch.from_numpy(found.transform(pixels))
    inside = torch.from_numpy(found.labels_)[:, None] == torch.arange(n)
    return rows[distances.masked_fill(~inside, torch.inf).argmin(0)].tolist()
