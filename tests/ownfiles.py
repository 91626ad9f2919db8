"""Files of custom data, made from nothing."""

import io
import zipfile

import numpy as np
from PIL import Image, ImageDraw

GREYS = np.random.default_rng(0).integers(0, 256, (60, 28, 28), dtype=np.uint8)


def picture(size=(20, 30), colour="white", mark="black", mode="RGB", kind="PNG"):
    image = Image.new(mode, size, colour)
    ImageDraw.Draw(image).line([(size[0] // 2, 2), (size[0] // 2, size[1] - 3)], fill=mark, width=2)
    return packed(image, kind)


def packed(image, kind="PNG", **options):
    content = io.BytesIO()
    image.save(content, kind, **options)
    return content.getvalue()


def archive(files, method=zipfile.ZIP_DEFLATED):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", method) as written:
        for name, file in files.items():
            written.writestr(name, file)
    return content.getvalue()


def folders(image=None, n=30):
    image = image or picture()
    return {f"set/{kind}/{i}.png": image for kind in ("cats", "dogs") for i in range(n)}


def many(image, n=50, suffix="png"):
    return archive({f"{i}.{suffix}": image for i in range(n)})


def array(values):
    content = io.BytesIO()
    np.save(content, values)
    return content.getvalue()


def arrays(*unnamed, **named):
    content = io.BytesIO()
    np.savez(content, *unnamed, **named)
    return content.getvalue()


def bars(n=60, side=28):
    """Bright upright bars on dark [n, side, side] float in [0, 1], of which 60 have 3 kinds."""
    images = np.zeros((n, side, side))
    for i in range(n):
        left = side // 4 + (i % 3) * side // 8
        images[i, side // 8 : -side // 8, left : left + side // 8] = 1
        images[i, side // 8 : -side // 8, left + side // 8] = 0.5
    return images
