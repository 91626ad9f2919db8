"""The pages of a site: their menu, and what the browser is to fetch first."""

from html import escape

from aae.app.server import modules
from aae.site import bundle
from aae.site.home import address
from aae.site.pages import PAGES

NAMED = ("anomalies", "classify", "clusters", "denoise", "encode", "search")  # kinds with modules of their own
KINDS = {"home": "story", **dict(zip(NAMED, NAMED, strict=True))}
SHEETS = {name: content for name, content in modules.FILES.items() if name.endswith(".css")}
FILES = SHEETS | {name: text.encode() for name, text in bundle.files(list(KINDS.values())).items()}
FOLDER = f"web-{modules.digest(FILES)}"  # of these files, another one with each version
HTML = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title} · Latent space explorer</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="{folder}/site/site.css">
<link rel="preload" as="fetch" crossorigin href="data/{name}.json">
<link rel="preload" as="fetch" crossorigin href="{folder}/web.css">
{kind}<script type="module" src="{folder}/{script}"></script>
</head>
<body data-page="{name}">
<nav aria-label="Pages">{menu}</nav>
<main><noscript>This page computes everything in the browser: switch JavaScript on.</noscript></main>
</body>
</html>
"""
KIND = '<link rel="modulepreload" href="{folder}/{name}">\n'


def page(name: str, there: list[str]) -> str:
    """A page, with a menu of those that are there."""
    return HTML.format(
        title=escape(title(name)),
        name=name,
        folder=FOLDER,
        script=bundle.ALL,
        kind=KIND.format(folder=FOLDER, name=bundle.of_kind(KINDS[name])) if name in KINDS else "",
        menu="".join(link(each, each == name) for each in there),
    )


def title(name: str) -> str:
    """What a page is called."""
    return "Home" if name == "home" else PAGES[name].title


def link(name: str, is_here: bool) -> str:
    """A page in the menu."""
    here = ' aria-current="page"' if is_here else ""
    return f'<a href="{address(name)}"{here}>{escape(title(name))}</a>'
