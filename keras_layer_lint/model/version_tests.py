"""Evaluates expressions that ask which Keras, TensorFlow or backend is installed, as `keras.__version__ < "3"` does.

Only what is written is computed: no code of the project is run, and nothing is imported.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from packaging.version import Version

from keras_layer_lint.immutable import dataclass
from keras_layer_lint.keras.exports import exists
from keras_layer_lint.keras.names import canonical
from keras_layer_lint.model.installation import Installation
from keras_layer_lint.source.module_index import FunctionNode
from keras_layer_lint.target import Generation


class Unknown:
    """A value that is not known."""

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN = Unknown()


@dataclass(frozen=True, slots=True)
class Name:
    """An object by the absolute dotted name it is imported under: a module, a class, a function."""

    dotted: str


@dataclass(frozen=True, slots=True)
class Decided:
    """A value that depends on what is installed, kept under a name."""

    value: Any


@dataclass(frozen=True, slots=True, eq=False)
class ProjectFunction:
    """A function of the project, and the names of its module."""

    node: FunctionNode
    names: Names


class Names(Protocol):
    """What the names of a scope mean."""

    def value(self, name: str) -> Any:
        """The value of a name: a Python value, `Name`, `ProjectFunction` or UNKNOWN, perhaps `Decided`."""

    def attribute(self, node: ast.Attribute) -> Any:
        """The value of `self.name` and of what is reached through modules of the project; UNKNOWN where it is none."""

    def returned(self, function: ProjectFunction, arguments: Mapping[str, Any], where: Evaluator) -> Any:
        """What a call of a function of the project gives."""


_OF_VERSION = frozenset({"release", "major", "minor", "micro", "base_version", "public"})
_BACKEND = frozenset({"keras.backend.backend", "keras.config.backend", "keras.src.backend.backend"})
_VERSIONS = frozenset({"parse", "Version", "LooseVersion", "StrictVersion", "parse_version"})
_VERSION_PACKAGES = ("packaging", "distutils", "pkg_resources", "looseversion", "setuptools")
_COMPARE: Mapping[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.In: lambda a, b: a in b,
    ast.NotIn: lambda a, b: a not in b,
    ast.Is: operator.is_,
    ast.IsNot: operator.is_not,
}
_ARITHMETIC: Mapping[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
}
_BUILTINS: Mapping[str, Callable[..., Any]] = {
    "int": int,
    "float": float,
    "str": str,
    "bool": bool,
    "tuple": tuple,
    "list": list,
    "len": len,
    "any": any,
    "all": all,
}
_STRING_METHODS = frozenset(
    "startswith endswith split rsplit partition rpartition strip lstrip rstrip replace lower find count isdigit".split()
)
_PLAIN = (str, int, float, bool, tuple, list, type(None), Version)
_MAX_LENGTH = 100


class Evaluator:
    """Evaluates expressions in one installation."""

    def __init__(self, installation: Installation) -> None:
        self.installation = installation
        self.asked = False
        """Whether a value depended on what is installed."""
        self.depth = 0

    def value(self, node: ast.expr, names: Names) -> Any:
        """The value of an expression: a Python value, `Name`, `ProjectFunction` or UNKNOWN."""
        try:
            found = self._value(node, names)
        except (TypeError, ValueError, LookupError, ArithmeticError, AttributeError, RecursionError):
            return UNKNOWN
        return found if not isinstance(found, str | list | tuple) or len(found) < _MAX_LENGTH else UNKNOWN

    def _value(self, node: ast.expr, names: Names) -> Any:
        handler = _HANDLERS.get(type(node))
        return UNKNOWN if handler is None else handler(self, node, names)

    def _all(self, nodes: list[ast.expr], names: Names) -> list[Any] | None:
        values = [self.value(node, names) for node in nodes]
        return None if any(value is UNKNOWN for value in values) else values

    def _constant(self, node: ast.Constant, names: Names) -> Any:
        return node.value if isinstance(node.value, _PLAIN) else UNKNOWN

    def _name(self, node: ast.Name, names: Names) -> Any:
        return self._read(names.value(node.id))

    def _attribute(self, node: ast.Attribute, names: Names) -> Any:
        found = names.attribute(node)
        if found is not UNKNOWN:
            return self._read(found)
        match self._value(node.value, names):
            case Name(dotted=dotted):
                return self._read(Name(f"{dotted}.{node.attr}"))
            case Version() as version if node.attr in _OF_VERSION:
                return getattr(version, node.attr)
            case Version() as version if node.attr == "version":  # of `distutils`
                return list(version.release)
        return UNKNOWN

    def _read(self, value: Any) -> Any:
        """What a name means, where that is a version."""
        if isinstance(value, Decided):
            value = self._installed(value.value)
        if not isinstance(value, Name):
            return value
        owner, _, last = value.dotted.rpartition(".")
        if last not in ("__version__", "VERSION"):
            return value
        package = canonical(owner)
        if package in ("tensorflow", "tensorflow.version"):
            return self._installed(self.installation.tensorflow)
        is_old = self.installation.generation is Generation.KERAS2
        if package in ("keras", "keras.version") and (is_old or owner != "tf_keras"):
            return self._installed(self.installation.keras)
        return value

    def _installed(self, value: Any) -> Any:
        self.asked = True
        return value

    def _tuple(self, node: ast.Tuple | ast.List, names: Names) -> Any:
        values = self._all(node.elts, names)
        if values is None:
            return UNKNOWN
        return tuple(values) if isinstance(node, ast.Tuple) else values

    def _bool(self, node: ast.BoolOp, names: Names) -> Any:
        is_and = isinstance(node.op, ast.And)
        known: Any = ...
        for part in node.values:
            value = self.value(part, names)
            if value is UNKNOWN or isinstance(value, Name | ProjectFunction):
                known = UNKNOWN
            elif bool(value) is not is_and:
                return value  # whatever the others are
            elif known is not UNKNOWN:
                known = value
        return known

    def _unary(self, node: ast.UnaryOp, names: Names) -> Any:
        value = self._value(node.operand, names)
        if not isinstance(value, _PLAIN):
            return UNKNOWN
        if isinstance(node.op, ast.Not):
            return not value
        return -value if isinstance(node.op, ast.USub) and isinstance(value, int | float) else UNKNOWN

    def _if(self, node: ast.IfExp, names: Names) -> Any:
        test = self._value(node.test, names)
        return self._value(node.body if test else node.orelse, names) if isinstance(test, _PLAIN) else UNKNOWN

    def _compare(self, node: ast.Compare, names: Names) -> Any:
        left = self._value(node.left, names)
        for sign, part in zip(node.ops, node.comparators, strict=True):
            right = self._value(part, names)
            if not isinstance(left, _PLAIN) or not isinstance(right, _PLAIN):
                return UNKNOWN
            if isinstance(left, Version) and isinstance(right, str):  # as `distutils` compares
                right = Version(right)
            if not _COMPARE[type(sign)](left, right):
                return False
            left = right
        return True

    def _arithmetic(self, node: ast.BinOp, names: Names) -> Any:
        left, right = self._value(node.left, names), self._value(node.right, names)
        function = _ARITHMETIC.get(type(node.op))
        numbers = all(isinstance(value, int | float) for value in (left, right))
        if function is None or not (numbers or (isinstance(node.op, ast.Add) and isinstance(left, str | list | tuple))):
            return UNKNOWN
        return function(left, right)

    def _subscript(self, node: ast.Subscript, names: Names) -> Any:
        value = self._value(node.value, names)
        if not isinstance(value, str | list | tuple):
            return UNKNOWN
        if not isinstance(node.slice, ast.Slice):
            place = self._value(node.slice, names)
            return value[place] if isinstance(place, int) else UNKNOWN
        parts = node.slice
        bounds = [None if part is None else self._value(part, names) for part in (parts.lower, parts.upper, parts.step)]
        return value[slice(*bounds)] if all(isinstance(bound, int | None) for bound in bounds) else UNKNOWN

    def _comprehension(self, node: ast.ListComp | ast.GeneratorExp, names: Names) -> Any:
        match node.generators:
            case [ast.comprehension(target=ast.Name(id=name), iter=source, ifs=[])]:
                items = self._value(source, names)
                if isinstance(items, list | tuple):
                    found = [self._value(node.elt, _With(names, {name: item})) for item in items]
                    return UNKNOWN if any(value is UNKNOWN for value in found) else found
        return UNKNOWN

    def _call(self, node: ast.Call, names: Names) -> Any:
        if any(keyword.arg is None for keyword in node.keywords) or any(
            isinstance(argument, ast.Starred) for argument in node.args
        ):
            return UNKNOWN
        if isinstance(node.func, ast.Attribute) and node.func.attr in _STRING_METHODS:
            text = self._value(node.func.value, names)
            arguments = self._all(node.args, names)
            if isinstance(text, str) and arguments is not None and not node.keywords:
                return getattr(text, node.func.attr)(*arguments)
        called = self._value(node.func, names)
        if isinstance(called, ProjectFunction):
            return self._of_project(called, node, names)
        return self._of_library(called.dotted, node, names) if isinstance(called, Name) else UNKNOWN

    def _of_project(self, called: ProjectFunction, node: ast.Call, names: Names) -> Any:
        parameters = called.node.args
        given = [parameter.arg for parameter in [*parameters.posonlyargs, *parameters.args]]
        if self.depth > 8 or parameters.vararg or parameters.kwarg or len(node.args) > len(given):
            return UNKNOWN
        arguments = dict(zip(given, (self.value(argument, names) for argument in node.args), strict=False))
        arguments |= {keyword.arg: self.value(keyword.value, names) for keyword in node.keywords if keyword.arg}
        self.depth += 1
        try:
            return names.returned(called, arguments, self)
        finally:
            self.depth -= 1

    def _of_library(self, dotted: str, node: ast.Call, names: Names) -> Any:
        name = canonical(dotted)
        if name in _BACKEND:
            return self._installed(self.installation.backend)
        if name == "keras.version":
            return self._installed(self.installation.keras)
        root, _, last = dotted.rpartition(".")
        if last in _VERSIONS and root.partition(".")[0] in _VERSION_PACKAGES and node.args:
            text = self._value(node.args[0], names)
            return Version(text) if isinstance(text, str) else text if isinstance(text, Version) else UNKNOWN
        if root != "builtins":
            return self._of_metadata(dotted, node, names)
        if last in ("hasattr", "getattr"):
            return self._has(last, node, names)
        arguments = self._all(node.args, names)
        if last == "map" and arguments is not None and len(arguments) == 2 and isinstance(arguments[0], Name):
            function = _BUILTINS[arguments[0].dotted.removeprefix("builtins.")]
            return [function(item) for item in arguments[1]]
        if last in _BUILTINS and arguments is not None and all(isinstance(value, _PLAIN) for value in arguments):
            return _BUILTINS[last](*arguments)
        return UNKNOWN

    def _has(self, function: str, node: ast.Call, names: Names) -> Any:
        owner, attribute = self._value(node.args[0], names), self._value(node.args[1], names)
        if not isinstance(owner, Name) or not isinstance(attribute, str):
            return UNKNOWN
        name = f"{owner.dotted}.{attribute}"
        found = exists(name, self.installation.generation)
        if found is None:
            return UNKNOWN
        self.asked = True
        if function == "hasattr":
            return found
        return Name(name) if found else self._value(node.args[2], names)

    def _of_metadata(self, dotted: str, node: ast.Call, names: Names) -> Any:
        if dotted not in ("importlib.metadata.version", "importlib_metadata.version"):
            return UNKNOWN
        match self._value(node.args[0], names):
            case "keras":
                return self._installed(self.installation.keras)
            case "tensorflow":
                return self._installed(self.installation.tensorflow)
        return UNKNOWN


_HANDLERS: Mapping[type[ast.expr], Callable[[Evaluator, Any, Names], Any]] = {
    ast.Constant: Evaluator._constant,
    ast.Name: Evaluator._name,
    ast.Attribute: Evaluator._attribute,
    ast.Tuple: Evaluator._tuple,
    ast.List: Evaluator._tuple,
    ast.BoolOp: Evaluator._bool,
    ast.UnaryOp: Evaluator._unary,
    ast.IfExp: Evaluator._if,
    ast.Compare: Evaluator._compare,
    ast.BinOp: Evaluator._arithmetic,
    ast.Subscript: Evaluator._subscript,
    ast.ListComp: Evaluator._comprehension,
    ast.GeneratorExp: Evaluator._comprehension,
    ast.Call: Evaluator._call,
}


@dataclass(frozen=True, slots=True)
class _With:
    """Names, some of which mean something else."""

    outer: Names
    own: Mapping[str, Any]

    def value(self, name: str) -> Any:
        return self.own[name] if name in self.own else self.outer.value(name)

    def attribute(self, node: ast.Attribute) -> Any:
        return UNKNOWN

    def returned(self, function: ProjectFunction, arguments: Mapping[str, Any], where: Evaluator) -> Any:
        return self.outer.returned(function, arguments, where)
