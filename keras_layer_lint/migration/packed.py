"""Weights in a list that TensorFlow makes one tensor of: it takes those of Keras 2, and not those of Keras 3."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence

import libcst as cst
import libcst.matchers as m

from keras_layer_lint.diagnostic import Edit, Span
from keras_layer_lint.fixes.file_names import names_of
from keras_layer_lint.fixes.place import FileTree, walked
from keras_layer_lint.model.syntax import dotted

_PACKING = frozenset(
    """
    cast convert_to_tensor expand_dims identity reduce_max reduce_mean reduce_min reduce_prod reduce_sum reshape
    stack transpose
    """.split()
)
"""Functions of TensorFlow for which such a list raises AttributeError; `concat` and `add_n` take it (keras 3.15)."""
_OWN = m.Attribute(m.Name("self"))
_ADDED = m.Assign(targets=[m.AssignTarget(_OWN)], value=m.Call(func=m.Attribute(m.Name("self"), m.Name("add_weight"))))
_BOUND = m.AssignTarget(_OWN) | m.AugAssign(target=_OWN) | m.AnnAssign(target=_OWN)


def weights_as_tensors(text: str, owners: Container[str]) -> list[Edit]:
    """Edits by which such a list holds the values of weights, in classes of these names.

    Raises cst.ParserSyntaxError.
    """
    tree, file = FileTree(text), names_of(text)
    imported = {} if file is None else file.imported
    classes = [each for each in tree.module.body if isinstance(each, cst.ClassDef) and each.name.value in owners]
    return [edit for owner in classes for edit in _edits(tree, owner, imported)]


def _edits(tree: FileTree, owner: cst.ClassDef, imported: Mapping[str, str]) -> Iterator[Edit]:
    weights = _weights(owner)
    for node in walked(owner) if weights else ():
        if not isinstance(node, cst.Call) or not node.args or not _packs(node.func, imported):
            continue
        first = node.args[0].value
        for element in first.elements if isinstance(first, (cst.List, cst.Tuple)) else ():
            if isinstance(element.value, cst.Attribute) and dotted(element.value) in weights:
                span = tree.span(element.value)
                end = Span(span.end_line, span.end_column, span.end_line, span.end_column)
                yield Edit(end, ".value")


def _packs(function: cst.BaseExpression, imported: Mapping[str, str]) -> bool:
    """Whether it is such a function of TensorFlow."""
    first, _, rest = (dotted(function) or "").partition(".")
    module, _, last = f"{imported.get(first, '')}.{rest}".rpartition(".")
    return last in _PACKING and module in ("tensorflow", "tensorflow.math")


def _weights(owner: cst.ClassDef) -> set[str]:
    """Attributes that nothing but `add_weight` gives a value."""
    added = [_target(each) for each in m.findall(owner, _ADDED)]
    bound: Sequence[cst.CSTNode] = m.findall(owner, _BOUND)
    every = [
        dotted(each.target) for each in bound if isinstance(each, (cst.AssignTarget, cst.AugAssign, cst.AnnAssign))
    ]
    return {name for name in added if name is not None and every.count(name) == added.count(name)}


def _target(node: cst.CSTNode) -> str | None:
    return dotted(cst.ensure_type(node, cst.Assign).targets[0].target)
