"""The pages of a site: their menu, and what the browser is to fetch first."""

import functools
import posixpath
import re
from html import escape

from aae.app.server import modules
from aae.site.home import address
from aae.site.pages import PAGES

MODULES = f"web-{modules.DIGEST}"  # the folder of the browser's modules, another one with each version
EARLY, ENTRY = "site/early.js", "site/site.js"
NAMED = ("anomalies", "classify", "clusters", "denoise", "encode", "search")  # kinds with modules of their own
KINDS = {"home": "story", **dict(zip(NAMED, NAMED, strict=True))}
IMPORT = re.compile(rb'^(?:import|export)\b[^"=;]*?\bfrom\s+"([^"]+)"|^import\s+"([^"]+)"', re.MULTILINE)
COMMENT = re.compile(rb"/\*.*?\*/", re.DOTALL)  # where types are imported
HTML = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title} · Latent space explorer</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="{modules}/site/site.css">
<link rel="preload" as="fetch" crossorigin href="data/{name}.json">
<link rel="preload" as="fetch" crossorigin href="{modules}/web.css">
<script type="module" async src="{modules}/{early}"></script>
{preloads}
<script type="module" src="{modules}/{entry}"></script>
</head>
<body data-page="{name}">
<nav aria-label="Pages">{menu}</nav>
<main><noscript>This page computes everything in the browser: switch JavaScript on.</noscript></main>
</body>
</html>
"""


def page(name: str, there: list[str]) -> str:
    """A page, with a menu of those that are there."""
    preloads = [f'<link rel="modulepreload" href="{MODULES}/{module}">' for module in needed(KINDS.get(name, ""))]
    return HTML.format(
        title=escape(title(name)),
        name=name,
        modules=MODULES,
        early=EARLY,
        entry=ENTRY,
        preloads="\n".join(preloads),
        menu="".join(link(each, each == name) for each in there),
    )


def modules_of(names: list[str]) -> set[str]:
    """The modules of some pages, and the style sheets."""
    sheets = {name for name in modules.FILES if name.endswith(".css")}
    return sheets.union(*(needed(KINDS.get(name, "")) for name in names))


def title(name: str) -> str:
    """What a page is called."""
    return "Home" if name == "home" else PAGES[name].title


def link(name: str, is_here: bool) -> str:
    """A page in the menu."""
    here = ' aria-current="page"' if is_here else ""
    return f'<a href="{address(name)}"{here}>{escape(title(name))}</a>'


@functools.cache
def needed(kind: str) -> list[str]:
    """The modules that a page fetches before it shows anything: without their names it would find them in turns."""
    found: list[str] = []
    for entry in (EARLY, ENTRY, *([f"kinds/{kind}.js"] if kind else [])):
        waiting = [entry]
        while waiting:
            module = waiting.pop(0)
            if module not in found:
                found.append(module)
                waiting += imported(module)
    return found


def imported(module: str) -> list[str]:
    """The modules that a module imports."""
    folder, text = posixpath.dirname(module), COMMENT.sub(b"", modules.FILES[module])
    names = [(match[1] or match[2]).decode() for match in IMPORT.finditer(text)]
    return [posixpath.normpath(posixpath.join(folder, name)) for name in names]
