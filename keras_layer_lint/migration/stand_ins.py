"""Stand-ins for names that Keras 3 has nowhere, where a module would fail as it is imported.

One missing base class takes all classes of a package with it. Its stand-in raises where it is made or called, and
nowhere else, as those do that Keras 3 itself has for legacy optimizers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import libcst as cst

from keras_layer_lint.diagnostic import Edit, Span
from keras_layer_lint.fixes.place import FileTree
from keras_layer_lint.keras.exports import exists
from keras_layer_lint.keras.names import canonical
from keras_layer_lint.migration.bindings import bindings_of, bound_otherwise
from keras_layer_lint.model.syntax import dotted
from keras_layer_lint.target import Generation

_LAYER = "keras.layers.Layer"
_BY = {
    "keras.layers.Layer": "",
    "keras.layers": ".Layer",
    "keras": ".layers.Layer",
    "tensorflow": ".keras.layers.Layer",
}
"""What an import may give, by canonical name, and how `Layer` is written by it."""


@dataclass(frozen=True, slots=True)
class StandIn:
    """A name that is gone, and the edits that let the module do without."""

    name: str
    """How it is written."""
    full: str
    """Such as `tensorflow.keras.layers.LocallyConnected1D`."""
    edits: tuple[Edit, ...]


def stand_ins(text: str) -> list[StandIn]:
    """The names of Keras that a module certainly needs as it is imported, and that no Keras 3 has.

    Raises cst.ParserSyntaxError.
    """
    return list(_File(text).found())


class _File:
    """One file; only what stands at its top level certainly runs."""

    def __init__(self, text: str) -> None:
        self._tree = FileTree(text)
        self._taken = set(bound_otherwise(text))
        self._statements = [each for each in self._tree.module.body if isinstance(each, cst.SimpleStatementLine)]
        self._bindings = {
            binding.name: binding
            for statement in self._statements
            for node in statement.body
            if isinstance(node, cst.Import) or (isinstance(node, cst.ImportFrom) and not node.relative)
            for binding in bindings_of(statement, node)
        }

    def found(self) -> Iterator[StandIn]:
        made: set[str] = set()
        for statement in self._statements:
            for node in statement.body:
                if isinstance(node, cst.ImportFrom):
                    yield from self._imported(statement, node)
        classes = [each for each in self._tree.module.body if isinstance(each, cst.ClassDef)]
        for owner in classes:
            for base in owner.bases:
                full = self._meaning(base.value)
                if full is None or not isinstance(base.value, cst.Attribute) or not _is_gone(full):
                    continue
                name = base.value.attr.value
                new = () if name in made else self._definition(name, full)
                if name not in made and (not new or name in self._taken or name in self._bindings):
                    continue
                made.add(name)
                yield StandIn(name, full, (*new, Edit(self._tree.span(base.value), name)))

    def _imported(self, statement: cst.SimpleStatementLine, node: cst.ImportFrom) -> Iterator[StandIn]:
        gone = [each for each in self._bindings.values() if each.node is node and _is_gone(each.target)]
        new = [self._definition(each.name, each.target) for each in gone]
        if not gone or len(statement.body) > 1 or not all(new):
            return
        kept = [] if isinstance(node.names, cst.ImportStar) else list(node.names)
        kept = [each for each in kept if not any(each is binding.alias for binding in gone)]
        span = self._tree.span(node)
        if kept:
            kept[-1] = kept[-1].with_changes(comma=cst.MaybeSentinel.DEFAULT)
            edit = Edit(span, self._tree.module.code_for_node(node.with_changes(names=kept)))
        else:
            edit = Edit(Span(span.line, 1, span.end_line + 1, 1), "")
        for number, (binding, those) in enumerate(zip(gone, new, strict=True)):
            yield StandIn(binding.name, binding.target, (*those, *(() if number else (edit,))))

    def _meaning(self, node: cst.BaseExpression) -> str | None:
        first, _, rest = (dotted(node) or "").partition(".")
        binding = self._bindings.get(first)
        if binding is None or first in self._taken:
            return None
        return f"{binding.target}.{rest}" if rest else binding.target

    def _definition(self, name: str, full: str) -> tuple[Edit, ...]:
        """A class or function behind all imports; nothing where the file cannot hold one."""
        last = self._last_import()
        if last is None:
            return ()
        public = canonical(full)
        base = self._layer() if public.startswith("keras.layers.") else ""
        code = _code(name, public, base)
        new = self._tree.module.default_newline.join(["", "", *code.splitlines(), ""])
        return (Edit(Span(last + 1, 1, last + 1, 1), new),)

    def _layer(self) -> str:
        """How `Layer` is written here; empty where no import gives it."""
        names = {canonical(each.target): each.name for each in self._bindings.values() if each.name not in self._taken}
        return next((f"{names[public]}{rest}" for public, rest in _BY.items() if public in names), "")

    def _last_import(self) -> int | None:
        """The last line of the imports above the first class or function."""
        line = None
        for statement in self._tree.module.body:
            if isinstance(statement, (cst.ClassDef, cst.FunctionDef)):
                break
            is_import = isinstance(statement, cst.SimpleStatementLine) and isinstance(
                statement.body[0], (cst.Import, cst.ImportFrom)
            )
            if is_import:
                line = self._tree.span(statement).end_line
        return line if line is None or self._tree.lines[line - 1].endswith(("\n", "\r")) else None


def _is_gone(full: str) -> bool:
    """Whether neither `keras` nor `tf.keras` of Keras 3 has a name, under whatever name Keras 2 gave it."""
    public = canonical(full)
    if not public.startswith("keras.") or full.startswith("tensorflow.python."):
        return False
    return all(exists(each, Generation.KERAS3) is False for each in {full, public, f"tensorflow.{public}"})


def _code(name: str, public: str, base: str) -> str:
    """The stand-in: a function where the name is written like one."""
    error = f'raise NotImplementedError("Keras 3 has no `{public}`")'
    given = "*args, **kwargs"
    if not name[:1].isupper():
        return f"def {name}({given}):\n    {error}\n"
    head = f"class {name}({base}):" if base else f"class {name}:"
    return f"{head}\n    def __init__(self, {given}):\n        {error}\n"


def edits_of(found: Sequence[StandIn]) -> list[Edit]:
    """The edits of all stand-ins; those that stand at one place follow each other."""
    places: dict[Span, str] = {}
    for each in found:
        for edit in each.edits:
            places[edit.span] = places.get(edit.span, "") + edit.text
    return [Edit(span, text) for span, text in places.items()]
