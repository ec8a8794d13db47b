"""What the other classes of a module hand to a layer that they hold: read with `ast`, for rare questions."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from keras_layer_lint.immutable import dataclass
from keras_layer_lint.model.class_graph import ClassRef
from keras_layer_lint.source.module_index import ClassEntry, ModuleIndex, dotted_name
from keras_layer_lint.source.module_walk import statements_in
from keras_layer_lint.source.tree_walk import walk

_MAKES_STATE = ("__init__", "build")
_CALLED = re.compile(r"\b(\w+)\(")


@dataclass(frozen=True, slots=True)
class Kept:
    """Arguments of `call` that every caller fills with what it keeps since `build`: a weight, a table, no input."""

    positions: frozenset[int] = frozenset()
    keywords: frozenset[str] = frozenset()
    in_list: bool = False
    """Whether the first argument is a list, and something in it is kept."""
    named: frozenset[str] = frozenset()
    """What every caller passes by name, be it kept or not."""

    def with_other(self, other: Kept) -> Kept:
        """What two calls have in common."""
        return Kept(
            self.positions & other.positions,
            self.keywords & other.keywords,
            self.in_list and other.in_list,
            self.named & other.named,
        )


NONE_KEPT = Kept()


@lru_cache(maxsize=512)
def kept_by_callers(ref: ClassRef) -> Kept:
    """What all calls of a layer's instances have in common, in the module of its class; nothing without a call."""
    common: Kept | None = None
    for holder in _holders(ref.module).get(ref.entry.name, ()):
        if holder.entry is ref.entry:
            continue
        for call in _calls_of_instances(ref.module, holder, ref.entry.name):
            common = call if common is None else common.with_other(call)
            if common == NONE_KEPT:
                return common  # most end here, at the first call
    return common or NONE_KEPT


def called_in_call_by(ref: ClassRef) -> Iterator[ClassRef]:
    """The classes of its module whose `call` calls an attribute that holds an instance of the class."""
    for holder in _holders(ref.module).get(ref.entry.name, ()):
        if holder.entry is ref.entry or "call" not in holder.entry.methods:
            continue
        attributes = holder.of(ref.entry.name)
        methods = (node for node in holder.entry.node.body if isinstance(node, ast.FunctionDef))
        if any(any(_calls_in(node, attributes, frozenset())) for node in methods if node.name == "call"):
            yield ClassRef(ref.module, holder.entry)


@dataclass(frozen=True, slots=True)
class _Holder:
    """A class whose attributes hold instances of others of its module."""

    entry: ClassEntry
    stored: tuple[tuple[str, str, frozenset[str]], ...]
    """What its methods bind: the method, the attribute of self, and the last names that the value calls."""

    def of(self, name: str) -> set[str]:
        """The attributes that hold instances of the class of a name."""
        return {attribute for _, attribute, called in self.stored if name in called}


@lru_cache(maxsize=8)
def _holders(module: ModuleIndex) -> Mapping[str, Sequence[_Holder]]:
    """The classes of a module that hold instances of others of it, by the name of what they hold."""
    found: dict[str, list[_Holder]] = {}
    names = {entry.name for entry in module.classes.values()}
    for entry in module.classes.values() if len(names) > 1 else ():
        called = names.intersection(_CALLED.findall(_text(module, entry.node))) - {entry.name}
        if called:
            holder = _Holder(entry, tuple(_all_stored(entry)))
            for name in called & _names_called(holder):
                found.setdefault(name, []).append(holder)
    return found


def _text(module: ModuleIndex, node: ast.stmt) -> str:
    return "".join(module.lines[node.lineno - 1 : node.end_lineno])


def _names_called(holder: _Holder) -> set[str]:
    return {name for _, _, called in holder.stored for name in called}


def _all_stored(entry: ClassEntry) -> Iterator[tuple[str, str, frozenset[str]]]:
    for method in entry.node.body:
        if isinstance(method, ast.FunctionDef):
            for attribute, value in _stored(method):
                yield method.name, attribute, frozenset() if value is None else frozenset(_called(value))


def _calls_of_instances(module: ModuleIndex, holder: _Holder, name: str) -> Iterator[Kept]:
    """Each call, by the methods of a class, of an attribute that holds instances of the named class."""
    holders = holder.of(name)
    early = {attribute for method, attribute, _ in holder.stored if method in _MAKES_STATE}
    late = {attribute for method, attribute, _ in holder.stored if method not in _MAKES_STATE}
    state = frozenset(early - late - holders)
    methods = [node for node in holder.entry.node.body if isinstance(node, ast.FunctionDef)]
    for method in methods:
        text = _text(module, method)
        if any(f"self.{attribute}" in text for attribute in holders):
            yield from _calls_in(method, holders, state)


def _calls_in(method: ast.FunctionDef, holders: set[str], state: frozenset[str]) -> Iterator[Kept]:
    calls: list[ast.Call] = []
    held: set[str] = set()
    bound: dict[str, list[ast.expr | None]] = {}
    for node in walk(method):
        if type(node) is ast.Call:
            calls.append(node)
        elif isinstance(node, (ast.For, ast.comprehension)):
            if _attributes(node.iter) & holders:
                held |= {target.id for target in walk(node.target) if isinstance(target, ast.Name)}
        elif type(node) is ast.Assign:
            whole = {id(target) for target in node.targets}
            for target in (part for each in node.targets for part in walk(each)):
                if isinstance(target, ast.Name):
                    bound.setdefault(target.id, []).append(node.value if id(target) in whole else None)
    local = {name for name, values in bound.items() if len(values) == 1 and _is_kept(values[0], state, frozenset())}

    def is_kept(value: ast.expr) -> bool:
        return _is_kept(value, state, frozenset(local))

    for call in calls:
        if _is_held(call.func, holders, held):
            first = call.args[0] if call.args else None
            yield Kept(
                frozenset(position for position, value in enumerate(call.args) if is_kept(value)),
                frozenset(word.arg for word in call.keywords if word.arg is not None and is_kept(word.value)),
                isinstance(first, ast.List | ast.Tuple) and any(map(is_kept, first.elts)),
                frozenset(word.arg for word in call.keywords if word.arg is not None),
            )


def _is_held(function: ast.expr, holders: set[str], names: set[str]) -> bool:
    """`self.blocks`, `self.blocks[0]`, or the variable of a loop over them."""
    if isinstance(function, ast.Subscript):
        function = function.value
    return _attribute(function) in holders or (isinstance(function, ast.Name) and function.id in names)


def _is_kept(value: ast.expr | None, state: frozenset[str], local: frozenset[str]) -> bool:
    """Whether an expression is `self.table`, `tf.cast(self.table, tf.float32)` or the like: no input is in it."""
    match value:
        case ast.Name(id=name):
            return name in local
        case ast.Attribute():
            return _attribute(value) in state
        case ast.Subscript(value=inner):
            return _is_kept(inner, state, local)
        case ast.Call(func=ast.Attribute() | ast.Name() as function, args=[first, *_]):
            last = (dotted_name(function) or "").rpartition(".")[2]
            return last in _KEEPING and _is_kept(first, state, local)
        case _:
            return False


_KEEPING = frozenset({"cast", "convert_to_tensor", "identity", "expand_dims", "stop_gradient"})


def _stored(method: ast.FunctionDef) -> Iterator[tuple[str, ast.expr | None]]:
    """The attributes of self that a method binds, with what it appends to them, too."""
    for statement in statements_in(method.body):
        match statement.value if isinstance(statement, ast.Expr) else statement:
            case ast.Assign(targets=targets, value=value):
                for target in (part for each in targets for part in walk(each)):
                    if (name := _attribute(target)) is not None and isinstance(getattr(target, "ctx", None), ast.Store):
                        yield name, value
            case ast.AnnAssign(target=target, value=value) | ast.AugAssign(target=target, value=value):
                if (name := _attribute(target)) is not None:
                    yield name, value
            case ast.Call(func=ast.Attribute(value=holder, attr="append" | "extend"), args=[value]):
                if (name := _attribute(holder)) is not None:
                    yield name, value


def _attribute(node: ast.AST) -> str | None:
    match node:
        case ast.Attribute(value=ast.Name(id="self"), attr=name):
            return name
        case _:
            return None


def _attributes(node: ast.AST) -> set[str]:
    return {name for part in walk(node) if (name := _attribute(part)) is not None}


def _called(code: ast.AST) -> Iterator[str]:
    for node in walk(code):
        if isinstance(node, ast.Call):
            yield (dotted_name(node.func) or "").rpartition(".")[2]
