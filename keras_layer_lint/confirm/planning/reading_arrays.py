"""Which names stand for arrays: matrices that tensors are multiplied by, tables that are looked up."""

from __future__ import annotations

import ast

from keras_layer_lint.confirm.planning.uses import Use, names

_MULTIPLIES = frozenset({"matmul", "dot", "batch_dot", "linalg_matmul"})
_MULTIPLIES_SPARSE = frozenset({"sparse_dense_matmul", "sparse_tensor_dense_matmul"})
_LOOKS_UP = frozenset({"gather", "embedding_lookup", "gather_nd", "take"})


def read_arrays(node: ast.AST, uses: dict[str, Use]) -> None:
    """Count the arguments of such functions as arrays of a kind: `tf.matmul(self.adjacency, x)`."""
    match node:
        case ast.BinOp(left=left, op=ast.MatMult(), right=right):
            _count("matrix", [left, right], uses)
        case ast.Call(func=ast.Attribute(attr=name) | ast.Name(id=name), args=[first, *others]):
            if name in _MULTIPLIES:
                _count("matrix", [first, *others[:1]], uses)
            elif name in _MULTIPLIES_SPARSE:
                _count("sparse matrix", [first], uses)
            elif name in _LOOKS_UP and others:
                _count("table", [first], uses)


def _count(kind: str, nodes: list[ast.expr], uses: dict[str, Use]) -> None:
    for node in nodes:
        for name in names(node):
            uses[name].kinds[kind] = None
