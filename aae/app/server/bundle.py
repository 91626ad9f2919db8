"""The browser's modules in few files: those that every page needs in one, those of a kind in another.

A hundred requests take long, of a server and of a browser. Each module becomes a block; its comments are left out. Of
the ways to import and export, those that eslint.config.js allows are known here, and any other is refused.
"""

import functools
import posixpath
import re
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "web"
TYPES = {".js": "text/javascript", ".css": "text/css"}
FILES = {
    path.relative_to(FOLDER).as_posix(): path.read_bytes() for path in sorted(FOLDER.rglob("*")) if path.suffix in TYPES
}
SHEETS = {name: content for name, content in FILES.items() if name.endswith(".css")}
COMMENT = re.compile(r"^ */\*\*[^*]*(?:\*(?!/)[^*]*)*\*/\n", re.MULTILINE)  # of whole lines
IMPORT = re.compile(r'^import (?:\* as (\w+)|\{([^{}]*)\}) from "([^"]+)";$', re.MULTILINE)
EXPORT = re.compile(r"^export (?=(?:async )?(?:function|class|const) (\w+))", re.MULTILINE)
TYPE = re.compile(r"/\*\*.*?\*/")  # in a line of code: it may import
UNKNOWN = re.compile(r"^ *(?:import|export)\b(?!\().*", re.MULTILINE)
LATER = re.compile(r'import\("\./(kinds/\w+\.js)"\)')
RELATIVE = re.compile(r"\bimport(?:\(|\.meta).*")  # names a file relative to the module's own


def files(entry: str) -> dict[str, bytes]:
    """The style sheets, and the scripts of pages that begin with a module: its own, and those of kinds fetched later.

    The first one is beside the modules that name files relative to their own. Raises ValueError.
    """
    first = posixpath.basename(entry)
    whole = f"export const modules = {{}};\n{''.join(map(block, needed(entry)))}{opened(entry)}"
    later = {name: chunk(name, entry) for name in LATER.findall(source("mount.js"))}
    return SHEETS | {name: text.encode() for name, text in {first: whole, **later}.items()}


def chunk(name: str, entry: str) -> str:
    """A module with those that it needs and not every page."""
    blocks = "".join(block(each) for each in needed(name) if each not in needed(entry))
    return f'import {{ modules }} from "../{posixpath.basename(entry)}";\n{blocks}{opened(name)}'


def opened(name: str) -> str:
    """What a module exports, exported by the file."""
    return f'export const {{ {", ".join(exported(name))} }} = modules["{name}"];\n'


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
    return COMMENT.sub("", FILES[name].decode())


def exported(name: str) -> list[str]:
    """The names that a module exports."""
    return EXPORT.findall(source(name))


@functools.cache
def needed(name: str) -> tuple[str, ...]:
    """A module after all that it imports, each once. Raises RecursionError where two import each other."""
    imported = [path(name, other) for *_, other in IMPORT.findall(source(name))]
    return tuple(dict.fromkeys([each for other in imported for each in needed(other)] + [name]))
