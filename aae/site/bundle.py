"""The browser's modules in few files: those that every page needs in one, those of a kind in another.

A plain web server takes long to answer a hundred requests. Each module becomes a block; its comments are left out.
"""

import functools
import posixpath
import re

from aae.app.server import modules

ENTRY = "site/site.js"
ALL = "site.js"  # beside the modules that name files relative to their own: the style sheet, and kinds
COMMENT = re.compile(r"^ */\*\*.*?\*/\n", re.MULTILINE | re.DOTALL)
IMPORT = re.compile(r'^import (?:\* as )?(\{[^}]*\}|\w+) from "([^"]+)";$', re.MULTILINE)
EXPORT = re.compile(r"^export (?=(?:async )?(?:function|class|const) (\w+))", re.MULTILINE)


def files(kinds: list[str]) -> dict[str, str]:
    """The scripts of pages that mount these kinds beside maps, by their names."""
    alone = {of_kind(kind): chunk(of_kind(kind)) for kind in kinds}
    return {ALL: "export const modules = {};\n" + "".join(map(block, needed(ENTRY))), **alone}


def of_kind(kind: str) -> str:
    """The module of a kind, and the file of it and of what it alone needs."""
    return f"kinds/{kind}.js"


def chunk(name: str) -> str:
    """A module with those that it needs and not every page."""
    blocks = "".join(block(each) for each in needed(name) if each not in needed(ENTRY))
    opened = ", ".join(EXPORT.findall(source(name)))
    return f'import {{ modules }} from "../{ALL}";\n{blocks}export const {{ {opened} }} = modules["{name}"];\n'


def block(name: str) -> str:
    """A module as a block, which puts what it exports under its name."""
    text, exported = source(name), ", ".join(EXPORT.findall(source(name)))
    taken = IMPORT.sub(lambda found: f"const {found[1].replace(' as ', ': ')} = {named(name, found[2])};", text)
    return f'{{ // {name}\n{EXPORT.sub("", taken)}modules["{name}"] = {{ {exported} }};\n}}\n'


def named(name: str, other: str) -> str:
    """What a module calls another one, in a bundle."""
    return f'modules["{path(name, other)}"]'


def path(name: str, other: str) -> str:
    """The name of a module that a module imports."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(name), other))


def source(name: str) -> str:
    """A module without its comments."""
    return COMMENT.sub("", modules.FILES[name].decode())


@functools.cache
def needed(name: str) -> tuple[str, ...]:
    """A module after all that it imports, each once. Raises RecursionError where two import each other."""
    imported = [path(name, other) for _, other in IMPORT.findall(source(name))]
    return tuple(dict.fromkeys([each for other in imported for each in needed(other)] + [name]))
