"""Names of TensorFlow and Keras that are misspelt: where they stand in decorators, and how that is told."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from keras_layer_lint.keras.misspelt import Misspelling, misspelt
from keras_layer_lint.keras.names import as_imported
from keras_layer_lint.model.class_graph import KnownName
from keras_layer_lint.model.layer import LayerClass
from keras_layer_lint.source.module_entries import dotted_name


def in_decorators(layer: LayerClass) -> Iterator[tuple[ast.expr, Misspelling]]:
    """The decorators of the class's own methods that no version has: `@tf.functin`. They run with the class body."""
    for method in layer.body(layer.ref).methods.values():
        for decorator in method.decorator_list:
            node = decorator.func if isinstance(decorator, ast.Call) else decorator
            written = dotted_name(node)
            found = None if written is None else layer.project.resolve(layer.ref.module, written)
            slip = misspelt(found.name) if isinstance(found, KnownName) else None
            if slip is not None:
                yield node, slip


def nowhere(slip: Misspelling) -> str:
    """That a name is not there."""
    is_of_keras = slip.written.startswith(("keras.", "tensorflow.keras."))
    return f"{'Keras' if is_of_keras else 'TensorFlow'} has no `{as_imported(slip.written)}`"


def meant(slip: Misspelling) -> str:
    """What to write instead."""
    return f"import `{slip.meant}`" if slip.is_of_a_module else f"write `{as_imported(slip.meant)}`"
