"""Whether the `compile` of a model keeps its optimizer from Keras: read with `ast`."""

from __future__ import annotations

import ast
import re

from keras_layer_lint.model.class_graph import ClassRef
from keras_layer_lint.model.layer import LayerClass
from keras_layer_lint.source.module_index import FunctionNode
from keras_layer_lint.source.tree_walk import walk

_OWN_TRAINING = ("train_step", "fit", "make_train_function", "train_on_batch", "optimizer")
"""What a model defines that knows another optimizer than Keras does."""
_SETS_OPTIMIZER = re.compile(r"\.optimizer\s{0,4}(?::[^=\n]{1,60})?=(?!=)|\bsetattr\(")
_SEES_ALL = frozenset({"locals", "vars", "eval", "exec"})


def drops_optimizer(layer: LayerClass) -> bool:
    """Whether `compile` has an `optimizer`, uses it for nothing, and lets Keras compile the model without one.

    Only where Keras itself trains the model, and nothing sets its optimizer.
    """
    name = "compile"
    if name not in layer.ref.entry.methods or not layer.is_complete:
        return False
    found = layer.definition(name)
    bases = [base for base in layer.mro[1:] if isinstance(base, ClassRef)]
    if found is None or found[0] is not layer.ref or any(name in base.entry.methods for base in bases):
        return False
    if layer.definition("optimizer") is None and _is_replaced(found[1]):
        return sum(bool(_SETS_OPTIMIZER.search(line)) for line in _lines(layer)) == 1
    if any(layer.definition(own) is not None for own in _OWN_TRAINING):
        return False
    if any(".optimizer" in line for line in _lines(layer)):
        return False
    return _is_unused(found[1]) and any(map(_compiles_without, found[1].body))


def _lines(layer: LayerClass) -> list[str]:
    """The code of the class and of its bases in the project."""
    classes = [base for base in layer.mro if isinstance(base, ClassRef)]
    return [line for ref in classes for line in ref.module.lines[ref.entry.line - 1 : ref.entry.end_line]]


def _is_unused(method: FunctionNode) -> bool:
    arguments = method.args
    taken = {each.arg for each in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)}
    names = {node.id for statement in method.body for node in walk(statement) if isinstance(node, ast.Name)}
    return "optimizer" in taken and "optimizer" not in names and _SEES_ALL.isdisjoint(names)


def _is_replaced(method: FunctionNode) -> bool:
    """Whether it sets the optimizer of the model to what it was given, and Keras then sets its own."""
    for number, statement in enumerate(method.body):
        if _compiles_without(statement):
            return any(_keeps(node) for before in method.body[:number] for node in walk(before))
    return False


def _keeps(node: ast.AST) -> bool:
    match node:
        case ast.Assign([ast.Attribute(ast.Name("self"), "optimizer")], ast.Name("optimizer")):
            return True
        case _:
            return False


def _compiles_without(statement: ast.stmt) -> bool:
    """Whether it is `super().compile(loss=loss)`, which runs whenever the method does."""
    match statement:
        case ast.Expr(ast.Call(ast.Attribute(ast.Call(ast.Name("super")), "compile"), [], keywords)):
            return all(keyword.arg != "optimizer" for keyword in keywords)
        case _:
            return False
