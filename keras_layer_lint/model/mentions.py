"""Where the classes and functions of a project are named in its files, by their text alone."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import takewhile
from pathlib import Path
from typing import NamedTuple

from keras_layer_lint.source.text_places import in_code

_OUTERMOST = re.compile(r"\n(?=[^\s)\]}#])")
"""What stands before a statement of the module."""
_LASTS = re.compile(r"(?:=|\breturn|\belse|\bor|\bin|[\"'\]]\s*:|[,(]|(?<![\w\]])\[)\s*(?:\w+\.)*\Z")
"""What stands before the name of a class that is kept or given away as a value."""
_TESTED = re.compile(r"(?:\b(?:isinstance|issubclass|super)\([^()]*|\w\[[^\[\]]*)\Z")
"""What stands before the name of a class that is only compared with, or that an annotation speaks of."""
_IS_USED = re.compile(r"[(\[]|\.\w+\(")
_IS_KEYWORD = re.compile(r"[ \t]{0,4}=(?!=)")
_DEFINED = re.compile(r"\n(?:class[ ]+|def[ ]+|async[ ]+def[ ]+)?([A-Za-z_]\w*)")
"""What a statement of the module may define."""
_CLASS_OR_FUNCTION = re.compile(r"\n(?:class|def)[ ]+(\w+)")
_IMPORT = re.compile(
    r"^[ \t]{0,40}from[ ]+(?P<source>[\w.]+)[ ]+import[ ]+(?P<names>\([^)]{0,4000}|(?:[^\n\\]|\\\n){0,4000})",
    re.MULTILINE,
)
_WORDS_ONLY = bytes(code if code < 128 and (chr(code).isalnum() or chr(code) == "_") else 32 for code in range(256))
"""Puts a blank for each byte that is in no word of ASCII."""
HEAD = re.compile(
    r"(?P<kind>class|def|async[ ]+def)[ ]+(?P<name>\w+)"
    r"|(?P<held>(?<!\w)[A-Za-z_]\w{0,80})[ ]{0,4}(?::[^=\n]{0,200})?=(?!=)"
)
BASES = re.compile(r"class[ ]+\w+\s*\(([^()]*(?:\([^()]*\)[^()]*)*)\)")


class SourceText(NamedTuple):
    """A file of a project."""

    path: Path
    text: str
    is_test: bool = False
    helps_tests: bool = False
    """Whether it stands in a package of helpers for tests: `testing/`."""


Files = Callable[[], Iterable[SourceText]]
"""Reads the files of a project, one after the other."""


class Place(NamedTuple):
    """A statement of a module, by the number of the file and that of the statement."""

    file: int
    statement: int


class Mention(NamedTuple):
    """Where a name stands as a value, in a statement of a module."""

    place: Place
    start: int
    end: int


class Mentions:
    """The files of a project, and where they name what. Tests do not count."""

    def __init__(self, files: Files) -> None:
        self._read = files

    def of(self, file: int, name: str) -> Iterator[Mention]:
        """Where a name stands that may be that of one file."""
        word = re.compile(rf"{name}(?<!\w{name})\b")  # what begins with letters is searched for many times as fast
        defines = re.compile(rf"\n(?:(?:class|def)[ ]+{name}\b|{name}\s*=)")
        naming = self.naming(name)
        others = [
            self.files[number].path
            for number in self._files_by_definition.get(name, () if name.isascii() else naming)
            if number != file and defines.search("\n" + self.files[number].text) is not None
        ]
        for number in naming:
            path = self.files[number].path
            if path in others or (others and self._is_of_another(number, name, self.files[file].path, others)):
                continue
            yield from self.within(number, name, word)

    def is_renamed(self, name: str) -> bool:
        """Whether any file imports a name under another one, `import Gate as Scale`, under which it is used then."""
        renames = re.compile(rf"{name}(?<!\w{name})[ ]+as[ ]+\w")
        return any(renames.search(self.files[number].text) is not None for number in self.naming(name))

    def within(self, file: int, name: str, word: re.Pattern[str]) -> Iterator[Mention]:
        """Where a name stands in one file."""
        text = self.files[file].text
        for found in word.finditer(text):
            place = self.place(file, found.start())
            if self._is_value(text, found, name, place):
                yield Mention(place, found.start(), found.end())

    def naming(self, name: str) -> Sequence[int]:
        """The files that may have a name in them."""
        defined = self._files_by_name.get(name)
        return [number for number, each in enumerate(self.files) if name in each.text] if defined is None else defined

    def is_among_bases(self, place: Place, end: int) -> bool:
        """Whether what ends at a position is named as a base of the class that the statement defines."""
        bases = BASES.match(self.files[place.file].text, self.begin(place))
        return bases is not None and end <= bases.end()

    def place(self, file: int, position: int) -> Place:
        if file not in self._starts:
            self._starts[file] = [0, *(found.end() for found in _OUTERMOST.finditer(self.files[file].text))]
        return Place(file, bisect_right(self._starts[file], position) - 1)

    def begin(self, place: Place) -> int:
        self.place(place.file, 0)
        return self._starts[place.file][place.statement]

    def statement(self, place: Place) -> str:
        begin = self.begin(place)
        starts = self._starts[place.file]
        end = starts[place.statement + 1] if place.statement + 1 < len(starts) else None
        return self.files[place.file].text[begin:end]

    def decorators(self, place: Place) -> list[str]:
        """The last names of the decorators of a definition."""
        names = []
        for statement in range(place.statement - 1, -1, -1):
            line = self.statement(Place(place.file, statement))
            if not line.startswith("@"):
                break
            names.append(re.split(r"[\s(]", line, maxsplit=1)[0].rpartition(".")[2].lstrip("@"))
        return names

    @cached_property
    def definitions(self) -> dict[str, Place | None]:
        """Classes and functions of modules, by name; None where the project has more than one of the name."""
        found: dict[str, Place | None] = {}
        for number, file in enumerate(self.files):
            for defined in _CLASS_OR_FUNCTION.finditer("\n" + file.text):
                place = self.place(number, defined.start())
                found[defined[1]] = None if defined[1] in found else place
        return found

    @cached_property
    def files(self) -> tuple[SourceText, ...]:
        return tuple(file for file in self._read() if not file.is_test)

    @cached_property
    def numbers(self) -> dict[Path, int]:
        return {file.path: number for number, file in enumerate(self.files)}

    @cached_property
    def _starts(self) -> dict[int, list[int]]:
        """Where the statements of modules begin, by the number of the file."""
        return {}

    @cached_property
    def _files_by_definition(self) -> dict[str, list[int]]:
        """The files that may define a name at module level, by that name."""
        found: dict[str, list[int]] = {}
        for number, file in enumerate(self.files):
            for name in dict.fromkeys(_DEFINED.findall("\n" + file.text)):
                found.setdefault(name, []).append(number)
        return found

    @cached_property
    def _files_by_name(self) -> dict[str, list[int]]:
        """The files that have a word in them, for the words that modules define: one search for all of them."""
        found: dict[str, list[int]] = {name: [] for name in self._files_by_definition if name.isascii()}
        words = {name.encode(): files for name, files in found.items()}
        for number, file in enumerate(self.files):
            for word in words.keys() & set(file.text.encode().translate(_WORDS_ONLY).split()):
                words[word].append(number)
        return found

    def _is_of_another(self, number: int, name: str, one: Path, others: list[Path]) -> bool:
        """Whether a file has a name of another file than `one`: by what it imports that from, else by its folder."""
        path, text = self.files[number].path, self.files[number].text
        if path != one:
            sources = {found["source"].rpartition(".")[2] for found in _imports_of(text, name)}
            if sources and sources <= {stem_of(other) for other in others} | {stem_of(one)}:
                return stem_of(one) not in sources
        return _is_nearer(path, others, one)

    def _is_value(self, text: str, found: re.Match[str], name: str, place: Place) -> bool:
        """Whether a name is called there, kept or given away."""
        begin = self.begin(place)
        head = HEAD.match(text, begin)
        if head is not None and name in (head["name"], head["held"]):
            return False  # its own
        if text.startswith(("from ", "import ", "__all__"), begin) or not in_code(text, found.start()):
            return False
        before = text[max(begin, found.start() - 200) : found.start()]
        if self.is_among_bases(place, found.end()):
            return True  # what derives from it makes it
        if _TESTED.search(before) or before.endswith(("class ", "def ")):
            return False
        if _IS_USED.match(text, found.end()):
            return True
        return _LASTS.search(before) is not None and _IS_KEYWORD.match(text, found.end()) is None


def _imports_of(text: str, name: str) -> Iterator[re.Match[str]]:
    """The imports by which a text has a name."""
    word = re.compile(rf"{name}(?<!\w{name})\b")
    return (found for found in _IMPORT.finditer(text) if word.search(found["names"]) is not None)


def stem_of(path: Path) -> str:
    """The last name by which a module is imported."""
    return path.parent.name if path.stem == "__init__" else path.stem


def _is_nearer(path: Path, others: list[Path], one: Path) -> bool:
    """Whether what a file names is one of `others`: a definition in a folder nearer to it than that of `one`."""
    return max((_shared(path, other) for other in others), default=0) > _shared(path, one)


def _shared(path: Path, other: Path) -> int:
    """The number of folders that two files have in common."""
    both = zip(path.parts[:-1], other.parts, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], both))
