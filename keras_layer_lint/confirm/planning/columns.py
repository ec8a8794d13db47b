"""Which parameters hold categorical columns of `tf.feature_column`: those whose columns are made into others."""

from __future__ import annotations

import ast

from keras_layer_lint.confirm.planning.uses import Use, bare, names

_OF_CATEGORIES = frozenset({"embedding_column", "indicator_column", "shared_embeddings", "weighted_categorical_column"})


def read_columns(method: ast.FunctionDef, uses: dict[str, Use]) -> None:
    """Count lists whose elements, and names which themselves, are embedded as such columns."""
    embedded = {
        name
        for call in ast.walk(method)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr in _OF_CATEGORIES
        for argument in [*call.args, *(word.value for word in call.keywords)]
        for name in names(argument)
    }
    for node in ast.walk(method) if embedded else ():
        match node:
            case (
                ast.comprehension(target=ast.Name(id=name), iter=run_over)
                | ast.For(target=ast.Name(id=name), iter=run_over)
            ) if name in embedded:
                embedded |= {
                    owner for part in ast.walk(run_over) if isinstance(part, ast.expr) for owner in names(part)
                }
    for name in embedded:
        uses[bare(name)].kinds["category"] = None
