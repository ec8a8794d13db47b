"""Attributes of classes that say what is installed."""

from __future__ import annotations

import ast

from keras_layer_lint.model.installation import is_of_project
from keras_layer_lint.model.live_facts import Attributes
from keras_layer_lint.model.live_scopes import ClassOfProject, Reader, Scope, Vector
from keras_layer_lint.model.version_tests import UNKNOWN, Decided, Evaluator, Name
from keras_layer_lint.source.module_index import FunctionNode, dotted_name


def class_flag(reader: Reader, node: ast.ClassDef, known: Attributes, name: str) -> Vector:
    """The value of an attribute of a class, by what it assigns, its properties and its bases; else UNKNOWN."""
    scope = Scope(reader, reader.top, node)
    if (method := known.methods.get(name)) is not None:
        return _property(method, scope)
    found = [reader.values(value, scope) for value in known.assigned.get(name, ())]
    if found:
        is_flag = all(isinstance(value, Decided) for values in found for value in values)
        return found[0] if is_flag and all(values == found[0] for values in found) else reader.alike(UNKNOWN)
    for base in node.bases:
        values = _inherited(reader, base, name)
        if any(value is not UNKNOWN for value in values):
            return values
    return reader.alike(UNKNOWN)


def _property(node: FunctionNode, scope: Scope) -> Vector:
    if [dotted_name(item) for item in node.decorator_list] != ["property"]:
        return scope.reader.alike(UNKNOWN)
    found = []
    for number, installation in enumerate(scope.reader.installations):
        evaluator = Evaluator(installation)
        value = scope.reader.run(node.body, Scope(scope.reader, scope), number, evaluator)
        found.append(Decided(value) if evaluator.asked and value not in (None, UNKNOWN) else UNKNOWN)
    return tuple(found)


def _inherited(reader: Reader, base: ast.expr, name: str) -> Vector:
    dotted = dotted_name(base)
    if dotted is None:
        return reader.alike(UNKNOWN)
    head, _, rest = dotted.partition(".")
    values = reader.top.vector(head)
    if values is None:
        return reader.alike(UNKNOWN)
    first = values[0]
    if isinstance(first, Name) and is_of_project(first.dotted):
        first = reader.project_value(".".join(filter(None, [first.dotted, rest])), 0)
    elif rest:
        return reader.alike(UNKNOWN)
    return first.reader.class_flag(first.node, name) if isinstance(first, ClassOfProject) else reader.alike(UNKNOWN)
