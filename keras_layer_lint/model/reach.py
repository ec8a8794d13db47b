"""Which code a class may be part of: the files that what a definition makes may get to, by text alone.

Who makes an object of a class has it; so has who calls the function that makes it, and who makes an object of the class
that holds it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property

from keras_layer_lint.immutable import dataclass
from keras_layer_lint.model.mentions import HEAD, Mentions, stem_of

_IMPORTS = re.compile(
    r"^[ \t]{0,40}(?:from[ ]+(?P<source>[\w.]+)[ ]+import[ ]+(?P<names>\([^)]{0,4000}|(?:[^\n\\]|\\\n){0,4000})"
    r"|import[ ]+(?P<modules>[^\n]{0,1000}))",
    re.MULTILINE,
)
_DEFINES = re.compile(
    r"^(?:(?:class|def|async[ ]+def)[ ]+(\w+)|([A-Za-z_]\w{0,80})[ ]{0,4}(?::[^=\n]{0,200})?=(?!=))", re.MULTILINE
)
_WORDS = re.compile(r"\w+")
_RENAMED = re.compile(r"\b(\w{1,80})[ ]+as[ ]+(\w{1,80})")
_LOOKS_UP = re.compile(r"\bimport_module\(|\b__import__\(")
"""How a class of any module is made whose name the code does not hold."""
_LOOKS_UP_HERE = re.compile(r"\bglobals\(\)|(?<![\w.])eval\(")
"""The same, of a class that the file itself defines or imports."""
_ASKED = re.compile(r"\bgetattr\(\s{0,20}(\w{1,60})(?:\.\w{1,60}){0,4}\s{0,20},")
_OF_KERAS = frozenset({"register_keras_serializable"})


@dataclass(frozen=True, slots=True)
class Imported:
    """What the imports of a file name, and what it defines."""

    words: frozenset[str]
    """Names, and the parts of the names of modules that they come from."""
    names: frozenset[str]
    """The same, without the modules that names are taken from."""
    modules: frozenset[str]
    """Parts of the names of modules that are imported as such."""
    renamed: tuple[tuple[str, str], ...]
    defined: frozenset[str]
    """Classes, functions and variables of its own."""
    takes_all: bool
    """Whether a `*` stands among them."""

    def may_name(self, wanted: frozenset[str], folders: frozenset[str]) -> bool:
        """Whether what is imported may be one of some names, or of a module that is imported from some folders."""
        return self.takes_all or not self.words.isdisjoint(wanted) or not self.modules.isdisjoint(folders)


@dataclass(frozen=True, slots=True)
class Reached:
    """Where what a definition makes may get to."""

    files: frozenset[int]
    names: frozenset[str]
    """The definitions on the way."""
    is_all: bool
    """Whether that is all: nothing on the way is looked up by a name that stands nowhere in the code."""
    is_run: bool
    """Whether a function or the code of a module has it, and not only classes: others may run these."""


class Reach:
    """The ways from definitions to those that use them, in the files of a project. Tests do not count."""

    def __init__(self, named: Mentions) -> None:
        self.named = named
        self._imports: dict[int, Imported] = {}
        self._known: dict[tuple[int, str], Reached] = {}

    def of(self, file: int, name: str) -> Reached:
        """Where the class or function of a file gets to."""
        key = (file, name)
        if key not in self._known:
            self._known[key] = self._search([key])
        return self._known[key]

    def from_places(self, places: Iterable[tuple[int, int]]) -> Reached:
        """Where the code at positions of files gets to: the definitions around them, and who uses these."""
        named = self.named
        starts: dict[tuple[int, str], None] = {}
        files = set()
        for file, position in places:
            files.add(file)
            head = HEAD.match(named.files[file].text, named.begin(named.place(file, position)))
            if head is not None:
                starts[file, head["name"] or head["held"]] = None
        found = self._search(list(starts))
        return Reached(found.files | files, found.names, found.is_all, found.is_run)

    def _search(self, waiting: list[tuple[int, str]]) -> Reached:
        seen = set(waiting)
        files = set()
        is_all = not self._looks_up
        is_run = False
        while waiting:
            file, name = waiting.pop()
            files.add(file)
            is_all = is_all and not (
                self._is_registered(file, name) or self._is_looked_into(file) or self._is_looked_up(file, name)
            )
            uses = set(self._uses(file, name))
            is_run = is_run or not all(head and self._is_class(number, head) for number, head in uses)
            found = uses - seen
            seen |= found
            waiting += [key for key in sorted(found) if key[1]]
            files |= {key[0] for key in found}
        return Reached(frozenset(files), frozenset(name for _, name in seen if name), is_all, is_run)

    def _uses(self, file: int, name: str) -> Iterable[tuple[int, str]]:
        """The definitions that use one, with their files; an empty name for the code of a module itself."""
        named, path = self.named, self.named.files[file].path
        wanted, folders = frozenset((name, stem_of(path))), frozenset(path.parts[-4:-1])
        word = re.compile(rf"{name}(?<!\w{name})\b")
        for number in named.naming(name):
            if number != file:
                imported = self._imported(number)
                if not imported.may_name(wanted, folders):
                    continue
                for original, alias in imported.renamed:
                    if original == name:
                        yield number, alias
                if name in imported.defined:
                    continue  # its own
            for mention in named.within(number, name, word):
                head = HEAD.match(named.files[number].text, named.begin(mention.place))
                yield number, "" if head is None else head["name"] or head["held"]

    def _is_class(self, file: int, name: str) -> bool:
        return re.search(rf"^class[ ]+{re.escape(name)}\b", self.named.files[file].text, re.MULTILINE) is not None

    def _imported(self, file: int) -> Imported:
        if file not in self._imports:
            self._imports[file] = imported_by(self.named.files[file].text)
        return self._imports[file]

    def _is_registered(self, file: int, name: str) -> bool:
        """Whether a decorator hands a definition to a registry, which others ask for it by a name of its own."""
        named = self.named
        found = re.search(rf"^(?:class|(?:async[ ]+)?def)[ ]+{name}\b", named.files[file].text, re.MULTILINE)
        if found is None:
            return False
        decorators = named.decorators(named.place(file, found.start()))
        return any("regist" in decorator.lower() and decorator not in _OF_KERAS for decorator in decorators)

    @cached_property
    def _looks_up(self) -> bool:
        return any(_LOOKS_UP.search(file.text) is not None for file in self.named.files)

    def _is_looked_up(self, file: int, name: str) -> bool:
        """Whether a file that has the name looks up names that the code does not hold."""
        path = self.named.files[file].path
        wanted, folders = frozenset((name, stem_of(path))), frozenset(path.parts[-4:-1])
        return any(number == file or self._imported(number).may_name(wanted, folders) for number in self._looking_up)

    @cached_property
    def _looking_up(self) -> list[int]:
        return [number for number, file in enumerate(self.named.files) if _LOOKS_UP_HERE.search(file.text) is not None]

    def _is_looked_into(self, file: int) -> bool:
        """Whether a file asks a module for something by a name: `getattr(layers, name)`."""
        stem = stem_of(self.named.files[file].path)
        return any(stem in imported.words for imported in self._looking)

    @cached_property
    def _looking(self) -> list[Imported]:
        """What the files import that ask something imported for an attribute by a name."""
        found = []
        for number, file in enumerate(self.named.files):
            if "getattr(" in file.text:
                imported = self._imported(number)
                if any(asked[1] in imported.names for asked in _ASKED.finditer(file.text)):
                    found.append(imported)
        return found


def imported_by(text: str) -> Imported:
    """What the imports of a file name, and what it defines."""
    sources: set[str] = set()
    names: set[str] = set()
    modules: set[str] = set()
    renamed: list[tuple[str, str]] = []
    takes_all = False
    for found in _IMPORTS.finditer(text):
        if found["modules"] is not None:
            modules.update(_WORDS.findall(found["modules"]))
            continue
        sources.update(_WORDS.findall(found["source"]))
        names.update(_WORDS.findall(found["names"]))
        renamed += _RENAMED.findall(found["names"])
        takes_all = takes_all or "*" in found["names"]
    names |= modules
    defined = frozenset(first or second for first, second in _DEFINES.findall(text))
    return Imported(
        frozenset(sources | names), frozenset(names), frozenset(modules), tuple(renamed), defined, takes_all
    )
