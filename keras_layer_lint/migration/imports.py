"""Imports of Keras 2 and names below them, as Keras 3 has them.

`tf.keras`, `tf_keras` and private modules give way to `keras`. What only `tf.keras` still has, such as most of
`tf.keras.backend`, stays: under TensorFlow 2.16 and later it is Keras 3, too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import libcst as cst

from keras_layer_lint.diagnostic import Edit, Span
from keras_layer_lint.fixes.place import FileTree, walked
from keras_layer_lint.keras.exports import exists, has_less_than_tensorflow
from keras_layer_lint.keras.names import canonical
from keras_layer_lint.keras.removed_api import moved_to, value_in_3
from keras_layer_lint.migration.bindings import Binding, Use, bindings_of, bound_otherwise, uses_in
from keras_layer_lint.target import Generation

_KERAS = "keras"
_SOURCES = ("tensorflow.keras", "tensorflow.compat.v2.keras", "tensorflow.python.keras", "tf_keras")
_PRIVATE = ("keras.src", "keras.engine", "keras.api")


@dataclass(frozen=True, slots=True)
class Rewritten:
    """The edits of one file, and names of Keras that they leave where they are."""

    edits: tuple[Edit, ...]
    left: tuple[tuple[int, str], ...]
    """Line and name: Keras 3 has no such name under `keras`."""


def keras_3_imports(text: str, *, only_gone: bool = False) -> Rewritten:
    """Edits that let a file take all that it can from `keras`. Raises cst.ParserSyntaxError.

    `only_gone`: leave what `tf.keras` gives, and take the rest: private modules and `tf_keras`.
    """
    return _File(text, only_gone=only_gone).rewritten()


class _File:
    """One file while its imports are rewritten."""

    def __init__(self, text: str, *, only_gone: bool) -> None:
        self._only_gone = only_gone
        self._tree = FileTree(text)
        self._bindings = list(self._found())
        self._bound_otherwise = bound_otherwise(text)
        self._edits: list[Edit] = []
        self._left: list[tuple[int, str]] = []
        self._needs_keras = False
        self._keras_is = ""
        """What the name `keras` will stand for; empty where no import gives it."""
        by_name: dict[str, list[Binding]] = {}
        for binding in self._bindings:
            by_name.setdefault(binding.name, []).append(binding)
        for use in uses_in(self._tree.module):
            for binding in by_name.get(use.parts[0], []):
                binding.uses.append(use)
        self._names = by_name

    def rewritten(self) -> Rewritten:
        changed: dict[int, list[tuple[Binding, str]]] = {}
        for name, bindings in sorted(self._names.items(), key=lambda each: each[0] != _KERAS):
            self._of_name(name, bindings, changed)
            if name == _KERAS:
                self._keras_is = self._meaning_of_keras(changed.values())
        for those in changed.values():
            self._edits.append(self._import(those))
        if self._needs_keras and not self._keras_is:
            edit = self._new_import()
            if edit is None:
                return Rewritten((), tuple(self._left))
            self._edits.append(edit)
        return Rewritten(tuple(dict.fromkeys(self._edits)), tuple(dict.fromkeys(self._left)))

    def _found(self) -> Iterator[Binding]:
        for statement in walked(self._tree.module):
            if not isinstance(statement, cst.SimpleStatementLine):
                continue
            for node in statement.body:
                if isinstance(node, cst.Import) or (isinstance(node, cst.ImportFrom) and not node.relative):
                    yield from bindings_of(statement, node)

    def _of_name(self, name: str, bindings: list[Binding], changed: dict[int, list[tuple[Binding, str]]]) -> None:
        if all(binding.target == "tensorflow" for binding in bindings):
            if not self._only_gone:
                self._of_tensorflow(name, bindings[0])
            return
        if self._only_gone and all(binding.target.startswith("tensorflow.keras") for binding in bindings):
            return
        own = [binding for binding in bindings if _is_old(binding.target)]
        if len(own) < len(bindings) or not own:
            return
        if all(_keeps_names(binding) for binding in own):
            for binding in own:
                if binding.target != canonical(binding.target):
                    changed.setdefault(id(binding.node), []).append((binding, canonical(binding.target)))
            return
        uses = {id(use.node): use for use in own[0].uses}.values()
        found = {id(use.node): {_successor(use, binding.target) for binding in own} for use in uses}
        certain = name not in self._bound_otherwise and all(len(each) == 1 for each in found.values())
        successors = {key: next(iter(each)) for key, each in found.items()} if certain else {}
        new = [(use, successor) for use in uses if (successor := successors.get(id(use.node))) is not None]
        if new and len(new) == len(uses):
            for use, successor in new:
                self._replace(use, successor)
            for binding in own:
                changed.setdefault(id(binding.node), []).append((binding, ""))
            return
        if not uses:
            self._left.append((self._tree.span(own[0].node).line, own[0].target))
        for use in uses:
            if successors.get(id(use.node)) is None:
                self._leave(use, own[0].target)
        for binding in own:  # `tf_keras` and what is private cannot stay: what is public in `tf.keras` can
            public = canonical(binding.target)
            if not binding.target.startswith("tensorflow.keras") and exists(f"tensorflow.{public}", Generation.KERAS3):
                changed.setdefault(id(binding.node), []).append((binding, f"tensorflow.{public}"))

    def _of_tensorflow(self, name: str, binding: Binding) -> None:
        """`tf.keras.layers.Dense`."""
        if name in self._bound_otherwise:
            return
        for use in binding.uses:
            if use.parts[1:2] != (_KERAS,):
                continue
            successor = _successor(use, "tensorflow")
            if successor is None:
                self._leave(use, "tensorflow")
            elif self._is_in_keras(successor[0]):
                self._replace(use, successor)

    def _is_in_keras(self, name: str) -> bool:
        """Whether a name below `keras` is there, whatever this stands for: `tf.keras` has no `saving`."""
        if self._keras_is != "tensorflow.keras" or name.startswith('"'):
            return True
        return bool(exists(f"tensorflow.{name}", Generation.KERAS3))

    def _leave(self, use: Use, target: str) -> None:
        self._left.append((self._tree.span(use.node).line, use.full(target)))

    def _replace(self, use: Use, successor: tuple[str, int]) -> None:
        """A dotted name, or as much of it as has a successor."""
        name, length = successor
        node: cst.BaseExpression = use.node
        for _ in range(len(use.parts) - length):
            assert isinstance(node, cst.Attribute)
            node = node.value
        self._edits.append(Edit(self._tree.span(node), name))
        self._needs_keras = self._needs_keras or not name.startswith('"')

    def _import(self, changed: Sequence[tuple[Binding, str]]) -> Edit:
        """One import statement without what is taken from elsewhere, and with what takes its place."""
        first, _ = changed[0]
        targets = {id(binding.alias): target for binding, target in changed}
        node = first.node
        assert not isinstance(node.names, cst.ImportStar)
        kept = [alias for alias in node.names if id(alias) not in targets]
        modules = {target.rpartition(".")[0] for _, target in changed}
        last_names = all(target.rpartition(".")[2] == binding.alias.evaluated_name for binding, target in changed)
        if (
            isinstance(node, cst.ImportFrom)
            and node.module is not None
            and not kept
            and len(modules) == 1
            and last_names
        ):
            module = next(iter(modules))
            if module:
                return Edit(self._tree.span(node.module), module)
        parts: list[str] = []
        if kept:
            last = kept[-1].with_changes(comma=cst.MaybeSentinel.DEFAULT)
            parts.append(self._tree.module.code_for_node(node.with_changes(names=[*kept[:-1], last])))
        parts += _grouped(node, [(binding, target) for binding, target in changed if target])
        span = self._tree.span(node)
        indent = self._tree.lines[span.line - 1][: span.column - 1]
        joined = f"{self._tree.module.default_newline}{indent}" if not indent.strip() else "; "
        return Edit(span, joined.join(parts) or "pass")

    def _meaning_of_keras(self, changed: Iterable[list[tuple[Binding, str]]]) -> str:
        """What the imports of the file let `keras` stand for, as they are or as they are rewritten."""
        after = {id(binding): target for those in changed for binding, target in those}
        targets = {after.get(id(binding), binding.target) for binding in self._names.get(_KERAS, [])}
        return next((target for target in ("tensorflow.keras", _KERAS) if target in targets), "")

    def _new_import(self) -> Edit | None:
        """`import keras` above the first import of the file; None where the name means something else."""
        if _KERAS in self._names or _KERAS in self._bound_otherwise:
            return None
        of_tensorflow = [each for each in self._bindings if each.target.partition(".")[0] in ("tensorflow", "tf_keras")]
        tops = {id(statement) for statement in self._tree.module.body}
        at_top = [binding.statement for binding in of_tensorflow if id(binding.statement) in tops]
        if not at_top:
            return None
        line = min(self._tree.span(statement).line for statement in at_top)
        return Edit(Span(line, 1, line, 1), f"import keras{self._tree.module.default_newline}")


def _grouped(node: cst.Import | cst.ImportFrom, changed: Sequence[tuple[Binding, str]]) -> Iterator[str]:
    """Imports of these targets under the names that they had, those from one module together."""
    by_module: dict[str, list[str]] = {}
    for binding, target in changed:
        module, _, last = target.rpartition(".")
        as_name = "" if binding.name == last else f" as {binding.name}"
        if not module:
            by_module.setdefault(f"import {last}{as_name}", [])
        elif isinstance(node, cst.Import) and as_name:
            by_module.setdefault(f"import {target}{as_name}", [])
        else:
            by_module.setdefault(f"from {module} import", []).append(f"{last}{as_name}")
    return (f"{start} {', '.join(names)}" if names else start for start, names in by_module.items())


def _is_old(target: str) -> bool:
    """Whether a name, as it is imported, is one of Keras that Keras 3 has elsewhere, or may not have."""
    places = (*_SOURCES, *_PRIVATE)
    return any(target == place or target.startswith(f"{place}.") for place in places)


def _keeps_names(binding: Binding) -> bool:
    """Whether all that is used of an import is there in Keras 3, under the same path from what is imported on."""
    public = canonical(binding.target)
    return _is_there(public) and all(
        canonical(use.full(binding.target)) == use.full(public) and _may_be_there(use.full(public))
        for use in binding.uses
    )


def _successor(use: Use, target: str) -> tuple[str, int] | None:
    """The name in Keras 3 of a use, and how many parts of it that stands for; None where there is none."""
    for length in range(len(use.parts), 0, -1):
        full = ".".join([target, *use.parts[1:length]])
        public = canonical(full)
        if (value := value_in_3(public)) is not None:
            return f'"{value}"', length
        if (moved := moved_to(public)) is not None:
            return moved, length
        if _is_there(public):
            is_whole = length == len(use.parts) and has_less_than_tensorflow(public)
            return None if is_whole else (public, length)
        if exists(public, Generation.KERAS3) is False:
            break
    return None


def _is_there(public: str) -> bool:
    is_of_keras = public == _KERAS or public.startswith(f"{_KERAS}.")
    return is_of_keras and bool(exists(public, Generation.KERAS3))


def _may_be_there(public: str) -> bool:
    """Whether Keras 3 has a name, or an object of Keras 3 that has it may."""
    return exists(public, Generation.KERAS3) is not False and not has_less_than_tensorflow(public)
