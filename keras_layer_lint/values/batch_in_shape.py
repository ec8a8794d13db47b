"""Where a method that gets a shape calculates with the batch size, which is None while a model is put together."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from keras_layer_lint.model import patterns, syntax
from keras_layer_lint.model.layer import Method
from keras_layer_lint.model.uses import names_stored

_COPIES = frozenset({"list", "tuple"})
_OPERATORS = (cst.Add, cst.Subtract, cst.Multiply, cst.Divide, cst.FloorDivide, cst.Modulo, cst.Power)
_AUGMENTING = (
    cst.AddAssign,
    cst.SubtractAssign,
    cst.MultiplyAssign,
    cst.DivideAssign,
    cst.FloorDivideAssign,
    cst.ModuloAssign,
)


def calculations_with_batch(method: Method) -> Iterator[cst.CSTNode]:
    """The places that raise where the batch size is None; nothing where the method asks whether anything is None."""
    if not method.parameters or "None" in syntax.names_in_text(method.node.body):
        return
    known = _Names(method)
    for node in syntax.walk(method.node.body):
        match node:
            case cst.BinaryOperation(left=left, operator=operator, right=right) if isinstance(operator, _OPERATORS):
                is_found = known.is_batch(left) or known.is_batch(right)
            case cst.AugAssign(target=target, operator=operator) if isinstance(operator, _AUGMENTING):
                is_found = known.is_batch(target)
            case _:
                continue
        tests = patterns.outcomes_before(method.node, node) if is_found else ()
        if is_found and not any(known.names_batch(test) for test, _ in tests):
            yield node


class _Names:
    """What the names of a method stand for that it binds once: the shape, a copy of it, or its first size."""

    def __init__(self, method: Method) -> None:
        self._shapes = {method.parameters[0]} - names_stored(method.node.body)
        self._batches: set[str] = set()
        for statement in syntax.walk(method.node.body):
            match statement:
                case cst.Assign(targets=[cst.AssignTarget(target=cst.Name(value=name))], value=value):
                    if _count(method, name) > 1:
                        continue
                    if self._is_shape(value):
                        self._shapes.add(name)
                    elif self.is_batch(value):
                        self._batches.add(name)
                case cst.Assign(targets=[cst.AssignTarget(target=cst.Tuple(elements=[first, *_]))], value=value):
                    name = first.value.value if isinstance(first.value, cst.Name) else ""
                    if name and type(first) is cst.Element and _count(method, name) == 1 and self._is_shape(value):
                        self._batches.add(name)

    def _is_shape(self, node: cst.BaseExpression) -> bool:
        match node:
            case cst.Name(value=name):
                return name in self._shapes
            case cst.Call(func=cst.Name(value=function), args=[cst.Arg(value=value)]) if function in _COPIES:
                return self._is_shape(value)
            case _:
                return False

    def is_batch(self, node: cst.BaseExpression) -> bool:
        match node:
            case cst.Name(value=name):
                return name in self._batches
            case cst.Subscript(
                value=value, slice=[cst.SubscriptElement(slice=cst.Index(value=cst.Integer(value="0")))]
            ):
                return self._is_shape(value)
            case _:
                return False

    def names_batch(self, node: cst.BaseExpression) -> bool:
        """Whether a condition looks at it."""
        return any(isinstance(part, cst.BaseExpression) and self.is_batch(part) for part in syntax.walk(node))


def _count(method: Method, name: str) -> int:
    """How often a method binds a name, or may bind the first item of what it stands for to anything else."""
    found = 0
    for node in syntax.walk(method.node.body):
        if isinstance(node, cst.AssignTarget | cst.AnnAssign | cst.For | cst.NamedExpr):
            is_other = isinstance(node.target, cst.Subscript) and _is_behind_first(node.target)
            if not is_other:
                found += sum(isinstance(part, cst.Name) and part.value == name for part in syntax.walk(node.target))
        elif isinstance(node, cst.AugAssign) and isinstance(node.target, cst.Name):
            found += node.target.value == name
    return found


def _is_behind_first(item: cst.Subscript) -> bool:
    """Whether it is `shape[-1]`, `shape[2]` or the like."""
    match item.slice:
        case [cst.SubscriptElement(slice=cst.Index(value=index))]:
            number = syntax.literal(index)
            return isinstance(number, int) and number != 0
        case _:
            return False
