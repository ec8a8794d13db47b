"""How a function uses its parameters: as one tensor, as a structure, or as either."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Sequence as Items
from dataclasses import dataclass
from typing import Any

import libcst as cst

from keras_layer_lint.model import syntax

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
class Use:
    """How a function uses a parameter before it binds the name anew."""

    as_tensor: bool = False
    as_structure: bool = False
    tested_for_structure: bool = False
    """The code provides for a structure, whatever else it does with the parameter."""
    is_checked: bool = False
    """Its elements are looked at in a comprehension or by `in`, which may be a test of each; or None is refused."""
    is_rebound: bool = False


class Uses:
    """The uses of all parameters of a function, found in one walk."""

    def __init__(self, node: cst.FunctionDef | cst.Lambda, first: str | None) -> None:
        self.first = first
        """Arithmetic says something only of the first argument of `call`, which is no number; others may be."""
        self.of = {param.name.value: Use() for param in syntax.parameters(node)}
        self.only_inputs = node.params.star_arg is cst.MaybeSentinel.DEFAULT and all(
            name in (first, "self", "mask") or name in FLAGS for name in self.of
        )
        """Nothing but the first argument of `call` is a tensor, so that its mask is what Keras passes as `mask`."""
        stack: list[cst.CSTNode | _Rebinding] = [node.body]
        while stack:
            current = stack.pop()
            if isinstance(current, _Rebinding):
                self._rebind(current.statement)
                continue
            kind = type(current)
            if kind is cst.Raise:
                continue  # what only an error message uses
            if (handler := _USES.get(kind)) is not None:
                handler(self, current)
            if kind in _BINDING:
                stack.append(_Rebinding(current))  # the value is read before the name is bound
            stack.extend(reversed(syntax.children(current)))

    def _use(self, node: cst.CSTNode | None) -> Use | None:
        if type(node) is not cst.Name:
            return None
        use = self.of.get(node.value)
        return None if use is None or use.is_rebound else use

    def _rebind(self, statement: cst.CSTNode) -> None:
        targets: list[cst.CSTNode] = []
        if isinstance(statement, cst.Assign):
            targets = [target.target for target in statement.targets]
        elif isinstance(statement, cst.AugAssign | cst.AnnAssign | cst.For):
            targets = [statement.target]
        for target in targets:
            for name in syntax.target_names(target):
                if (use := self.of.get(name)) is not None:
                    use.is_rebound = True

    def _assign(self, node: cst.Assign) -> None:
        if (use := self._use(node.value)) is not None:
            use.as_structure |= any(type(target.target) in (cst.Tuple, cst.List) for target in node.targets)

    def _attribute(self, node: cst.Attribute) -> None:
        if (use := self._use(node.value)) is not None:
            use.as_tensor |= node.attr.value in _TENSOR_ATTRIBUTES
            use.tested_for_structure |= node.attr.value in _CONTAINER_METHODS

    def _subscript(self, node: cst.Subscript) -> None:
        if (use := self._use(node.value)) is None:
            return
        piece = node.slice[0].slice
        if len(node.slice) > 1:
            use.as_tensor = True
        elif isinstance(piece, cst.Index):
            use.tested_for_structure |= type(piece.value) is cst.SimpleString
            use.as_structure |= type(piece.value) is cst.Integer

    def _loop(self, node: cst.For | cst.CompFor) -> None:
        if (use := self._use(node.iter)) is not None:
            use.as_structure = True
            use.is_checked |= isinstance(node, cst.CompFor)

    def _membership(self, node: cst.ComparisonTarget) -> None:
        if isinstance(node.operator, cst.In | cst.NotIn) and (use := self._use(node.comparator)) is not None:
            use.is_checked = True

    def _if(self, node: cst.If) -> None:
        if node.orelse is not None:
            self._unpacked_in_one_case(node)
        match node.test:
            case cst.Comparison(left=left, comparisons=[cst.ComparisonTarget(operator=cst.Is())]):
                raises = any(isinstance(child, cst.Raise) for child in syntax.walk(node.body))
                if raises and (use := self._use(left)) is not None:
                    use.is_checked = True
            case _:
                pass

    def _unpacked_in_one_case(self, node: cst.If) -> None:
        """What one branch unpacks and the other does not may be either."""
        lines = [line for block in syntax.suites(node) for line in syntax.statements(block)]
        for part in (part for line in lines if isinstance(line, cst.SimpleStatementLine) for part in line.body):
            if isinstance(part, cst.Assign) and isinstance(part.targets[0].target, cst.Tuple):
                use = self._use(part.value)
                if use is not None:
                    use.tested_for_structure = True

    def _star(self, node: cst.StarredElement) -> None:
        if (use := self._use(node.value)) is not None:
            use.as_structure = True

    def _binary(self, node: cst.BinaryOperation) -> None:
        for one, other in ((node.left, node.right), (node.right, node.left)):
            use = self._use(one)
            if use is not None and isinstance(one, cst.Name) and one.value == self.first:
                number = type(other) in (cst.Integer, cst.Float)
                use.as_tensor |= number or type(node.operator) in _NO_LIST_OPERATORS

    def _call(self, node: cst.Call) -> None:
        for index, arg in enumerate(node.args):
            use = self._use(arg.value)
            if use is None:
                continue
            name = syntax.dotted(node.func) or ""
            if name == "isinstance" and index == 0 and _names_container(node.args):
                use.tested_for_structure = True
            elif arg.star or name in _ITERATING:
                use.as_structure = True
            elif index == 0 and name.rpartition(".")[2] in _ONE_TENSOR and "." in name:
                use.as_tensor = True


@dataclass(frozen=True, slots=True, eq=False)
class _Rebinding:
    """Stands on the walk's stack behind a statement's own parts: from here on the name means something else."""

    statement: cst.CSTNode


_BINDING = frozenset({cst.Assign, cst.AugAssign, cst.AnnAssign, cst.For})
_USES: dict[type, Callable[[Any, Any], None]] = {
    cst.Assign: Uses._assign,
    cst.Attribute: Uses._attribute,
    cst.Subscript: Uses._subscript,
    cst.For: Uses._loop,
    cst.CompFor: Uses._loop,
    cst.ComparisonTarget: Uses._membership,
    cst.If: Uses._if,
    cst.StarredElement: Uses._star,
    cst.BinaryOperation: Uses._binary,
    cst.Call: Uses._call,
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


_ONE_TENSOR = frozenset(
    """
    abs argmax argmin argsort avg_pool2d batch_dot batch_flatten ceil clip_by_value conv1d conv2d cos cumsum
    depthwise_conv2d dot einsum erf exp expand_dims floor gather get_shape_list int_shape l2_normalize log
    matmul max max_pool max_pool2d mean min moments ndim norm not_equal one_hot pad permute rank reduce_all
    reduce_any reduce_logsumexp reduce_max reduce_mean reduce_min reduce_prod reduce_sum relu reshape reverse
    roll round shape shape_list sigmoid sign sin slice softmax sqrt square squeeze std sum tanh tile top_k
    transpose unstack var
    """.split()
)
"""Functions of TensorFlow and Keras, by their last name, whose first argument is one tensor."""
