"""Loops of a project's own that train a model, and how they call it: read with `ast`."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import lru_cache

from keras_layer_lint.errors import UnreadableFile
from keras_layer_lint.immutable import dataclass
from keras_layer_lint.model.layer import LayerClass
from keras_layer_lint.model.makers import Makers
from keras_layer_lint.model.mentions import SourceText
from keras_layer_lint.source.module_index import FunctionNode, ModuleIndex, dotted_name
from keras_layer_lint.source.tree_walk import walk

_TRAINED = frozenset({"trainable_variables", "trainable_weights"})
_SETS_THE_PHASE = "set_learning_phase"
_DEEPEST = 3
"""How many functions a model is followed through that hand it on."""


@dataclass(frozen=True, slots=True)
class ForwardPass:
    """A call of a model, under a tape whose gradients train it, that certainly passes no `training` by name."""

    node: ast.Call
    function: str
    """The function around it; empty at module level."""
    made: frozenset[str]
    """The functions whose results it is called on, as the module names them: the class of the model."""


def passes_of(layer: LayerClass) -> Iterator[tuple[ModuleIndex, ForwardPass]]:
    """The forward passes on objects of a class, each with the module that it stands in; those of its own come first."""
    own = layer.ref.module
    for module in (own, *_others(layer)):
        for forward in _forward_passes(module):
            if all(layer.project.resolve(module, made) == layer.ref for made in forward.made):
                yield module, forward


def is_named_in_loops(layer: LayerClass) -> bool:
    """Whether a file that trains something names the class; only then it may have forward passes."""
    return _trains(layer.ref.module.text) or any(True for _ in _files_naming(layer))


def _others(layer: LayerClass) -> Iterator[ModuleIndex]:
    """The other modules of the project that name the class and train something, tests apart."""
    for file in _files_naming(layer):
        with suppress(OSError, UnreadableFile):
            yield layer.project.module_at(file.path)


def _files_naming(layer: LayerClass) -> Iterator[SourceText]:
    own = layer.ref.module
    use = layer.project.survey.use_of(own.path)
    files = () if use is None else _training_files(use.makers)
    return (file for file in files if file.path != own.path and layer.name in file.text)


@lru_cache(maxsize=4)
def _training_files(makers: Makers) -> tuple[SourceText, ...]:
    """Those of a project; it is searched once, and not for each class."""
    return tuple(file for file in makers.named.files if _trains(file.text))


def _trains(text: str) -> bool:
    return "GradientTape" in text and ".trainable_" in text and _SETS_THE_PHASE not in text


@lru_cache(maxsize=64)
def _forward_passes(module: ModuleIndex) -> tuple[ForwardPass, ...]:
    """Those of a module, in loops that never say `training` of the model."""
    return tuple(_Loops(module).forward_passes()) if _trains(module.text) else ()


class _Loops:
    """One module: what stands under its tapes, and what that is called on."""

    def __init__(self, module: ModuleIndex) -> None:
        self._text = module.text
        self._scopes: dict[ast.AST, tuple[ast.AST, ...]] = {}
        """Of each call and `with`, the module, classes and functions around it."""
        self._note(module.tree, (module.tree,))

    def forward_passes(self) -> Iterator[ForwardPass]:
        for node, scopes in self._scopes.items():
            if not isinstance(node, ast.With) or not any(_is_tape(item.context_expr) for item in node.items):
                continue
            for call in _within(node.body):
                name = dotted_name(call.func) if isinstance(call, ast.Call) else None
                if name is None or not isinstance(call, ast.Call) or not self._is_trained(name, scopes):
                    continue
                made = None if self._is_told(name) else self._made(name, scopes, 0)
                if made:
                    yield ForwardPass(call, _name_of(scopes[-1]), made)

    def _note(self, node: ast.AST, scopes: tuple[ast.AST, ...]) -> None:
        waiting = [(node, scopes)]
        while waiting:
            each, around = waiting.pop()
            if isinstance(each, ast.Call | ast.With):
                self._scopes[each] = around
            if each is not around[-1] and isinstance(each, FunctionNode | ast.ClassDef):
                around = (*around, each)
            waiting.extend((child, around) for child in reversed(list(ast.iter_child_nodes(each))))

    def _is_trained(self, name: str, scopes: Sequence[ast.AST]) -> bool:
        """Whether the functions around a call ask its model for what is trained, and a tape for the gradients."""
        asked: set[str] = set()
        for scope in scopes:
            for node in _within(getattr(scope, "body", [])):
                if isinstance(node, ast.Attribute):
                    of = dotted_name(node.value)
                    asked |= {of} if of is not None and node.attr in _TRAINED else set()
                    asked |= {"gradient"} if node.attr == "gradient" else set()
        return asked >= {name, "gradient"}

    def _is_told(self, name: str) -> bool:
        """Whether any call of the model says that it trains, or may do so; or it is frozen, for a while at least."""
        if f"{name}.trainable = False" in self._text:
            return True
        return any(
            isinstance(call, ast.Call) and dotted_name(call.func) == name and _may_say_training(call)
            for call in self._scopes
        )

    def _made(self, name: str, scopes: tuple[ast.AST, ...], depth: int) -> frozenset[str] | None:
        """The functions that make what a name is bound to; None where something else may be."""
        owner, _, attribute = name.partition(".")
        if attribute:
            holder = next((each for each in reversed(scopes) if isinstance(each, ast.ClassDef)), None)
            stored = () if owner != "self" or "." in attribute or holder is None else _stored(holder, attribute)
            return _functions_called(stored)
        for number in range(len(scopes) - 1, -1, -1):
            scope = scopes[number]
            if isinstance(scope, ast.ClassDef):
                continue
            if isinstance(scope, FunctionNode) and name in (parameters := _parameters(scope)):
                return self._given(scope, parameters.index(name), name, depth)
            if bound := list(_bound(scope, name)):
                return _functions_called(bound)
        return None

    def _given(self, function: FunctionNode, position: int, name: str, depth: int) -> frozenset[str] | None:
        """The same of a parameter, by the calls of its function in the module."""
        found: set[str] = set()
        for call, scopes in self._scopes.items():
            if not isinstance(call, ast.Call) or _called(call) != function.name:
                continue
            behind = position - (isinstance(call.func, ast.Attribute) and _parameters(function)[:1] == ["self"])
            by_name = [word.value for word in call.keywords if word.arg == name]
            given = by_name[0] if by_name else call.args[behind] if 0 <= behind < len(call.args) else None
            if isinstance(given, ast.Call):
                made = _functions_called([given])
            else:
                of = None if given is None or depth >= _DEEPEST else dotted_name(given)
                made = None if of is None else self._made(of, scopes, depth + 1)
            if made is None:
                return None
            found |= made
        return frozenset(found) or None


def _is_tape(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and _called(node) == "GradientTape"


def _called(call: ast.Call) -> str:
    return (dotted_name(call.func) or "").rpartition(".")[2]


def _name_of(scope: ast.AST) -> str:
    return scope.name if isinstance(scope, FunctionNode) else ""


def _within(body: Sequence[ast.AST]) -> Iterator[ast.AST]:
    """The nodes of statements, without those of functions and classes in them."""
    waiting = list(reversed(body))
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, FunctionNode | ast.ClassDef):
            waiting.extend(reversed(list(ast.iter_child_nodes(node))))


def _may_say_training(call: ast.Call) -> bool:
    for word in call.keywords:
        if word.arg is None or (word.arg == "training" and not _is(word.value, False)):
            return True
    return any(isinstance(given, ast.Starred) or _is(given, True) for given in call.args)


def _is(node: ast.expr, value: bool) -> bool:
    return isinstance(node, ast.Constant) and node.value is value


def _parameters(function: FunctionNode) -> list[str]:
    arguments = function.args
    return [each.arg for each in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]


def _bound(scope: ast.AST, name: str) -> Iterator[ast.expr | None]:
    """What a scope binds a name to; None for what is no plain assignment."""
    plain: dict[int, ast.expr] = {}
    for node in _within(getattr(scope, "body", [])):
        match node:
            case ast.Assign(targets=[ast.Name() as target], value=value):
                plain[id(target)] = value
            case ast.AnnAssign(target=ast.Name() as target, value=ast.expr() as value):
                plain[id(target)] = value
            case ast.Name(id=each, ctx=ast.Store()) if each == name:
                yield plain.get(id(node))
            case ast.FunctionDef() | ast.ClassDef() | ast.AsyncFunctionDef() if node.name == name:
                yield None
            case ast.alias() if (node.asname or node.name.partition(".")[0]) == name:
                yield None


def _stored(holder: ast.ClassDef, attribute: str) -> Iterator[ast.expr | None]:
    """The same of an attribute of self, by all methods of a class."""
    plain: dict[int, ast.expr] = {}
    for node in walk(holder):
        match node:
            case ast.Assign(targets=[ast.Attribute() as target], value=value):
                plain[id(target)] = value
            case ast.Attribute(value=ast.Name(id="self"), attr=each, ctx=ast.Store()) if each == attribute:
                yield plain.get(id(node))


def _functions_called(values: Sequence[ast.expr | None] | Iterator[ast.expr | None]) -> frozenset[str] | None:
    """The functions that give some values; None where one of them is no call of a name. A `None` stands for nothing."""
    found: set[str] = set()
    for value in values:
        if isinstance(value, ast.Constant) and value.value is None:
            continue
        name = dotted_name(value.func) if isinstance(value, ast.Call) else None
        if name is None:
            return None
        found.add(name)
    return frozenset(found) or None
