"""How a function uses its parameters: as one tensor, as a structure, or as either."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Sequence as Items
from dataclasses import dataclass, field
from functools import cached_property

import libcst as cst

from keras_layer_lint.keras.result_traits import TAKES_ONE_TENSOR
from keras_layer_lint.model import syntax
from keras_layer_lint.model.uses import Form, Use, uses_of

FLAGS = frozenset(
    {
        "training",
        "train",
        "is_training",
        "deterministic",
        "mode",
        "name",
        "axis",
        "dtype",
        "testing",
        "inference",
        "verbose",
    }
)
"""Parameters of `call` that are no tensors."""


@dataclass(slots=True)
class ParameterUse:
    """How a function uses a parameter before it binds the name anew."""

    as_tensor: bool = False
    is_proven: bool = False
    """It is one tensor, whatever annotations say."""
    as_structure: bool = False
    tested_for_structure: bool = False
    """The code provides for a structure, whatever else it does with the parameter."""
    is_checked: bool = False
    """Its elements are looked at in a comprehension or by `in`, which may be a test of each; or None is refused."""
    is_rebound: bool = False
    is_unpacked: bool = False
    items: set[str] = field(default_factory=set)
    """The numbers that it is subscripted with."""
    named_items: set[tuple[str, bool]] = field(default_factory=set)
    """The names that it is subscripted with, and whether an item is stored there."""

    @property
    def is_a_list(self) -> bool:
        """Whether it is certainly a list or tuple: code that unpacks a batch works with batches of one size only."""
        certain = self.is_unpacked or len(self.items) > 1
        return self.as_structure and certain and not self.as_tensor and not self.tested_for_structure


class ParameterUses:
    """The uses of all parameters of a function."""

    def __init__(self, node: cst.FunctionDef | cst.Lambda, first: str | None) -> None:
        self.first = first
        """Arithmetic says something only of the first argument of `call`, which is no number; others may be."""
        self.of = {param.name.value: ParameterUse() for param in syntax.parameters(node)}
        self.only_inputs = node.params.star_arg is cst.MaybeSentinel.DEFAULT and all(
            name in (first, "self", "mask") or name in FLAGS for name in self.of
        )
        """Nothing but the first argument of `call` is a tensor, so that its mask is what Keras passes as `mask`."""
        self._body = node.body
        self.unpacked_in_one_case, self.refuse_none = _by_case(node.body)
        for use in uses_of(node.body):
            known = self.of.get(use.name)
            if known is None or known.is_rebound:
                continue
            if not use.is_read:
                known.is_rebound = True
            elif not use.is_raised:
                self.note(use, known)

    def note(self, use: Use, known: ParameterUse) -> None:
        """Note what one use says."""
        if (handler := _USES.get(use.form)) is not None:
            handler(self, use, known)

    @cached_property
    def _gets_number(self) -> frozenset[int]:
        """By `id`: items that a number is stored in, as in no list of tensors: `x[0] = 0.0`."""
        return frozenset(
            id(target.target)
            for node in syntax.walk(self._body)
            if type(node) is cst.Assign and stores_number(node)
            for target in node.targets
        )

    @cached_property
    def _gets_item(self) -> frozenset[int]:
        """By `id`: items that anything but a number is stored in: `x[i] = tf.concat(...)`."""
        return frozenset(
            id(target.target)
            for node in syntax.walk(self._body)
            if type(node) is cst.Assign and not stores_number(node)
            for target in node.targets
        )

    def show_one_tensor(self, name: str | None) -> None:
        """A parameter is used as one tensor elsewhere: its value is one, unless the code provides for a structure."""
        if name is not None and not self.of[name].tested_for_structure:
            self.of[name].as_tensor = True

    def prove_one_tensor(self, name: str) -> None:
        """A parameter is one tensor: with a structure the code certainly fails, whatever it provides for."""
        self.of[name] = ParameterUse(as_tensor=True, is_proven=True)

    def _unpacked(self, use: Use, known: ParameterUse) -> None:
        known.as_structure = known.is_unpacked = True
        known.tested_for_structure |= id(use.parent) in self.unpacked_in_one_case

    def _attribute(self, use: Use, known: ParameterUse) -> None:
        if isinstance(use.parent, cst.Attribute):
            known.as_tensor |= use.parent.attr.value in _TENSOR_ATTRIBUTES
            known.tested_for_structure |= use.parent.attr.value in _CONTAINER_METHODS

    def _subscripted(self, use: Use, known: ParameterUse) -> None:
        if not isinstance(use.parent, cst.Subscript):
            return
        piece = use.parent.slice[0].slice
        if len(use.parent.slice) > 1:
            known.as_tensor = True
        elif isinstance(piece, cst.Index):
            known.tested_for_structure |= type(piece.value) is cst.SimpleString
            if isinstance(piece.value, cst.Integer) and id(use.parent) not in self._gets_number:
                known.as_structure = True
                known.items.add(piece.value.value)
            elif type(piece.value) is cst.Name:
                # What is read and put back, item by item, is a list: of a tensor nobody would run that twice.
                name, is_stored = piece.value.value, id(use.parent) in self._gets_item
                known.named_items.add((name, is_stored))
                known.as_structure |= (name, not is_stored) in known.named_items

    def _iterated(self, use: Use, known: ParameterUse) -> None:
        known.as_structure = True
        known.is_checked |= isinstance(use.parent, cst.CompFor)

    def _compared(self, use: Use, known: ParameterUse) -> None:
        match use.parent:
            case cst.ComparisonTarget(operator=cst.In() | cst.NotIn()):
                known.is_checked = True
            case _:
                known.is_checked |= id(use.parent) in self.refuse_none

    def _operand(self, use: Use, known: ParameterUse) -> None:
        operation = use.parent
        if isinstance(operation, cst.BinaryOperation) and use.name == self.first:
            other = operation.right if use.node is operation.left else operation.left
            number = type(other) in (cst.Integer, cst.Float)
            known.as_tensor |= number or type(operation.operator) in _NO_LIST_OPERATORS

    def _passed(self, use: Use, known: ParameterUse) -> None:
        if not isinstance(use.parent, cst.Call):
            return
        name = syntax.dotted(use.parent.func) or ""
        if name == "isinstance" and use.argument == 0 and _names_container(use.parent.args):
            known.tested_for_structure = True
        elif use.argument in ("*", "**") or name in _ITERATING:
            known.as_structure = True
        elif use.argument == 0 and name.rpartition(".")[2] in TAKES_ONE_TENSOR and "." in name:
            known.as_tensor = True


def is_used_as_structure(node: cst.FunctionDef | cst.Lambda, name: str) -> bool:
    """Whether a function anywhere takes what a name holds for a list or dict, or looks whether it is one."""
    uses, known = ParameterUses(node, None), ParameterUse()
    for use in uses_of(node.body):
        if use.name == name and use.is_read:
            uses.note(use, known)
    return known.as_structure or known.tested_for_structure or known.is_checked


def stores_number(node: cst.CSTNode) -> bool:
    """Whether it is an assignment of a number as it is written: `x[0] = 0.0`."""
    return isinstance(node, cst.Assign) and type(syntax.literal(node.value)) in (int, float)


def _by_case(body: cst.CSTNode) -> tuple[set[int], set[int]]:
    """By `id`: assignments that unpack in one branch only, which is a test of sorts, and tests that refuse None."""
    unpacking: set[int] = set()
    refusing: set[int] = set()
    for node in syntax.compound_statements(body):
        if type(node) is not cst.If:
            continue
        if node.orelse is not None:
            lines = [line for block in syntax.suites(node) for line in syntax.statements(block)]
            for part in (part for line in lines for part in syntax.simple(line)):
                if isinstance(part, cst.Assign) and isinstance(part.targets[0].target, cst.Tuple):
                    unpacking.add(id(part))
        match node.test:
            case cst.Comparison(comparisons=[cst.ComparisonTarget(operator=cst.Is())]):
                if any(isinstance(child, cst.Raise) for child in syntax.walk(node.body)):
                    refusing.add(id(node.test))
            case _:
                pass
    return unpacking, refusing


_USES: dict[Form, Callable[[ParameterUses, Use, ParameterUse], None]] = {
    Form.UNPACKED: ParameterUses._unpacked,
    Form.ATTRIBUTE: ParameterUses._attribute,
    Form.SUBSCRIPTED: ParameterUses._subscripted,
    Form.ITERATED: ParameterUses._iterated,
    Form.COMPARED: ParameterUses._compared,
    Form.OPERAND: ParameterUses._operand,
    Form.PASSED: ParameterUses._passed,
}
_TENSOR_ATTRIBUTES = frozenset({"shape", "dtype", "get_shape", "ndim", "set_shape"})
_CONTAINER_METHODS = frozenset({"items", "keys", "values", "get", "pop", "append"})
_ITERATING = frozenset({"len", "zip", "enumerate", "list", "tuple", "reversed", "sum", "set", "sorted"})
_NO_LIST_OPERATORS = frozenset({cst.Subtract, cst.Divide, cst.Power, cst.MatrixMultiply})
_CONTAINER_NAMES = frozenset({"list", "tuple", "dict", "Mapping", "Sequence", "Iterable"})


def _names_container(args: Items[cst.Arg]) -> bool:
    return len(args) == 2 and any(
        type(child) is cst.Name and child.value in _CONTAINER_NAMES for child in syntax.walk(args[1].value)
    )
