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
from collections.abc import Callable, Iterator
from pathlib import Path

from keras_layer_lint.model.mentions import BASES, HEAD, Files, Mention, Mentions, Place, SourceText
from keras_layer_lint.source.text_places import in_code

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
_IS_ABSOLUTE = re.compile(r"from[ ]+\w")
"""An import from another package: what is relative is of its own."""
_PLAIN_BASES = frozenset({"Layer", "Model", "Module", "Metric", "Loss", "ABC", "object"})
"""Classes whose config holds no other object."""
_NO_LAYERS = frozenset({"object", "ABC", "HyperModel"})
"""Bases of classes that are no layers and no models."""
_LAST_NAMES = re.compile(r"(?<!\w)(\w{1,80})\s{0,80}(?:,|\Z)")
_GIVES_CONFIG = re.compile(r"\n[ \t]+\w+\.get_config\s*=")


class MadeBy(enum.Enum):
    """Who makes the objects of a class."""

    ANYONE = enum.auto()
    """Functions, modules or users of a library: it may be part of a model by itself."""
    CLASSES = enum.auto()
    """Only methods of other classes: what holds it is saved instead."""
    REBUILT = enum.auto()
    """Only classes that are made anew from their own config, or what such classes make."""


class Makers:
    """Who makes what in a project. Tests do not count: what they make is not kept."""

    def __init__(self, files: Files, *, is_library: bool = False) -> None:
        self.named = Mentions(files)
        self._is_library = is_library
        self._known: dict[tuple[int, str], MadeBy | None] = {}
        self._answers: dict[tuple[str, Place], bool] = {}

    def of(self, path: Path, name: str) -> MadeBy:
        """Who makes the class or function `name` of the module at `path`."""
        number = self.named.numbers.get(path)
        return (None if number is None else self._made_by(number, name)) or MadeBy.ANYONE

    def is_used(self, path: Path, name: str) -> bool:
        """Whether code of the project, tests apart, makes the class, keeps it as a value or derives from it."""
        number = self.named.numbers.get(path)
        return number is None or next(self.named.of(number, name), None) is not None

    def is_used_elsewhere(self, path: Path, name: str) -> bool:
        """Whether files other than its own make the class, keep it as a value or derive from it, tests apart."""
        number = self.named.numbers.get(path)
        return number is None or any(mention.place.file != number for mention in self.named.of(number, name))

    def is_only_made_within(self, path: Path, name: str) -> bool:
        """Whether only classes of its own file make objects of the class, and a library does not hand it out."""
        number = self.named.numbers.get(path)
        if number is None or (self._is_library and self._is_handed_out(self.named.files[number], name)):
            return False
        places = [mention.place for mention in self.named.of(number, name)]
        return bool(places) and all(
            place.file == number and self.named.statement(place).startswith("class ") for place in places
        )

    def is_only_held(self, path: Path, name: str) -> bool:
        """Whether only layers and Models make objects of the class, and none of these calls it on symbolic inputs.

        A functional Model and a Sequential do, in their `__init__`.
        """
        number = self.named.numbers.get(path)
        if number is None or self.of(path, name) is MadeBy.ANYONE:
            return False
        statements = [self.named.statement(mention.place) for mention in self.named.of(number, name)]
        return all(each.startswith("class ") and _SYMBOLIC.search(each) is None for each in statements)

    def derived_from(self, path: Path, name: str) -> list[tuple[Path, str]]:
        """The classes of the project that derive from the class, through others too: their files and names.

        The name is empty of one that stands within a class or function.
        """
        number = self.named.numbers.get(path)
        found: dict[tuple[int, str], None] = {}
        waiting = [] if number is None else [(number, name)]
        while waiting:
            for mention in self.named.of(*waiting.pop()):
                deriving = self._deriving(mention)
                key = (mention.place.file, deriving or "")
                if deriving is not None and key not in found:
                    found[key] = None
                    waiting += [key] if deriving else []
        return [(self.named.files[file].path, name) for file, name in found]

    def _deriving(self, mention: Mention) -> str | None:
        """The class that names what is mentioned as a base, empty within others; None where no class does."""
        text, begin = self.named.files[mention.place.file].text, self.named.begin(mention.place)
        if self.named.is_among_bases(mention.place, mention.end):
            head = HEAD.match(text, begin)
            return "" if head is None else head["name"]
        return None if _IN_BASES.search(text, begin, mention.start) is None else ""

    def texts(self) -> Iterator[str]:
        """What the files of the project say, tests apart."""
        return (file.text for file in self.named.files)

    def texts_naming(self, name: str) -> Iterator[str]:
        """What the files say that have a name in them, tests apart; the names of classes and functions come at once."""
        return (self.named.files[number].text for number in self.named.naming(name))

    def _made_by(self, file: int, name: str) -> MadeBy | None:
        """Who makes something; None where that is just being asked, as something may make itself."""
        key = (file, name)
        if key not in self._known:
            self._known[key] = None
            self._known[key] = self._found(file, name)
        return self._known[key]

    def _found(self, file: int, name: str) -> MadeBy | None:
        if self._is_library and self._is_handed_out(self.named.files[file], name):
            return MadeBy.ANYONE
        found = None
        is_made = False
        for mention in self.named.of(file, name):
            is_made = True
            by = self._by(mention)
            if by is MadeBy.ANYONE:
                return by
            found = found if by is None or found is MadeBy.CLASSES else by
        return found if is_made else MadeBy.ANYONE

    def _by(self, mention: Mention) -> MadeBy | None:
        """What it says of a class that it stands in a place."""
        place = mention.place
        statement = self.named.statement(place)
        head = HEAD.match(statement)
        if head is None:
            return MadeBy.ANYONE
        if head["kind"] == "class":
            if self._is_builder(statement):
                return MadeBy.ANYONE
            if self.named.is_among_bases(place, mention.end) and _INIT.search(statement) is None:
                return self._made_by(place.file, head["name"])  # whose objects are made by the `__init__` of this one
            if self._is_rebuilt(place, mention.start - self.named.begin(place)):
                return MadeBy.REBUILT
            return MadeBy.REBUILT if self._made_by(place.file, head["name"]) is MadeBy.REBUILT else MadeBy.CLASSES
        is_made_there = self.named.files[place.file].text.startswith("(", mention.end)
        if (head["kind"] is None and is_made_there) or self.named.decorators(place):
            return MadeBy.ANYONE
        return self._made_by(place.file, head["name"] or head["held"])

    def _is_builder(self, statement: str) -> bool:
        """Whether a class is none of Keras: what it makes goes into models that others save."""
        bases = BASES.match(statement)
        return bases is None or _NO_LAYERS.issuperset(_LAST_NAMES.findall(bases[1]))

    def _is_rebuilt(self, place: Place, at: int | None = None) -> bool:
        """Whether the config of a class is its own and asks nothing that it holds, least of all what it makes `at`."""
        statement = self.named.statement(place)
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

    def _is_plain(self, place: Place) -> bool:
        """Whether the config that a class inherits holds no object."""
        statement = self.named.statement(place)
        if _GET_CONFIG.search(statement) is not None:
            return self._is_rebuilt(place)
        bases, is_plain = self._bases(statement)
        return (
            is_plain
            and _FUNCTIONAL.search(statement) is None
            and all(self._holds(self._is_plain, base) for base in bases)
        )

    def _holds(self, question: Callable[[Place], bool], base: Place) -> bool:
        """The answer to a question about a base, which is asked once: many classes may lead to it, on many ways."""
        key = (question.__name__, base)
        if key not in self._answers:
            self._answers[key] = False  # of what derives from itself
            self._answers[key] = question(base)
        return self._answers[key]

    def _bases(self, statement: str) -> tuple[list[Place], bool]:
        """The bases of a class that the project defines, and whether the others are plain."""
        found = BASES.match(statement)
        names = [] if found is None else _LAST_NAMES.findall(found[1])
        own = {name: self.named.definitions.get(name) for name in names if f"class {name}(" not in statement}
        others = {name for name, place in own.items() if place is None}
        return [place for place in own.values() if place is not None], others <= _PLAIN_BASES

    def _has_config_by_decorator(self, place: Place) -> bool:
        """Whether a decorator of the project gives the class its `get_config`."""
        defined = (self.named.definitions.get(name) for name in self.named.decorators(place))
        return any(found is not None and _GIVES_CONFIG.search(self.named.statement(found)) for found in defined)

    def _is_handed_out(self, module: SourceText, name: str) -> bool:
        """Whether a library names it for others to use: in a package's `__init__.py`, or in `__all__`."""
        public = re.search(r"\n__all__\s*(?::[^=\n]*)?\+?=\s*[\[(]([^\])]*)", "\n" + module.text)
        if public is not None and re.search(rf"['\"]{name}['\"]", public[1]):
            return True
        named = re.compile(rf"{name}(?<!\w{name})\b")
        for number in self.named.naming(name):
            file = self.named.files[number]
            if file.path.name != "__init__.py" or named.search(file.text) is None:
                continue
            if module.path.is_relative_to(file.path.parent) or self._may_import(number, named):
                return True
        return False

    def _may_import(self, number: int, named: re.Pattern[str]) -> bool:
        """Whether a file imports a name, or whole modules, of which it may name anything."""
        text = self.named.files[number].text
        places = (found.start() for found in named.finditer(text) if in_code(text, found.start()))
        return "\nimport " in f"\n{text}" or any(
            _IS_ABSOLUTE.match(self.named.statement(self.named.place(number, place))) is not None for place in places
        )
