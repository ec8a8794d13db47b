"""What a class reaches in its project, by text alone: the code that an outcome rests on.

Importing a module runs the modules that it imports, and all in them that stands outside of functions: that counts for
every class. Of classes and functions, those count whose names stand in what is reached. Where code may come to other
code without naming it, all files count as they are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from keras_layer_lint.cache.store import key_of
from keras_layer_lint.confirm.keeping.imported import Files, Imported, Roots
from keras_layer_lint.confirm.keeping.module_text import ModuleText, Part, Stretch, words_in


@dataclass(frozen=True, slots=True)
class Reach:
    """What one class reaches."""

    digest: str
    """Stands for all of it, wherever in its file it stands."""
    stretches: tuple[Stretch, ...]
    """The lines of its own file that it reaches, in order."""
    words: frozenset[str]
    """All that the code names, in strings, too."""
    files: Mapping[str, str]
    """What its module imports, itself included: paths, each with the digest of what was read there."""


Found: TypeAlias = "list[tuple[Path, Part]]"


@dataclass(slots=True)
class _Closure:
    """Files that import each other, and what they say together."""

    named: Mapping[Path, frozenset[str]]
    """By file: the names that mean modules of the project."""
    definitions: Mapping[str, Found]
    short_forms: Mapping[str, set[str]]
    digest: str
    """Stands for all that runs at import."""
    files: Mapping[str, str]
    is_whole: bool
    """Whether importing them may come to code that is not named."""
    found: Found = field(default_factory=list)
    """Definitions that importing them reaches."""
    words: frozenset[str] = frozenset()
    """What is named at import, and in these."""

    def goes_beyond(self, path: Path, part: Part) -> bool:
        """Whether a part of a file may come to code that is not named."""
        return part.goes_beyond or not part.whole.isdisjoint(self.named[path])


@dataclass
class Sources:
    """Tells what classes reach; the files of a run are read once."""

    _files: Files = field(default_factory=Files)
    _closures: dict[tuple[tuple[Path, frozenset[str], frozenset[str]], ...], _Closure] = field(default_factory=dict)

    def reach_of(self, path: str, class_name: str, roots: Sequence[str], texts: Iterable[str]) -> Reach | None:
        """What a class reaches; None where its file cannot be read.

        `roots` are the folders that imports are looked for in, `texts` further ones that name things of its module.
        """
        own = self._files.module(path)
        if own is None:
            return None
        closure = self._closure(own, tuple(roots))
        new, words = _reached(closure, {class_name.partition(".")[0]}.union(*map(words_in, texts)))
        reached = [*closure.found, *new]
        is_whole = closure.is_whole or any(closure.goes_beyond(of, part) for of, part in reached)
        parts = [*own.always, *(part for of, part in reached if of == own.path)]
        stretches = [Stretch(1, own.length)] if is_whole else [part.stretch for part in parts]
        in_order = sorted((str(of), part.stretch.first, part.text) for of, part in reached)
        texts_of = [(of, text) for of, _, text in in_order]
        return Reach(
            digest=key_of("files", closure.files) if is_whole else key_of("parts", closure.digest, texts_of),
            stretches=tuple(sorted(set(stretches), key=lambda stretch: (stretch.first, stretch.last))),
            words=words,
            files=closure.files,
        )

    def _closure(self, own: ModuleText, roots: Roots) -> _Closure:
        modules = self._files.reached_from(own, roots)
        imported = [self._files.imported_by(module, roots) for module in modules]
        pairs = list(zip(modules, imported, strict=True))
        key = tuple((module.path, each.modules, each.missing) for module, each in pairs)
        if key not in self._closures:
            self._closures[key] = _closure_of(pairs)
        return self._closures[key]


def _closure_of(pairs: Sequence[tuple[ModuleText, Imported]]) -> _Closure:
    modules = tuple(module for module, _ in pairs)
    named = {module.path: each.modules for module, each in pairs}
    always = [(module.path, part) for module in modules for part in module.always]
    definitions: dict[str, Found] = defaultdict(list)
    short_forms: dict[str, set[str]] = defaultdict(set)
    for module in modules:
        for name, parts in module.definitions.items():
            definitions[name] += [(module.path, part) for part in parts]
        for name, meant in module.short_forms.items():
            short_forms[name] |= meant
    # Looking into a module of the project comes to what is there.
    looked_into = [each for module in modules for each in module.dotted if each.partition(".")[0] in named[module.path]]
    has_star = any(module.has_star for module in modules)
    told = [
        [
            str(module.path),
            [part.text for part in module.always],
            sorted(module.told | each.missing),
            module.exported if has_star else "",
        ]
        for module, each in pairs
    ]
    closure = _Closure(
        named=named,
        definitions=definitions,
        short_forms=short_forms,
        digest=key_of(told),
        files={str(module.path): module.digest for module in modules},
        is_whole=any(module.has_hook or not module.is_parsed for module in modules)
        or any(part.goes_beyond or not part.whole.isdisjoint(named[path]) for path, part in always),
    )
    named_at_import = set[str]().union(*(part.words for _, part in always), *map(words_in, looked_into))
    closure.found, closure.words = _reached(closure, named_at_import)
    return closure


def _reached(closure: _Closure, words: set[str]) -> tuple[Found, frozenset[str]]:
    """The definitions that words come to beyond what importing comes to; and all words."""
    found: Found = []
    seen = words | closure.words
    waiting = list(words - closure.words)
    while waiting:
        word = waiting.pop()
        new = set(closure.short_forms.get(word, ()))
        for path, part in closure.definitions.get(word, ()):
            found.append((path, part))
            new |= part.words
        waiting += new - seen
        seen |= new
    return found, frozenset(seen)
