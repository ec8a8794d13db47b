"""What the other classes of a module hand to a layer that they hold: read with `ast`, for rare questions."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import lru_cache

from keras_layer_lint.immutable import dataclass
from keras_layer_lint.model.class_graph import ClassRef
from keras_layer_lint.source.module_index import ClassEntry, dotted_name
from keras_layer_lint.source.module_walk import statements_in

_MAKES_STATE = ("__init__", "build")


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
    name = ref.entry.name
    if ref.module.text.count(f"{name}(") < 2:
        return NONE_KEPT  # but for its definition
    common: Kept | None = None
    for entry in ref.module.classes.values():
        if entry is ref.entry or name not in _text(ref, entry.node):
            continue
        for call in _calls_of_instances(ClassRef(ref.module, entry), name):
            common = call if common is None else common.with_other(call)
            if common == NONE_KEPT:
                return common  # most end here, at the first call
    return common or NONE_KEPT


def called_in_call_by(ref: ClassRef) -> Iterator[ClassRef]:
    """The classes of its module whose `call` calls an attribute that holds an instance of the class."""
    name = ref.entry.name
    for entry in ref.module.classes.values():
        if entry is ref.entry or "call" not in entry.methods or name not in _text(ref, entry.node):
            continue
        holders = {attribute for _, attribute, called in _all_stored(entry) if name in called}
        for node in entry.node.body:
            if isinstance(node, ast.FunctionDef) and node.name == "call" and any(_calls_in(node, holders, frozenset())):
                yield ClassRef(ref.module, entry)


def _text(ref: ClassRef, node: ast.stmt) -> str:
    return "".join(ref.module.lines[node.lineno - 1 : node.end_lineno])


def _calls_of_instances(ref: ClassRef, name: str) -> Iterator[Kept]:
    """Each call, by the methods of a class, of an attribute that holds instances of the named class."""
    stored = _all_stored(ref.entry)
    holders = {attribute for _, attribute, called in stored if name in called}
    if not holders:
        return
    early = {attribute for method, attribute, _ in stored if method in _MAKES_STATE}
    late = {attribute for method, attribute, _ in stored if method not in _MAKES_STATE}
    state = frozenset(early - late - holders)
    methods = [node for node in ref.entry.node.body if isinstance(node, ast.FunctionDef)]
    for method in methods:
        text = _text(ref, method)
        if any(f"self.{holder}" in text for holder in holders):
            yield from _calls_in(method, holders, state)


@lru_cache(maxsize=512)
def _all_stored(entry: ClassEntry) -> tuple[tuple[str, str, frozenset[str]], ...]:
    """What the methods of a class bind: the method, the attribute of self, and the last names that its value calls."""
    return tuple(
        (method.name, attribute, frozenset() if value is None else frozenset(_called(value)))
        for method in entry.node.body
        if isinstance(method, ast.FunctionDef)
        for attribute, value in _stored(method)
    )


def _calls_in(method: ast.FunctionDef, holders: set[str], state: frozenset[str]) -> Iterator[Kept]:
    nodes = list(ast.walk(method))
    held: set[str] = set()
    bound: dict[str, list[ast.expr | None]] = {}
    for node in nodes:
        if isinstance(node, ast.For | ast.comprehension) and _attributes(node.iter) & holders:
            held |= {target.id for target in ast.walk(node.target) if isinstance(target, ast.Name)}
        elif isinstance(node, ast.Assign):
            whole = {id(target) for target in node.targets}
            for target in (part for each in node.targets for part in ast.walk(each)):
                if isinstance(target, ast.Name):
                    bound.setdefault(target.id, []).append(node.value if id(target) in whole else None)
    local = {name for name, values in bound.items() if len(values) == 1 and _is_kept(values[0], state, frozenset())}

    def is_kept(value: ast.expr) -> bool:
        return _is_kept(value, state, frozenset(local))

    for node in nodes:
        if isinstance(node, ast.Call) and _is_held(node.func, holders, held):
            first = node.args[0] if node.args else None
            yield Kept(
                frozenset(position for position, value in enumerate(node.args) if is_kept(value)),
                frozenset(word.arg for word in node.keywords if word.arg is not None and is_kept(word.value)),
                isinstance(first, ast.List | ast.Tuple) and any(map(is_kept, first.elts)),
                frozenset(word.arg for word in node.keywords if word.arg is not None),
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
                for target in (part for each in targets for part in ast.walk(each)):
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
    return {name for part in ast.walk(node) if (name := _attribute(part)) is not None}


def _called(code: ast.AST) -> Iterator[str]:
    for node in ast.walk(code):
        if isinstance(node, ast.Call):
            yield (dotted_name(node.func) or "").rpartition(".")[2]
