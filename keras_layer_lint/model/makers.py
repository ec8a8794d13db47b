"""Who makes the objects of a class: whoever uses a library, or only other classes of its project.

A saved model holds the config of what it is made of. What a class with a `get_config` of its own makes by itself is
made again from that config when it is loaded, and then gets its weights: nobody asks it for a config. Measured with
tf_keras 2.21 and keras 3.15, for a layer and a Model that hold layers without a config, saved as `.keras`, and with
tf_keras as a SavedModel too.

Only text is searched: a class is looked for by its name in all files of its project.
"""

from __future__ import annotations

import enum
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
_HEAD = re.compile(
    r"(?P<kind>class|def|async[ ]+def)[ ]+(?P<name>\w+)"
    r"|(?P<held>(?<!\w)[A-Za-z_]\w{0,80})[ ]{0,4}(?::[^=\n]{0,200})?=(?!=)"
)
_BASES = re.compile(r"class[ ]+\w+\s*\(([^()]*(?:\([^()]*\)[^()]*)*)\)")
_IN_BASES = re.compile(r"\n[ \t]+class[ ]+\w+\([^()]{0,300}\Z")
_INIT = re.compile(r"\n[ \t]+def __init__\(")
_GET_CONFIG = re.compile(r"\n([ \t]+)def get_config\(.*(?:\n(?:\1[ \t].*|[ \t]*(?=\n)))*")
_SUPER_CONFIG = re.compile(r"\bsuper\([^()]*\)\.get_config\(")
_ASKS = re.compile(r"serialize|\.get_config\(|raise NotImplementedError")
"""What a `get_config` does that asks others for their config, or gives none."""
_FUNCTIONAL = re.compile(r"\.__init__\([^()]*(?:\binputs|\boutputs)")
_SYMBOLIC = re.compile(
    r"\.__init__\([^()]{0,2000}(?:\binputs|\boutputs)|\b(?:Input|InputLayer|Sequential|Model|Functional)\("
)
"""What makes a class one that calls layers on symbolic inputs."""
_TO_ATTRIBUTE = re.compile(r"\bself\.(\w{1,80})(?:[ ]{0,4}(?::[^=\n]{0,200})?=(?!=)|\.append\()")
_LONGEST_STATEMENT = 600
_LASTS = re.compile(r"(?:=|\breturn|\belse|\bor|\bin|[\"'\]]\s*:|[,(]|(?<![\w\]])\[)\s*(?:\w+\.)*\Z")
"""What stands before the name of a class that is kept or given away as a value."""
_TESTED = re.compile(r"(?:\b(?:isinstance|issubclass|super)\([^()]*|\w\[[^\[\]]*)\Z")
"""What stands before the name of a class that is only compared with, or that an annotation speaks of."""
_IS_USED = re.compile(r"[(\[]|\.\w+\(")
_IS_KEYWORD = re.compile(r"[ \t]{0,4}=(?!=)")
_DEFINED = re.compile(r"\n(?:class[ ]+|def[ ]+|async[ ]+def[ ]+)?([A-Za-z_]\w*)")
"""What a statement of the module may define."""
_IS_ABSOLUTE = re.compile(r"from[ ]+\w")
"""An import from another package: what is relative is of its own."""
_CLASS_OR_FUNCTION = re.compile(r"\n(?:class|def)[ ]+(\w+)")
_WORDS_ONLY = bytes(code if code < 128 and (chr(code).isalnum() or chr(code) == "_") else 32 for code in range(256))
"""Puts a blank for each byte that is in no word of ASCII."""
_PLAIN_BASES = frozenset({"Layer", "Model", "Module", "Metric", "Loss", "ABC", "object"})
"""Classes whose config holds no other object."""
_NO_LAYERS = frozenset({"object", "ABC", "HyperModel"})
"""Bases of classes that are no layers and no models."""
_LAST_NAMES = re.compile(r"(?<!\w)(\w{1,80})\s{0,80}(?:,|\Z)")
_GIVES_CONFIG = re.compile(r"\n[ \t]+\w+\.get_config\s*=")


class SourceText(NamedTuple):
    """A file of a project."""

    path: Path
    text: str
    is_test: bool = False


Files = Callable[[], Iterable[SourceText]]
"""Reads the files of a project, one after the other."""


class MadeBy(enum.Enum):
    """Who makes the objects of a class."""

    ANYONE = enum.auto()
    """Functions, modules or users of a library: it may be part of a model by itself."""
    CLASSES = enum.auto()
    """Only methods of other classes: what holds it is saved instead."""
    REBUILT = enum.auto()
    """Only classes that are made anew from their own config, or what such classes make."""


class _Place(NamedTuple):
    """A statement of a module, by the number of the file and that of the statement."""

    file: int
    statement: int


class _Mention(NamedTuple):
    """Where a name stands as a value, in a statement of a module."""

    place: _Place
    start: int
    end: int


class Makers:
    """Who makes what in a project. Tests do not count: what they make is not kept."""

    def __init__(self, files: Files, *, is_library: bool = False) -> None:
        self._read = files
        self._is_library = is_library
        self._known: dict[tuple[int, str], MadeBy | None] = {}
        self._answers: dict[tuple[str, _Place], bool] = {}

    def of(self, path: Path, name: str) -> MadeBy:
        """Who makes the class or function `name` of the module at `path`."""
        number = self._numbers.get(path)
        return (None if number is None else self._made_by(number, name)) or MadeBy.ANYONE

    def is_used(self, path: Path, name: str) -> bool:
        """Whether code of the project, tests apart, makes the class, keeps it as a value or derives from it."""
        number = self._numbers.get(path)
        return number is None or next(self._mentions(number, name), None) is not None

    def is_used_elsewhere(self, path: Path, name: str) -> bool:
        """Whether files other than its own make the class, keep it as a value or derive from it, tests apart."""
        number = self._numbers.get(path)
        return number is None or any(mention.place.file != number for mention in self._mentions(number, name))

    def is_only_held(self, path: Path, name: str) -> bool:
        """Whether only layers and Models make objects of the class, and none of these calls it on symbolic inputs.

        A functional Model and a Sequential do, in their `__init__`.
        """
        number = self._numbers.get(path)
        if number is None or self.of(path, name) is MadeBy.ANYONE:
            return False
        statements = [self._statement(mention.place) for mention in self._mentions(number, name)]
        return all(each.startswith("class ") and _SYMBOLIC.search(each) is None for each in statements)

    def derived_from(self, path: Path, name: str) -> list[tuple[Path, str]]:
        """The classes of the project that derive from the class, through others too: their files and names.

        The name is empty of one that stands within a class or function.
        """
        number = self._numbers.get(path)
        found: dict[tuple[int, str], None] = {}
        waiting = [] if number is None else [(number, name)]
        while waiting:
            for mention in self._mentions(*waiting.pop()):
                deriving = self._deriving(mention)
                key = (mention.place.file, deriving or "")
                if deriving is not None and key not in found:
                    found[key] = None
                    waiting += [key] if deriving else []
        return [(self._files[file].path, name) for file, name in found]

    def _deriving(self, mention: _Mention) -> str | None:
        """The class that names what is mentioned as a base, empty within others; None where no class does."""
        text, begin = self._files[mention.place.file].text, self._begin(mention.place)
        if self._is_among_bases(mention.place, mention.end):
            head = _HEAD.match(text, begin)
            return "" if head is None else head["name"]
        return None if _IN_BASES.search(text, begin, mention.start) is None else ""

    def texts(self) -> Iterator[str]:
        """What the files of the project say, tests apart."""
        return (file.text for file in self._files)

    def texts_naming(self, name: str) -> Iterator[str]:
        """What the files say that have a name in them, tests apart; the names of classes and functions come at once."""
        return (self._files[number].text for number in self._naming(name))

    def _is_among_bases(self, place: _Place, end: int) -> bool:
        """Whether what ends at a position is named as a base of the class that the statement defines."""
        bases = _BASES.match(self._files[place.file].text, self._begin(place))
        return bases is not None and end <= bases.end()

    @cached_property
    def _files(self) -> tuple[SourceText, ...]:
        return tuple(file for file in self._read() if not file.is_test)

    @cached_property
    def _numbers(self) -> dict[Path, int]:
        return {file.path: number for number, file in enumerate(self._files)}

    @cached_property
    def _starts(self) -> dict[int, list[int]]:
        """Where the statements of modules begin, by the number of the file."""
        return {}

    def _made_by(self, file: int, name: str) -> MadeBy | None:
        """Who makes something; None where that is just being asked, as something may make itself."""
        key = (file, name)
        if key not in self._known:
            self._known[key] = None
            self._known[key] = self._found(file, name)
        return self._known[key]

    def _found(self, file: int, name: str) -> MadeBy | None:
        if self._is_library and self._is_handed_out(self._files[file], name):
            return MadeBy.ANYONE
        found = None
        is_made = False
        for mention in self._mentions(file, name):
            is_made = True
            by = self._by(mention)
            if by is MadeBy.ANYONE:
                return by
            found = found if by is None or found is MadeBy.CLASSES else by
        return found if is_made else MadeBy.ANYONE

    def _by(self, mention: _Mention) -> MadeBy | None:
        """What it says of a class that it stands in a place."""
        place = mention.place
        statement = self._statement(place)
        head = _HEAD.match(statement)
        if head is None:
            return MadeBy.ANYONE
        if head["kind"] == "class":
            if self._is_builder(statement):
                return MadeBy.ANYONE
            if self._is_among_bases(place, mention.end) and _INIT.search(statement) is None:
                return self._made_by(place.file, head["name"])  # whose objects are made by the `__init__` of this one
            if self._is_rebuilt(place, mention.start - self._begin(place)):
                return MadeBy.REBUILT
            return MadeBy.REBUILT if self._made_by(place.file, head["name"]) is MadeBy.REBUILT else MadeBy.CLASSES
        is_made_there = self._files[place.file].text.startswith("(", mention.end)
        if (head["kind"] is None and is_made_there) or self._decorators(place):
            return MadeBy.ANYONE
        return self._made_by(place.file, head["name"] or head["held"])

    def _is_builder(self, statement: str) -> bool:
        """Whether a class is none of Keras: what it makes goes into models that others save."""
        bases = _BASES.match(statement)
        return bases is None or _NO_LAYERS.issuperset(_LAST_NAMES.findall(bases[1]))

    def _is_rebuilt(self, place: _Place, at: int | None = None) -> bool:
        """Whether the config of a class is its own and asks nothing that it holds, least of all what it makes `at`."""
        statement = self._statement(place)
        config = _GET_CONFIG.search(statement)
        if config is None:
            return self._has_config_by_decorator(place) or any(
                self._holds(self._is_rebuilt, base) for base in self._bases(statement)[0]
            )
        body = _SUPER_CONFIG.sub("", config[0])
        if _ASKS.search(body):
            return False
        if at is not None:
            kept = list(_TO_ATTRIBUTE.finditer(statement, max(0, at - _LONGEST_STATEMENT), at))
            if kept and re.search(rf"\bself\.{kept[-1][1]}\b", body):
                return False
        bases, is_plain = self._bases(statement)
        return body == config[0] or (
            is_plain
            and _FUNCTIONAL.search(statement) is None
            and all(self._holds(self._is_plain, base) for base in bases)
        )

    def _is_plain(self, place: _Place) -> bool:
        """Whether the config that a class inherits holds no object."""
        statement = self._statement(place)
        if _GET_CONFIG.search(statement) is not None:
            return self._is_rebuilt(place)
        bases, is_plain = self._bases(statement)
        return (
            is_plain
            and _FUNCTIONAL.search(statement) is None
            and all(self._holds(self._is_plain, base) for base in bases)
        )

    def _holds(self, question: Callable[[_Place], bool], base: _Place) -> bool:
        """The answer to a question about a base, which is asked once: many classes may lead to it, on many ways."""
        key = (question.__name__, base)
        if key not in self._answers:
            self._answers[key] = False  # of what derives from itself
            self._answers[key] = question(base)
        return self._answers[key]

    def _bases(self, statement: str) -> tuple[list[_Place], bool]:
        """The bases of a class that the project defines, and whether the others are plain."""
        found = _BASES.match(statement)
        names = [] if found is None else _LAST_NAMES.findall(found[1])
        own = {name: self._definitions.get(name) for name in names if f"class {name}(" not in statement}
        others = {name for name, place in own.items() if place is None}
        return [place for place in own.values() if place is not None], others <= _PLAIN_BASES

    def _has_config_by_decorator(self, place: _Place) -> bool:
        """Whether a decorator of the project gives the class its `get_config`."""
        defined = (self._definitions.get(name) for name in self._decorators(place))
        return any(found is not None and _GIVES_CONFIG.search(self._statement(found)) for found in defined)

    def _decorators(self, place: _Place) -> list[str]:
        """The last names of the decorators of a definition."""
        names = []
        for statement in range(place.statement - 1, -1, -1):
            line = self._statement(_Place(place.file, statement))
            if not line.startswith("@"):
                break
            names.append(re.split(r"[\s(]", line, maxsplit=1)[0].rpartition(".")[2].lstrip("@"))
        return names

    @cached_property
    def _definitions(self) -> dict[str, _Place | None]:
        """Classes and functions of modules, by name; None where the project has more than one of the name."""
        found: dict[str, _Place | None] = {}
        for number, file in enumerate(self._files):
            for defined in _CLASS_OR_FUNCTION.finditer("\n" + file.text):
                place = self._place(number, defined.start())
                found[defined[1]] = None if defined[1] in found else place
        return found

    def _mentions(self, file: int, name: str) -> Iterator[_Mention]:
        """Where a name stands that may be that of one file."""
        word = re.compile(rf"{name}(?<!\w{name})\b")  # what begins with letters is searched for many times as fast
        defines = re.compile(rf"\n(?:(?:class|def)[ ]+{name}\b|{name}\s*=)")
        naming = self._naming(name)
        others = [
            self._files[number].path
            for number in naming
            if number != file and defines.search("\n" + self._files[number].text) is not None
        ]
        for number in naming:
            path, text, _ = self._files[number]
            if path in others or (others and _is_nearer(path, others, self._files[file].path)):
                continue
            for found in word.finditer(text):
                place = self._place(number, found.start())
                if self._is_value(text, found, name, place):
                    yield _Mention(place, found.start(), found.end())

    def _naming(self, name: str) -> Sequence[int]:
        """The files that may have a name in them."""
        defined = self._files_by_name.get(name)
        return [number for number, each in enumerate(self._files) if name in each.text] if defined is None else defined

    @cached_property
    def _files_by_name(self) -> dict[str, list[int]]:
        """The files that have a word in them, for the words that modules define: one search for all of them."""
        found: dict[str, list[int]] = {
            name: [] for file in self._files for name in _DEFINED.findall("\n" + file.text) if name.isascii()
        }
        words = {name.encode(): files for name, files in found.items()}
        for number, file in enumerate(self._files):
            for word in words.keys() & set(file.text.encode().translate(_WORDS_ONLY).split()):
                words[word].append(number)
        return found

    def _is_value(self, text: str, found: re.Match[str], name: str, place: _Place) -> bool:
        """Whether a name is called there, kept or given away."""
        begin = self._begin(place)
        head = _HEAD.match(text, begin)
        if head is not None and name in (head["name"], head["held"]):
            return False  # its own
        if text.startswith(("from ", "import ", "__all__"), begin) or not in_code(text, found.start()):
            return False
        before = text[max(begin, found.start() - 200) : found.start()]
        if self._is_among_bases(place, found.end()):
            return True  # what derives from it makes it
        if _TESTED.search(before) or before.endswith(("class ", "def ")):
            return False
        if _IS_USED.match(text, found.end()):
            return True
        return _LASTS.search(before) is not None and _IS_KEYWORD.match(text, found.end()) is None

    def _place(self, file: int, position: int) -> _Place:
        if file not in self._starts:
            self._starts[file] = [0, *(found.end() for found in _OUTERMOST.finditer(self._files[file].text))]
        return _Place(file, bisect_right(self._starts[file], position) - 1)

    def _begin(self, place: _Place) -> int:
        self._place(place.file, 0)
        return self._starts[place.file][place.statement]

    def _statement(self, place: _Place) -> str:
        begin = self._begin(place)
        starts = self._starts[place.file]
        end = starts[place.statement + 1] if place.statement + 1 < len(starts) else None
        return self._files[place.file].text[begin:end]

    def _is_handed_out(self, module: SourceText, name: str) -> bool:
        """Whether a library names it for others to use: in a package's `__init__.py`, or in `__all__`."""
        public = re.search(r"\n__all__\s*(?::[^=\n]*)?\+?=\s*[\[(]([^\])]*)", "\n" + module.text)
        if public is not None and re.search(rf"['\"]{name}['\"]", public[1]):
            return True
        named = re.compile(rf"{name}(?<!\w{name})\b")
        for number in self._naming(name):
            path, text, _ = self._files[number]
            if path.name != "__init__.py" or named.search(text) is None:
                continue
            if module.path.is_relative_to(path.parent) or self._may_import(number, named):
                return True
        return False

    def _may_import(self, number: int, named: re.Pattern[str]) -> bool:
        """Whether a file imports a name, or whole modules, of which it may name anything."""
        text = self._files[number].text
        places = (found.start() for found in named.finditer(text) if in_code(text, found.start()))
        return "\nimport " in f"\n{text}" or any(
            _IS_ABSOLUTE.match(self._statement(self._place(number, place))) is not None for place in places
        )


def _is_nearer(path: Path, others: list[Path], one: Path) -> bool:
    """Whether what a file names is one of `others`: a definition in a folder nearer to it than that of `one`."""
    return max((_shared(path, other) for other in others), default=0) > _shared(path, one)


def _shared(path: Path, other: Path) -> int:
    """The number of folders that two files have in common."""
    both = zip(path.parts[:-1], other.parts, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], both))
