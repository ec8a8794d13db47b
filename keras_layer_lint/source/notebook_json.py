"""The file of a notebook: its code cells, read with nbformat; and its text with other sources, all else as it was."""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from typing import Any

from keras_layer_lint.errors import UnreadableFile
from keras_layer_lint.immutable import dataclass
from keras_layer_lint.source.decode import split_lines

SUFFIX = ".ipynb"
INSTALL = "pip install 'keras-layer-lint[notebooks]'"
MOST_BYTES = 100 * 1024 * 1024
"""Of a notebook: pictures stand in it as text."""
_VERSION = 4
"""Of the format that fixes are written in."""
_BLANK = re.compile(r"[ \t\r\n]*")
_decoder = json.JSONDecoder()


@dataclass(frozen=True, slots=True)
class CodeCell:
    """A cell with Python: its number among the code cells, from 1, and its lines with their ends."""

    number: int
    lines: tuple[str, ...]


def is_installed() -> bool:
    """Whether notebooks can be read. Finding a package imports nothing."""
    return find_spec("nbformat") is not None


def code_cells(data: bytes) -> list[CodeCell]:
    """The code cells of a notebook, in order; none if another language is written in it."""
    notebook = _read(data)
    if _language(notebook) not in ("", "python", "python3", "ipython"):
        return []
    cells = [cell for cell in notebook.get("cells", ()) if cell.get("cell_type") == "code"]
    return [CodeCell(number, split_lines(_source(cell))) for number, cell in enumerate(cells, 1) if _is_python(cell)]


def with_sources(data: bytes, sources: Mapping[int, str]) -> bytes:
    """The file with other sources in some of its code cells, by number. UnreadableFile where that cannot be done."""
    text = data.decode("utf-8")
    places = list(_places(text))
    parts, done = [], 0
    for number, (start, end) in enumerate(places, 1):
        if number in sources:
            parts += [text[done:start], _written(text[start:end], sources[number])]
            done = end
    return "".join([*parts, text[done:]]).encode("utf-8")


def file_lines(data: bytes) -> dict[int, tuple[int, ...]]:
    """By number of a code cell: the line of the file in which each of its lines stands."""
    text = data.decode("utf-8", "replace")
    found = {}
    for number, (start, end) in enumerate(_places(text), 1):
        first = text.count("\n", 0, start) + 1
        if text[start] != "[":
            found[number] = (first,) * len(split_lines(json.loads(text[start:end])))
            continue
        lines: list[int] = []
        for begin, finish in _elements(text, start):
            inner = split_lines(json.loads(text[begin:finish]))
            lines += [first + text.count("\n", start, begin)] * len(inner)
        found[number] = tuple(lines)
    return found


def _read(data: bytes) -> Any:
    if not is_installed():
        raise UnreadableFile(f"a notebook, which is read with nbformat: {INSTALL}")
    if len(data) > MOST_BYTES:
        raise UnreadableFile(f"larger than {MOST_BYTES // 1024 // 1024} MiB")
    import logging

    import nbformat

    logger = logging.getLogger("traitlets")
    was = logger.disabled
    logger.disabled = True  # what is wrong by the schema is told there, and read all the same
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return nbformat.reads(data.decode("utf-8"), as_version=_VERSION)  # type: ignore[no-untyped-call]
    except UnicodeDecodeError as error:
        raise UnreadableFile(f"is no notebook: is not UTF-8: {error.reason}") from None
    except RecursionError:
        raise UnreadableFile("is no notebook: nested too deeply") from None
    except Exception as error:  # nbformat raises whatever a file makes it stumble over
        told = " ".join(str(error).split())[:200]
        raise UnreadableFile(f"is no notebook: {told or type(error).__name__}") from None
    finally:
        logger.disabled = was


def _language(notebook: Any) -> str:
    metadata = notebook.get("metadata", {})
    info = metadata.get("language_info", {}), metadata.get("kernelspec", {})
    words = [info[0].get("name"), info[1].get("language")]
    return next((word.lower() for word in words if isinstance(word, str) and word), "")


def _is_python(cell: Any) -> bool:
    """Whether an editor that has cells of several languages in a notebook has this one as Python."""
    held = cell.get("metadata", {}).get("vscode", {})
    return not isinstance(held, Mapping) or held.get("languageId", "python") == "python"


def _source(cell: Any) -> str:
    source = cell.get("source", "")
    return source if isinstance(source, str) else "".join(map(str, source))


def _places(text: str) -> Iterator[tuple[int, int]]:
    """Where the sources of the code cells stand in the text of a notebook."""
    whole = dict(_members(text, _behind_blanks(text, 0)))
    if "cells" not in whole:
        raise UnreadableFile("is a notebook of an older format, which is not written")
    for start, _ in _elements(text, whole["cells"][0]):
        cell = dict(_members(text, start))
        kind = json.loads(text[slice(*cell["cell_type"])]) if "cell_type" in cell else ""
        if kind == "code":
            yield cell.get("source", (start, start))


def _members(text: str, at: int) -> Iterator[tuple[str, tuple[int, int]]]:
    """The keys of an object, and where their values stand."""
    at = _behind_blanks(text, at + 1)
    while text[at] != "}":
        key, at = _decoder.raw_decode(text, at)
        start = _behind_blanks(text, _behind_blanks(text, at) + 1)
        _, end = _decoder.raw_decode(text, start)
        yield key, (start, end)
        at = _behind_blanks(text, end)
        at = _behind_blanks(text, at + 1) if text[at] == "," else at


def _elements(text: str, at: int) -> Iterator[tuple[int, int]]:
    """Where the elements of an array stand."""
    at = _behind_blanks(text, at + 1)
    while text[at] != "]":
        _, end = _decoder.raw_decode(text, at)
        yield at, end
        at = _behind_blanks(text, end)
        at = _behind_blanks(text, at + 1) if text[at] == "," else at


def _behind_blanks(text: str, at: int) -> int:
    found = _BLANK.match(text, at)
    return found.end() if found else at


def _written(old: str, source: str) -> str:
    """A source as JSON, laid out as the old one was; lines that were there are written as they were."""
    is_ascii = old.isascii() and "\\u" in old
    if not old.startswith("["):
        return json.dumps(source, ensure_ascii=is_ascii)
    places = list(_elements(old, 0))
    if not places:
        return json.dumps(source.splitlines(keepends=True), ensure_ascii=is_ascii)
    first, last = places[0][0], places[-1][1]
    known = {json.loads(old[start:end]): old[start:end] for start, end in places}
    lines = [known.get(line) or json.dumps(line, ensure_ascii=is_ascii) for line in source.splitlines(keepends=True)]
    blank = old[1:first]
    between = f",{blank}" if len(places) == 1 else old[places[0][1] : places[1][0]]
    return f"[{blank}{between.join(lines)}{old[last:]}"
