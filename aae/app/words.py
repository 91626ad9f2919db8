"""Words of several pages, and names that anyone may have written as pages show them."""

import re
from typing import Any

from aae.config.datasets import Description

GLOSSARY = """
**Code** z: the numbers that the encoder gives an image. **Latent space**: all codes. **Prior**: the distribution that
the codes are to have. **Posterior**: the distribution of codes of one image. **Manifold**: the images that the decoder
makes of the codes over the map. **Discriminator score**: the probability that a code is a draw of the prior.
"""
_MARKUP = re.compile(r"([!-/:-@\[-`{-~])")  # what Markdown, LaTeX or Streamlit's directives may begin with


def markdown(text: str) -> str:
    """The text for where Streamlit reads Markdown: shown as it is."""
    return _MARKUP.sub(r"\\\1", text)


def picture(address: str, alt: str) -> str:
    """A published picture, in Markdown."""
    return f"![{markdown(alt)}]({address})"


def ink(address: str, alt: str) -> str:
    """A published picture of white ink on black, which pages show in the colours of their theme."""
    return picture(f"{address}#ink", alt)


def payload(described: Description) -> dict[str, Any]:
    """What the browser is given of a data set."""
    names = {"class_names": list(described.classes), "noun": described.noun, "nouns": described.nouns}
    return {"data_title": described.title, **names, "shape": list(described.shape), "centred": described.centred}
