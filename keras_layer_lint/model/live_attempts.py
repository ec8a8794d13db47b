"""What a `try` meets: which of its statements certainly raises, as far as imports and names of Keras tell."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from keras_layer_lint.keras.exports import exists
from keras_layer_lint.model.live_scopes import InOne, Reader, Scope, bind_imports
from keras_layer_lint.model.version_tests import Evaluator, Name
from keras_layer_lint.source.module_index import dotted_name
from keras_layer_lint.source.tree_walk import walk


def failure(node: ast.Try, scope: Scope) -> tuple[str, int]:
    """The exception that a `try` certainly meets, and the number of the statement: "" where it meets none."""
    inner = Scope(scope.reader, scope)
    only_imports = not any(catches(handler, "") for handler in node.handlers)
    for number, statement in enumerate(node.body):
        error = _error_of(statement, inner)
        if error is None and only_imports and not _imports(statement):
            error = ""  # whatever else it raises, it is not handled here
        if error is None:
            return "", -1
        if error:
            return error, number
        if isinstance(statement, ast.Import | ast.ImportFrom):
            bind_imports(statement, inner)
    return "", len(node.body)


def _error_of(node: ast.stmt, scope: Scope) -> str | None:
    """The exception that a statement raises, "" where it raises none; None where that is not known."""
    match node:
        case ast.Import():
            return _import_error((alias.name for alias in node.names), scope, "ModuleNotFoundError")
        case ast.ImportFrom(level=0, module=str(module)):
            if not _is_there(module, scope.reader):
                return _import_error([module], scope, "ModuleNotFoundError")
            return _import_error((f"{module}.{alias.name}" for alias in node.names), scope, "ImportError")
        case ast.Assign(value=value) | ast.Expr(value=value) | ast.Return(value=ast.expr() as value):
            return _attribute_error(value, scope)
        case ast.Pass() | ast.FunctionDef(decorator_list=[]):
            return ""
        case ast.ClassDef(decorator_list=[], keywords=[], bases=bases):
            errors = {_attribute_error(base, scope) for base in bases}
            return errors.pop() if len(errors) == 1 else None
    return None


def _is_there(name: str, reader: Reader) -> bool | None:
    if name == "tensorflow":
        return True if reader.installations[0].backend == "tensorflow" else None
    return exists(name, reader.generation)


def _import_error(names: Iterable[str], scope: Scope, error: str) -> str | None:
    found = [_is_there(name, scope.reader) for name in names]
    return error if False in found else None if None in found else ""


def _attribute_error(node: ast.expr, scope: Scope) -> str | None:
    """The same of an expression: names and attributes of Keras are known, calls only as far as what is called."""
    if isinstance(node, ast.Constant):
        return ""
    if isinstance(node, ast.Call):
        return _attribute_error(node.func, scope) or None
    value = Evaluator(scope.reader.installations[0]).value(node, InOne(scope, 0))
    if isinstance(value, Name) and not value.dotted.startswith("builtins."):
        found = _is_there(value.dotted, scope.reader)
        return None if found is None else "" if found else "AttributeError"
    return None


def catches(handler: ast.ExceptHandler, error: str) -> bool:
    """Whether a handler takes an exception; with "", whether it takes others than those of imports."""
    if handler.type is None:
        return True
    parts = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    if not error:
        return not all(dotted_name(part) in ("ImportError", "ModuleNotFoundError") for part in parts)
    names = {"Exception", "BaseException", error, *(["ImportError"] if error == "ModuleNotFoundError" else [])}
    return any(dotted_name(part) in names for part in parts)


def _imports(node: ast.stmt) -> bool:
    return any(isinstance(inner, ast.Import | ast.ImportFrom) for inner in walk(node))
