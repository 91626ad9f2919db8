"""The browser's modules in few files: those that every page needs in one, those of a kind in another.

A plain web server takes long to answer a hundred requests. Each module becomes a block; its comments are left out. Of
the ways to import and export, those that eslint.config.js allows are known here, and any other is refused.
"""

import functools
import posixpath
import re

from aae.app.server import modules

ENTRY = "site/site.js"
ALL = "site.js"  # beside the modules that name files relative to their own: the style sheet, and kinds
COMMENT = re.compile(r"^ */\*\*.*?\*/\n", re.MULTILINE | re.DOTALL)
IMPORT = re.compile(r'^import (?:\* as (\w+)|\{([^{}]*)\}) from "([^"]+)";$', re.MULTILINE)
EXPORT = re.compile(r"^export (?=(?:async )?(?:function|class|const) (\w+))", re.MULTILINE)
TYPE = re.compile(r"/\*\*.*?\*/")  # in a line of code: it may import
UNKNOWN = re.compile(r"^\s*(?:import|export)\b(?!\().*", re.MULTILINE)
RELATIVE = re.compile(r".*\bimport(?:\(|\.meta).*")  # names a file relative to the module's own


def files(kinds: list[str]) -> dict[str, str]:
    """The scripts of pages that mount these kinds beside maps, by their names. Raises ValueError."""
    alone = {of_kind(kind): chunk(of_kind(kind)) for kind in kinds}
    return {ALL: "export const modules = {};\n" + "".join(map(block, needed(ENTRY))), **alone}


def of_kind(kind: str) -> str:
    """The module of a kind, and the file of it and of what it alone needs."""
    return f"kinds/{kind}.js"


def chunk(name: str) -> str:
    """A module with those that it needs and not every page."""
    blocks = "".join(block(each) for each in needed(name) if each not in needed(ENTRY))
    opened = ", ".join(exported(name))
    return f'import {{ modules }} from "../{ALL}";\n{blocks}export const {{ {opened} }} = modules["{name}"];\n'


def block(name: str) -> str:
    """A module as a block, which puts what it exports under its name. Raises ValueError."""
    made = EXPORT.sub("", IMPORT.sub(lambda found: taken(name, *found.groups()), source(name)))
    code = TYPE.sub("", made)
    if wrong := UNKNOWN.search(code) or ("/" in name and RELATIVE.search(code)):
        raise ValueError(f"{name}: {wrong[0].strip()!r} cannot be bundled: import and export as other modules do")
    return f'{{ // {name}\n{made}modules["{name}"] = {{ {", ".join(exported(name))} }};\n}}\n'


def taken(name: str, everything: str | None, names: str | None, other: str) -> str:
    """What a module imports of another one, in a bundle. Raises ValueError for what that does not export."""
    whole = path(name, other)
    for each in re.findall(r"(\w+)(?: as \w+)?", names or ""):
        if each not in exported(whole):
            raise ValueError(f"{name}: {each} is not exported by {whole}: write `export` before what declares it alone")
    return f'const {everything or f"{{{names}}}".replace(" as ", ": ")} = modules["{whole}"];'


def path(name: str, other: str) -> str:
    """The name of a module that a module imports."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(name), other))


@functools.cache
def source(name: str) -> str:
    """A module without its comments."""
    return COMMENT.sub("", modules.FILES[name].decode())


def exported(name: str) -> list[str]:
    """The names that a module exports."""
    return EXPORT.findall(source(name))


@functools.cache
def needed(name: str) -> tuple[str, ...]:
    """A module after all that it imports, each once. Raises RecursionError where two import each other."""
    imported = [path(name, other) for *_, other in IMPORT.findall(source(name))]
    return tuple(dict.fromkeys([each for other in imported for each in needed(other)] + [name]))
