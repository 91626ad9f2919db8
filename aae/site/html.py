"""The pages of a site: their menu, and what the browser is to fetch first."""

from html import escape

from aae.app.server import bundle, modules
from aae.site.home import address
from aae.site.pages import PAGES

NAMED = ("anomalies", "classify", "clusters", "denoise", "encode", "search")  # kinds with modules of their own
KINDS = {"home": "story", **{name: name for name in NAMED}}
ENTRY, SCRIPT = "site/site.js", "site.js"
FILES = bundle.files(ENTRY)
FOLDER = f"web-{modules.digest(FILES)}"  # of these files, another one with each version
HTML = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<script>{theme}</script>
<title>{title} · Latent space explorer</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="{folder}/site/site.css">
<link rel="preload" as="fetch" crossorigin href="data/{name}.json">
<link rel="preload" as="fetch" crossorigin href="{folder}/web.css">
{preloads}
</head>
<body data-page="{name}">
<nav aria-label="Pages">{menu}</nav>
<main><noscript>This page computes everything in the browser: switch JavaScript on.</noscript>
<p role="alert" id="missing" hidden>The scripts of this page cannot be fetched. Browsers open such a page from a web
server alone: start <code>python -m http.server</code> in its folder. If one is running, export the site again.</p>
</main>
<script type="module" src="{folder}/{script}" onerror="missing.hidden = false"></script>
</body>
</html>
"""
THEME = """try { var kept = localStorage.getItem("aae-theme"); } catch {}
var system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
document.documentElement.dataset.theme = kept ?? system;
"""  # before anything is drawn, which a module is not


def page(name: str, there: list[str]) -> str:
    """A page, with a menu of those that are there."""
    return HTML.format(
        title=escape(title(name)),
        name=name,
        theme=THEME,
        folder=FOLDER,
        script=SCRIPT,
        preloads="\n".join(f'<link rel="modulepreload" href="{FOLDER}/{script}">' for script in scripts(name)),
        menu="".join(link(each, each == name) for each in there),
    )


def scripts(name: str) -> list[str]:
    """What a page fetches first."""
    return [SCRIPT, *([f"kinds/{KINDS[name]}.js"] if name in KINDS else [])]


def title(name: str) -> str:
    """What a page is called."""
    return "Home" if name == "home" else PAGES[name].title


def link(name: str, is_here: bool) -> str:
    """A page in the menu."""
    here = ' aria-current="page"' if is_here else ""
    return f'<a href="{address(name)}"{here}>{escape(title(name))}</a>'
