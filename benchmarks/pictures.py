"""The README's pictures of the app, in docs/: taken in Chromium, with MNIST where AAE_DATA has it."""

import io
from collections.abc import Callable
from pathlib import Path

from PIL import Image

from benchmarks import browser

DOCS = Path(__file__).resolve().parents[1] / "docs"
SIZE = {"width": 1440, "height": 900}
TRAINED = 30 * 60 * 1000  # ms in which a training of MNIST ends


def explore(page) -> None:
    """A place between two digits."""
    box = page.locator("canvas.map").bounding_box()
    page.mouse.click(box["x"] + 0.62 * box["width"], box["y"] + 0.4 * box["height"])
    page.mouse.move(0, 0)


def train(page) -> None:
    """Paint a heart, and train an AAE towards it."""
    page.get_by_text("✎ paint").click()
    page.get_by_role("button", name="heart").click()
    page.wait_for_timeout(3000)
    page.get_by_role("button", name="Train", exact=True).click()
    page.get_by_role("button", name="Save", exact=True).wait_for(timeout=TRAINED)


PICTURES: dict[str, tuple[str, Callable]] = {
    "explore": ("explore?run=aae", explore),
    "compare": ("compare?draws=the+prior", lambda page: page.get_by_role("button", name="zoom to the prior").click()),
    "style": ("style", lambda page: None),
    "train": ("train?data=MNIST&size=medium+(256-256)", train),
}


def main() -> None:
    """Take all pictures."""
    with browser.serve() as server, browser.chromium() as chromium:
        for name, (path, prepare) in PICTURES.items():
            page = chromium.new_page(viewport=SIZE)
            browser.open_pad(page, f"{server.address}/{path}")
            prepare(page)
            browser.settle(page)
            page.wait_for_timeout(3000)
            picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
            picture.quantize(256, dither=Image.Dither.NONE).save(DOCS / f"{name}.png", optimize=True)  # a third of it
            page.close()


if __name__ == "__main__":
    main()
