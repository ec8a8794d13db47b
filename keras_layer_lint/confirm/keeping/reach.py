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

from keras_layer_lint.cache.store import key_of
from keras_layer_lint.confirm.keeping.imported import Files, Roots
from keras_layer_lint.confirm.keeping.module_text import ModuleText, Part, Stretch, goes_beyond_names, words_in


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


@dataclass(frozen=True, slots=True)
class _Facts:
    """What one file says of others."""

    modules: frozenset[str]
    """The names that mean modules of the project."""
    missing: frozenset[str]
    """What is taken from modules of the project and is not there: importing it fails."""


@dataclass
class Sources:
    """Tells what classes reach; the files of a run are read once."""

    _files: Files = field(default_factory=Files)
    _facts: dict[tuple[Path, Roots], _Facts] = field(default_factory=dict)

    def reach_of(self, path: str, class_name: str, roots: Sequence[str], texts: Iterable[str]) -> Reach | None:
        """What a class reaches; None where its file cannot be read.

        `roots` are the folders that imports are looked for in, `texts` further ones that name things of its module.
        """
        own = self._files.module(Path(path))
        if own is None:
            return None
        roots = tuple(roots)
        modules = self._files.imported_by(own, roots)
        facts = {module.path: self._facts_of(module, roots) for module in modules}
        always = [part for module in modules for part in module.always]
        words = {class_name.partition(".")[0]}.union(*map(words_in, texts), *(part.words for part in always))
        for module in modules:  # looking into a module of the project comes to what is there
            names = facts[module.path].modules
            words.update(*(words_in(each) for each in module.dotted if each.partition(".")[0] in names))
        reached = _reached(modules, words)
        parts = {module.path: [*module.always, *reached[module.path]] for module in modules}
        every = [part for each in parts.values() for part in each]
        files = {str(module.path): module.digest for module in modules}
        is_whole = (
            any(module.has_hook or not module.is_parsed for module in modules)
            or any(map(goes_beyond_names, every))
            or any(part.whole & facts[path].modules for path, each in parts.items() for part in each)
        )
        stretches = [Stretch(1, own.length)] if is_whole else [part.stretch for part in parts[own.path]]
        return Reach(
            digest=key_of("files", files) if is_whole else _digest(modules, reached, facts),
            stretches=tuple(sorted(set(stretches), key=lambda stretch: (stretch.first, stretch.last))),
            words=frozenset(words).union(*(part.words for part in every)),
            files=files,
        )

    def _facts_of(self, module: ModuleText, roots: Roots) -> _Facts:
        key = (module.path, roots)
        if key not in self._facts:
            self._facts[key] = _Facts(self._modules_named(module, roots), self._missing(module, roots))
        return self._facts[key]

    def _missing(self, module: ModuleText, roots: Roots) -> frozenset[str]:
        missing = set()
        for each in module.imports:
            source = self._files.source_of(each, module, roots) if each.names else None
            if source is not None and source.is_parsed and not source.has_star:
                missing |= {
                    f"no {name} in {source.path}"
                    for name in each.names
                    if name != "*" and name not in source.bound and not self._files.is_module(name, each, module, roots)
                }
        return frozenset(missing)

    def _modules_named(self, module: ModuleText, roots: Roots) -> frozenset[str]:
        found = set()
        for each in module.imports:
            if not each.names:
                if next(self._files.meant_by(each, module, roots), None) is not None:
                    found |= set(each.given)
            else:
                found |= {
                    given
                    for name, given in zip(each.names, each.given, strict=True)
                    if self._files.is_module(name, each, module, roots)
                }
        return frozenset(found)


def _digest(modules: Sequence[ModuleText], reached: Mapping[Path, Sequence[Part]], facts: Mapping[Path, _Facts]) -> str:
    has_star = any(module.has_star for module in modules)
    return key_of(
        "parts",
        [
            [
                str(module.path),
                [part.text for part in module.always],
                sorted(module.told | facts[module.path].missing),
                module.exported if has_star else "",
                [part.text for part in reached[module.path]],
            ]
            for module in modules
        ],
    )


def _reached(modules: Iterable[ModuleText], words: Iterable[str]) -> dict[Path, list[Part]]:
    """The definitions of each file whose names stand among the words, or in what they come to, in order."""
    definitions: dict[str, list[tuple[Path, Part]]] = defaultdict(list)
    others: dict[str, set[str]] = defaultdict(set)
    for module in modules:
        for name, parts in module.definitions.items():
            definitions[name] += [(module.path, part) for part in parts]
        for name, meant in module.short_forms.items():
            others[name] |= meant
    found: dict[Path, list[Part]] = {module.path: [] for module in modules}
    seen = set(words)
    waiting = list(seen)
    while waiting:
        word = waiting.pop()
        new = set(others.get(word, ()))
        for path, part in definitions.get(word, ()):
            found[path].append(part)
            new |= part.words
        waiting += new - seen
        seen |= new
    for each in found.values():
        each.sort(key=lambda part: part.stretch.first)
    return found
