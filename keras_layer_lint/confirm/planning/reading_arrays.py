"""Which names stand for arrays: matrices that tensors are multiplied by, tables that are looked up."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keras_layer_lint.confirm.planning.uses import Use, names

_MULTIPLIES = frozenset({"matmul", "dot", "batch_dot", "linalg_matmul"})
_MULTIPLIES_SPARSE = frozenset({"sparse_dense_matmul", "sparse_tensor_dense_matmul"})
_LOOKS_UP = frozenset({"gather", "embedding_lookup", "gather_nd", "take"})


def read_arrays(node: ast.AST, uses: dict[str, Use]) -> None:
    """Count the arguments of such functions as arrays of a kind: `tf.matmul(self.adjacency, x)`."""
    for kind, value in arrays_in(node):
        for name in names(value):
            uses[name].kinds[kind] = None


def arrays_in(node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    """The expressions in an operation that stand for arrays, each with the kind that `by_kind` knows."""
    match node:
        case ast.Call(
            func=ast.Attribute(value=ast.Name(id="self")),
            args=[ast.Call(func=ast.Attribute(attr=name), args=[table, _, *_]), *_],
        ) if name in _LOOKS_UP:  # what is found is looked up again
            yield "table of numbers", table
        case ast.BinOp(left=left, op=ast.MatMult(), right=right):
            yield from (("matrix", left), ("matrix", right))
        case ast.Call(func=ast.Attribute(attr=name) | ast.Name(id=name), args=[first, *others]):
            if name in _MULTIPLIES:
                yield from (("matrix", each) for each in (first, *others[:1]))
            elif name in _MULTIPLIES_SPARSE:
                yield "sparse matrix", first
            elif name in _LOOKS_UP and others:
                yield "table", first
        case (
            ast.Compare(
                left=ast.Call(func=ast.Name(id="type"), args=[value]),
                ops=[ast.Is() | ast.Eq()],
                comparators=[ast.Attribute(attr="SparseTensor")],
            )
            | ast.Call(func=ast.Name(id="isinstance"), args=[value, ast.Attribute(attr="SparseTensor")])
        ):
            yield "sparse matrix", value
