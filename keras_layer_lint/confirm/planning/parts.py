"""What the layers that a layer holds take, of what it hands on to them: `self.conv(inputs)` is called on an image.

The text says which part gets which input, the part as it was constructed says what it takes.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from keras_layer_lint.confirm.planning.class_source import package_of
from keras_layer_lint.confirm.planning.declared import declared, quietly
from keras_layer_lint.confirm.planning.documented import documented_by_name
from keras_layer_lint.confirm.planning.in_order import InOrder
from keras_layer_lint.confirm.planning.inputs import Tensor
from keras_layer_lint.confirm.planning.plain import plain
from keras_layer_lint.confirm.planning.spoken import of_axes
from keras_layer_lint.confirm.planning.usual import BATCH, STEPS
from keras_layer_lint.keras.layers import Trait
from keras_layer_lint.keras.names import FRAMEWORKS

_DEEPEST = 3
_KEEPS_SHAPE = frozenset(Trait.KEEPS_AXES.value.split()) - {"Embedding"}
_AS_IT_IS = frozenset({"cast", "convert_to_tensor", "identity", "relu", "gelu", "swish", "silu", "tanh", "sigmoid"})
"""Functions whose results have the shape of their first argument."""
_ATTENTIVE = frozenset({"MultiHeadAttention", "GroupedQueryAttention", "Attention", "AdditiveAttention"})
_LOOKS_UP = frozenset({"Embedding", "CategoryEncoding", "IntegerLookup", "Hashing"})
_READS_TEXT = frozenset({"StringLookup", "TextVectorization"})


def taken(layer: Any, depth: int = 0) -> dict[str, Tensor]:
    """By name of a parameter of `call`, or of what one is unpacked to: the tensor that parts of the layer take.

    What its docstrings say comes first.
    """
    method = _read(getattr(type(layer), "call", None))
    if method is None or depth > _DEEPEST:
        return {}
    reader = _Reader(layer, depth)
    said = (inspect.cleandoc(doc) for doc in (ast.get_docstring(method), type(layer).__doc__) if isinstance(doc, str))
    for name, known in (pair for doc in said for pair in documented_by_name(doc).items()):
        reader.found.setdefault(name, of_axes(name, known, layer))
    reader.run(method)
    return reader.found


@cache
def _read(method: Any) -> ast.FunctionDef | None:
    try:
        read = ast.parse(textwrap.dedent(inspect.getsource(method))).body[0]
    except (OSError, TypeError, SyntaxError, IndexError):
        return None
    return read if isinstance(read, ast.FunctionDef) else None


class _Reader(InOrder, ast.NodeVisitor):
    """Goes through a `call` in order; `_inputs` has the input whose shape a name has."""

    def __init__(self, layer: Any, depth: int) -> None:
        self.found: dict[str, Tensor] = {}
        self._layer = layer
        self._depth = depth
        self._inputs: dict[str, str] = {}
        self._several: dict[str, list[str]] = {}
        """Of names for several inputs, those inputs."""
        self._parts: dict[str, Any] = {}

    def run(self, method: ast.FunctionDef) -> None:
        parameters = [*method.args.args[1:], *method.args.kwonlyargs]
        self._inputs = {each.arg: each.arg for each in parameters}
        for statement in method.body:
            self.visit(statement)

    def _run_own(self, method: ast.FunctionDef, call: ast.Call) -> None:
        """Go through a method of the layer, which is given some of the inputs."""
        inner = _Reader(self._layer, self._depth + 1)
        inner.found = self.found
        names = [each.arg for each in method.args.args[1:]]
        for name, value in [*zip(names, call.args), *((word.arg or "", word.value) for word in call.keywords)]:  # noqa: B905
            if given := self._input(value):
                inner._inputs[name] = given
            elif isinstance(value, (ast.Tuple, ast.List)):
                inner._several[name] = [self._input(each) for each in value.elts]
        for statement in method.body:
            inner.visit(statement)

    def assigned(self, target: ast.expr, value: ast.expr) -> None:
        match target, value:
            case ast.Tuple(elts=targets), ast.Name(id=name) if name in self._several:
                for each, given in zip(targets, self._several[name], strict=False):
                    if isinstance(each, ast.Name) and given:
                        self._inputs[each.id] = given
            case ast.Tuple(elts=targets), ast.Name(id=name) if self._inputs.get(name) == name:
                self._inputs |= {each.id: each.id for each in targets if isinstance(each, ast.Name)}
            case _:
                self._bind(target, value)

    def run_over(self, target: ast.expr, over: ast.expr) -> None:
        match target, over:
            case ast.Tuple(elts=[_, ast.Name(id=name)]), ast.Call(func=ast.Name(id="enumerate"), args=[within, *_]):
                self._parts[name] = self._first_of(within)
            case ast.Name(id=name), _:
                self._parts[name] = self._first_of(over)

    def visit_Call(self, node: ast.Call) -> None:
        self.generic_visit(node)
        part = self._part(node.func)
        if part is None or not callable(part):
            return
        if inspect.ismethod(part) and part.__self__ is self._layer:
            method = _read(part.__func__) if self._depth < _DEEPEST else None
            if method is not None:
                self._run_own(method, node)
            return
        known = _wanted(part, self._depth)
        names = list(known)
        for at, value in [*enumerate(node.args), *((word.arg, word.value) for word in node.keywords)]:
            name = names[at] if isinstance(at, int) and at < len(names) else at
            given = self._input(value)
            if given and name in known and (tensor := known[name]) is not None:
                self.found.setdefault(given, tensor)

    def _bind(self, target: ast.expr, value: ast.expr) -> None:
        if not isinstance(target, ast.Name):
            return
        match value:
            case ast.Subscript(value=ast.Name(id=owner), slice=ast.Constant(value=int())) if owner in self._inputs:
                self._inputs[target.id] = target.id  # an element
                return
        given = self._input(value)
        if given:
            self._inputs[target.id] = given
        else:
            self._inputs.pop(target.id, None)

    def _input(self, node: ast.expr) -> str:
        """The input that an expression has the shape of; empty where it has another."""
        match node:
            case ast.Name(id=name):
                return self._inputs.get(name, "")
            case ast.Subscript(value=ast.Name(id=name), slice=ast.Constant(value=str(key))):
                return key if self._inputs.get(name) == name else ""
            case ast.BinOp(left=left, op=ast.Add() | ast.Mult() | ast.Sub() | ast.Div()):
                return self._input(left)
            case ast.Call(func=ast.Attribute(attr=name), args=[first, *_]) if name in _AS_IT_IS:
                return self._input(first)
            case ast.Call(func=function, args=[first, *_]) if _names_of(self._part(function)) & _KEEPS_SHAPE:
                return self._input(first)
        return ""

    def _part(self, node: ast.expr) -> Any:
        """The object that an expression stands for: `self.conv`, `self.blocks[0]`, a part that a loop runs over."""
        match node:
            case ast.Name(id=name):
                return self._parts.get(name)
            case ast.Attribute(value=ast.Name(id="self"), attr=name):
                return quietly(self._layer, name)
            case ast.Subscript(value=inner):
                return self._first_of(inner)
        return None

    def _first_of(self, node: ast.expr) -> Any:
        held = self._part(node)
        if isinstance(held, dict):
            held = list(held.values())
        return held[0] if isinstance(held, (list, tuple)) and held else None


def _names_of(part: Any) -> set[str]:
    """The names of the classes of Keras that an object is of."""
    return {each.__name__ for each in type(part).__mro__ if package_of(each) in FRAMEWORKS}


def _wanted(part: Any, depth: int) -> dict[str, Tensor | None]:
    """What a part takes, by the names of its parameters in order."""
    if package_of(type(part)) not in FRAMEWORKS:
        own = taken(part, depth + 1)
        return {name: own.get(name) for name in _parameters(part)}
    inner = quietly(part, "layers")
    if "Sequential" in _names_of(part) and isinstance(inner, Sequence) and inner and not quietly(part, "built"):
        return _wanted(inner[0], depth)
    tensors = list(_of_keras(part))
    return dict(zip(_parameters(part) or ["inputs"], [*tensors, *[None] * 9], strict=False))


def _of_keras(part: Any) -> Iterator[Tensor]:
    names = _names_of(part)
    if names & _LOOKS_UP:
        yield Tensor("int32", (BATCH, STEPS))
    elif names & _READS_TEXT:
        yield Tensor("string", (BATCH,))
    elif names & _ATTENTIVE:
        yield from [plain(3)] * 2
    else:
        for structure in declared(part):
            if isinstance(structure, Tensor) and (structure.rank > 2 or structure != plain(structure.rank)):
                yield structure
            return


def _parameters(part: Any) -> list[str]:
    try:
        return list(inspect.signature(type(part).call).parameters)[1:]
    except (AttributeError, TypeError, ValueError):
        return []
