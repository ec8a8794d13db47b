"""What a name means that no function binds: imports, module-level definitions, builtins."""

from __future__ import annotations

import ast
import builtins
from functools import cache, lru_cache
from typing import Any

from keras_layer_lint.errors import UnreadableFile
from keras_layer_lint.keras import results
from keras_layer_lint.keras.names import canonical
from keras_layer_lint.keras.result import Result
from keras_layer_lint.model.class_graph import ClassRef, ConstantRef, FunctionRef, KnownName, ModuleRef, Resolution
from keras_layer_lint.model.code import CodeUnit
from keras_layer_lint.source.module_index import ModuleIndex
from keras_layer_lint.values.containers import Sequence
from keras_layer_lint.values.join import join_all
from keras_layer_lint.values.kind import UNKNOWN
from keras_layer_lint.values.run import Run
from keras_layer_lint.values.value import (
    NUMPY_VALUE,
    STATIC,
    ClassObject,
    ExternalName,
    Function,
    ProjectModule,
    PythonValue,
    Value,
)

_CONVENTIONAL = {"tf": "tensorflow", "np": "numpy"}
"""What a module means by these names also where it imports the package by a function of its own."""
_BUILTINS = frozenset(dir(builtins))


def global_value(run: Run, unit: CodeUnit, dotted: str) -> Value:
    """The value of a module-level name, seen from `unit`."""
    key = (unit.module, unit.scope, dotted, run.is_followed)
    value = run.globals.get(key)
    if value is None:
        found = run.layer.project.resolve(unit.module, dotted, scope=unit.scope)
        if found is None and dotted in _BUILTINS:
            value = ExternalName(f"builtins.{dotted}")
        else:
            value = _value_of(run, found, dotted)
        run.globals[key] = value
    return value


def imported(run: Run, unit: CodeUnit, module: str, name: str | None = None) -> Value:
    """What an `import` inside a function binds: a module, or `name` out of it."""
    full = module if name is None else f"{module}.{name}" if module.strip(".") else f"{module}{name}"
    found = run.layer.project.resolve_absolute(unit.module, full)
    return known(full) if found is None and not full.startswith(".") else _value_of(run, found, full)


def _value_of(run: Run, found: Resolution, dotted: str) -> Value:
    match found:
        case KnownName():
            return known(found.name)
        case ClassRef():
            return ClassObject(found)
        case FunctionRef():
            name = canonical(f"{found.module.name}.{found.entry.name}")
            if name.startswith("keras.") and results.result_of(name) is not Result.UNKNOWN:
                # Keras itself is being linted: its own functions are known by what they return.
                return ExternalName(name)
            if not run.is_followed:
                return UNKNOWN
            try:
                code = run.layer.code.of_function(found)
            except UnreadableFile as error:
                run.layer.project.tell(found.module.path, error)
                return UNKNOWN
            return Function(code, code.function)
        case ConstantRef():
            if isinstance(found.node, ast.Call) and dotted in _CONVENTIONAL:
                return ExternalName(_CONVENTIONAL[dotted])
            if dotted.rpartition(".")[2] in _declared_global(found.module):
                return UNKNOWN
            return _constant(run, found)
        case ModuleRef():
            return ProjectModule(dotted)
    return UNKNOWN


@lru_cache(maxsize=512)
def _declared_global(module: ModuleIndex) -> frozenset[str]:
    """The names that functions of a module may bind anew: those of its `global` statements."""
    lines = (line.partition("#")[0].strip() for line in module.lines if "global" in line)
    return frozenset(
        name.strip() for line in lines if line.startswith("global ") for name in line[7:].strip(" ;").split(",")
    )


def _constant(run: Run, ref: ConstantRef) -> Value:
    match ref.node:
        case ast.Call(func=ast.Name() | ast.Attribute() as function):
            called = run.layer.project.resolve(ref.module, ast.unparse(function))
            # A logger prints as the module does.
            return ExternalName("logging") if called == KnownName("logging.getLogger") else UNKNOWN
        case node:
            return _plain(node)


def _plain(node: ast.expr) -> Value:
    match node:
        case ast.Constant(value=value):
            return PythonValue(constant=value)
        case ast.Tuple(elts=elements) | ast.List(elts=elements):
            items = tuple(map(_plain, elements))
            return Sequence(items, join_all(items), isinstance(node, ast.List))
        case ast.UnaryOp(operand=ast.Constant()) | ast.BinOp(left=ast.Constant(), right=ast.Constant()):
            return STATIC
        case _:
            return UNKNOWN


@cache
def known(name: str) -> Value:
    """The value of a name outside the project: a constant such as `tf.float32` or `np.pi`, else the name itself."""
    name = canonical(name)
    if name.startswith("tensorflow.image.ResizeMethod."):
        return PythonValue(constant=name.rpartition(".")[2].lower())  # its members are these strings
    if name == "tensorflow.float32":
        return PythonValue(constant="float32")
    if results.constants(name):
        return NUMPY_VALUE if results.result_of(name) is Result.NUMPY_VALUE else STATIC
    return ExternalName(name)


def class_attribute(node: ast.expr) -> Value:
    """The value of an attribute assigned in the body of a class."""
    if _literal(node) is not ...:
        return STATIC  # not the constant: a subclass or an instance may say otherwise
    if isinstance(node, ast.Tuple | ast.List):
        items = tuple(PythonValue(constant=_literal(element)) for element in node.elts)
        return Sequence(items, STATIC, isinstance(node, ast.List))
    return UNKNOWN


def _literal(node: ast.expr) -> Any:
    match node:
        case ast.Constant(value=value):
            return value
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as number)):
            return -number
        case _:
            return ...
