"""A file of a project for Keras 2 to what it is for Keras 3: its imports, and fixes of what Keras 3 refuses."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import libcst as cst

from keras_layer_lint.diagnostic import Diagnostic, Edit, Severity
from keras_layer_lint.errors import UnreadableFile
from keras_layer_lint.fixes.editing import edited
from keras_layer_lint.fixes.engine import Fixer
from keras_layer_lint.keras.exports import exists
from keras_layer_lint.keras.kinds import ClassKind
from keras_layer_lint.keras.objects import OBJECTS
from keras_layer_lint.migration.imports import keras_3_imports
from keras_layer_lint.migration.masks import masks_as_in_keras_2
from keras_layer_lint.migration.packed import weights_as_tensors
from keras_layer_lint.migration.stand_ins import edits_of, stand_ins
from keras_layer_lint.model.class_graph import ClassRef, Project
from keras_layer_lint.registry import rules
from keras_layer_lint.settings import ALL_BACKENDS, Settings
from keras_layer_lint.source.decode import decode, encoded_like
from keras_layer_lint.source.gate import may_define_layer
from keras_layer_lint.target import Generation

_NAMED = (ast.ClassDef, ast.FunctionDef)
Refuses = Callable[[Diagnostic], str]


@dataclass(frozen=True, slots=True)
class Left:
    """What a person has to look at: where, what, and why."""

    line: int
    what: str
    why: str


@dataclass(frozen=True, slots=True)
class Migrated:
    """One file before and after."""

    path: str
    before: bytes
    after: bytes
    imports: int
    """How many edits the imports and names of Keras took."""
    made: tuple[Diagnostic, ...]
    """What was fixed."""
    left: tuple[Left, ...]
    masks: int = 0
    """How many methods take a list of no masks for None, as Keras 2 hands it over."""
    packed: int = 0
    """How many weights stand by their value in lists that TensorFlow makes one tensor of."""

    @property
    def is_changed(self) -> bool:
        """Whether anything was."""
        return self.before != self.after

    def as_it_was(self, why: str) -> Migrated:
        """The file unchanged, which leaves all of it to a person."""
        return replace(
            self, after=self.before, imports=0, made=(), masks=0, packed=0, left=(Left(1, "not migrated", why),)
        )


def settings_for(settings: Settings, *, any_backend: bool) -> Settings:
    """How code is linted that is to run in Keras 3: on TensorFlow, or on any backend, without functions of one."""
    found = replace(settings, keras=("3",), min_severity=Severity.WARNING)
    if not any_backend:
        return found
    several = [rule.code for rule in rules() if rule.name == "backend-specific-op"]
    return replace(found, backends=ALL_BACKENDS, extend_select=(*found.extend_select, *several))


class Migrator:
    """Migrates files in memory. `settings` are those of the project."""

    def __init__(self, settings: Settings, *, any_backend: bool = False) -> None:
        self._settings = settings_for(settings, any_backend=any_backend)
        self._project = Project(Path(settings.root).absolute())
        self._fixer = Fixer(self._settings, unsafe=True, least=Severity.WARNING)

    def migrated(self, data: bytes, path: str, refuses: Refuses = lambda _: "") -> Migrated | None:
        """What a file is for Keras 3; None for one that cannot be read.

        Where it holds no layer, model or other object of Keras, only imports change, and only those that fail.
        """
        try:
            kinds = self._kinds(data, Path(path)) if may_define_layer(data) else {}
            if not any(kind in OBJECTS for kind in kinds.values()):
                new, done = self._with_imports(data, only_gone=True)
                new, left = self._with_stand_ins(new)
                return Migrated(path, data, new, done, (), tuple(left))
            return self._of_objects(data, path, refuses, kinds)
        except (UnreadableFile, cst.ParserSyntaxError, RecursionError, SyntaxError):
            return None

    def _of_objects(self, data: bytes, path: str, refuses: Refuses, kinds: Mapping[str, ClassKind | None]) -> Migrated:
        """Imports, then fixes; and again, for a fix may take away what keeps an import as it is."""
        new, names, made = data, 0, list[Diagnostic]()
        while True:
            before = new
            new, done = self._with_imports(new)
            fixed = self._fixer.fixed(new, Path(path), refuses)
            new, names, made = fixed.after, names + done, [*made, *fixed.made]
            if new == before or not fixed.made:
                break
        layers = frozenset(name for name, kind in kinds.items() if kind is ClassKind.LAYER)
        objects = frozenset(name for name, kind in kinds.items() if kind in OBJECTS)
        new, masks = self._with(new, lambda text: masks_as_in_keras_2(text, layers))
        new, packed = self._with(new, lambda text: weights_as_tensors(text, objects))
        new, missing = self._with_stand_ins(new)
        report = self._fixer.report(new, Path(path))
        refused = {(each.code, each.class_name, each.message): why for each, why in fixed.refused}
        found = [each for each in report.diagnostics if each.severity >= Severity.WARNING]
        left = [_left(each, refused.get((each.code, each.class_name, each.message), "")) for each in found]
        lines = {each.span.line for each in found}
        left += [Left(line, name, _why(name)) for line, name in _gone(new) if line not in lines]
        left.sort(key=lambda each: each.line)
        return Migrated(path, data, new, names, tuple(made), (*missing, *left), masks, packed)

    def _kinds(self, data: bytes, path: Path) -> dict[str, ClassKind | None]:
        """What the classes that a file defines are to Keras: a layer, a loss, a callback, or nothing."""
        module = self._project.module_at(path.absolute(), data)
        infos = {name: self._project.class_info(ClassRef(module, entry)) for name, entry in module.classes.items()}
        return {name: info.kind for name, info in infos.items()}

    @staticmethod
    def _with(data: bytes, edits_of_text: Callable[[str], list[Edit]]) -> tuple[bytes, int]:
        """A file with edits of its text, and how many there are."""
        text = decode(data)
        edits = edits_of_text(text)
        new = _written(data, text, edits)
        return (data, 0) if new is None else (new, len(edits))

    @staticmethod
    def _with_imports(data: bytes, *, only_gone: bool = False) -> tuple[bytes, int]:
        """A file with its imports rewritten, and how many names of Keras that concerns."""
        text = decode(data)
        edits = keras_3_imports(text, only_gone=only_gone).edits
        new = _written(data, text, edits)
        return (data, 0) if new is None else (new, len(edits))

    @staticmethod
    def _with_stand_ins(data: bytes) -> tuple[bytes, list[Left]]:
        """A file that can be imported without what is gone, and what a person has to write."""
        text = decode(data)
        found = stand_ins(text)
        new = _written(data, text, edits_of(found))
        if new is None:
            return data, []
        lines = {node.name: node.lineno for node in ast.parse(new).body if isinstance(node, _NAMED)}
        whys = {each.name: (each.full, f"{_why(each.full)}; what stands in for it raises") for each in found}
        return new, [Left(lines[name], *those) for name, those in whys.items()]


def _written(data: bytes, text: str, edits: Sequence[Edit]) -> bytes | None:
    """The file with edits of its text; None where that is no Python."""
    try:
        new = edited(text, edits)
        ast.parse(new)
        return encoded_like(data, new)
    except (SyntaxError, ValueError):
        return None


def _left(diagnostic: Diagnostic, refused: str) -> Left:
    why = refused or diagnostic.help or "there is no fix for it"
    return Left(diagnostic.span.line, f"{diagnostic.code} {diagnostic.message}", why)


def _gone(data: bytes) -> list[tuple[int, str]]:
    """Names of Keras that a migrated file still has, and that not even `tf.keras` has where that is Keras 3."""
    return [(line, name) for line, name in keras_3_imports(decode(data)).left if not exists(name, Generation.KERAS3)]


def _why(name: str) -> str:
    last = name.rpartition(".")[2]
    return f"neither `keras` nor `tf.keras` of Keras 3 has `{last}`"
