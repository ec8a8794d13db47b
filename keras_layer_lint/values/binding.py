"""The values that the parameters of a function start with."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Sequence as Items
from dataclasses import dataclass, replace
from typing import Any

import libcst as cst

from keras_layer_lint.model import syntax
from keras_layer_lint.values.arguments import CallArguments
from keras_layer_lint.values.state import Frame
from keras_layer_lint.values.value import (
    STATIC,
    UNKNOWN,
    Dict,
    Function,
    InputMasks,
    Nest,
    Origin,
    PythonValue,
    Sequence,
    Tensor,
    Value,
    join_all,
)

_TENSOR_ANNOTATIONS = frozenset({"Tensor", "KerasTensor", "TensorLike", "TensorType", "SymbolicTensor"})
_STATIC_ANNOTATIONS = frozenset({"bool", "int", "float", "str", "DType", "dtype"})
_FLAGS = frozenset(
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
_FLAG_PREFIXES = ("return_", "use_", "is_", "output_", "should_", "with_", "do_", "enable_", "num_", "n_")


def bind(function: Function, arguments: CallArguments, frame: Frame) -> None:
    """Fill the environment of a new frame from the arguments of a call."""
    params = function.node.params
    env = frame.env
    given = [*([function.receiver] if function.receiver is not None else []), *arguments.positional]
    positional = (*params.posonly_params, *params.params)
    remaining = dict(arguments.keywords)
    star = None if arguments.star is None else join_all([arguments.star, *arguments.after_star])
    for index, param in enumerate(positional):
        name = param.name.value
        if index < len(given):
            env[name] = given[index]
        elif name in remaining:
            env[name] = remaining.pop(name)
        elif star is not None:
            env[name] = star
        else:
            env[name] = _default(param, arguments)
        remaining.pop(name, None)
    if isinstance(params.star_arg, cst.Param):
        rest = tuple(given[len(positional) :])
        env[params.star_arg.name.value] = (
            Sequence(rest, join_all(rest)) if star is None else Sequence(None, join_all([*rest, star]))
        )
    for param in params.kwonly_params:
        name = param.name.value
        env[name] = remaining.pop(name) if name in remaining else _default(param, arguments)
    if params.star_kwarg is not None:
        frame.kwargs = params.star_kwarg.name.value
        env[frame.kwargs] = Dict({}, complete=not arguments.star_kwargs and not remaining, arguments=True)


def _default(param: cst.Param, arguments: CallArguments) -> Value:
    if arguments.star_kwargs:
        return PythonValue(parameter=param.name.value)
    if param.default is None:
        return UNKNOWN
    constant = syntax.literal(param.default)
    return UNKNOWN if constant is ... else PythonValue(constant=constant)


def call_parameters(function: Function, single_input: bool) -> dict[str, Value]:
    """What Keras passes to the parameters of `call`: tensors, masks, flags. Unknown where nothing says which.

    `single_input`: `build` shows that the first of them is one tensor.
    """
    node = function.node
    names = [param.name.value for param in (*node.params.posonly_params, *node.params.params)]
    first = names[1] if len(names) > 1 else None
    uses = Uses(node, first)
    if first is not None and single_input and not uses.of[first].tested_for_structure:
        uses.of[first].as_tensor = True
    values: dict[str, Value] = {}
    for param in syntax.parameters(node):
        origin = Origin("it is an argument of `call`", function.unit, param)
        value = _call_parameter(param, origin, uses, first)
        if param.name.value == first and isinstance(value, Tensor | Nest) and value.batched:
            value = replace(value, like_input=True, dtype="compute")
        values[param.name.value] = value
    return values


def _call_parameter(param: cst.Param, origin: Origin, uses: Uses, first: str | None) -> Value:
    name = param.name.value
    default = ... if param.default is None else syntax.literal(param.default)
    optional = param.default is not None and default is None
    kind, nullable = _annotation(param.annotation.annotation) if param.annotation is not None else (None, False)
    use = uses.of[name]
    if name == "training":
        return PythonValue(parameter=name)  # Keras passes True, False or None, whatever the annotation says
    if kind == "tensor" and (use.tested_for_structure or (use.as_structure and not use.as_tensor)):
        return Nest(origin, optional=optional or nullable)  # the code knows better than the annotation
    if kind == "tensor":
        return Tensor(origin, optional=optional or nullable, batched=True)
    if kind == "nest":
        return Nest(origin, optional=optional or nullable)
    if kind == "static" or name in _FLAGS:
        return STATIC
    if param.default is not None and not optional:
        return STATIC if default is not ... else UNKNOWN
    if name == "mask":
        # Keras hands on as many masks as there are inputs.
        inputs = uses.of.get(first) if first is not None else None
        if inputs is None or not (inputs.tested_for_structure or (inputs.as_structure and not inputs.as_tensor)):
            return Tensor(origin, optional=optional)
        if (
            inputs.tested_for_structure
            or use.tested_for_structure
            or use.is_checked
            or not (optional and uses.only_inputs)
        ):
            return Nest(origin, optional=optional)
        return InputMasks(origin, optional=optional)
    if name.startswith(_FLAG_PREFIXES):
        return UNKNOWN
    is_first = name == first
    if use.tested_for_structure:
        return Nest(origin, optional=optional) if is_first else UNKNOWN
    if use.as_tensor:
        return Tensor(origin, optional=optional, batched=True)
    if not is_first:
        return UNKNOWN
    return Nest(origin, optional=optional, batched=not use.as_structure)


def _annotation(node: cst.BaseExpression) -> tuple[str | None, bool]:
    """What an annotation says, and whether None is among it."""
    match node:
        case cst.Name() | cst.Attribute():
            last = (syntax.dotted(node) or "").rpartition(".")[2]
            if last in _TENSOR_ANNOTATIONS:
                return "tensor", False
            return ("static" if last in _STATIC_ANNOTATIONS else None), last == "None"
        case cst.SimpleString():
            try:
                return _annotation(cst.parse_expression(str(node.evaluated_value)))
            except (cst.ParserSyntaxError, ValueError):
                return None, False
        case cst.Subscript():
            last = (syntax.dotted(node.value) or "").rpartition(".")[2]
            inner = [e.slice.value for e in node.slice if isinstance(e.slice, cst.Index)]
            if last == "Optional" and len(inner) == 1:
                return _annotation(inner[0])[0], True
            if last == "Union":
                return _either([_annotation(part) for part in inner])
            if last in ("List", "Tuple", "Dict", "Mapping", "Sequence", "list", "tuple", "dict"):
                kinds = {_annotation(part)[0] for part in inner}
                return ("nest" if "tensor" in kinds else "static" if kinds == {"static"} else None), False
            return None, False
        case cst.BinaryOperation(operator=cst.BitOr()):
            return _either([_annotation(node.left), _annotation(node.right)])
        case _:
            return None, False


def names_layer(node: cst.BaseExpression) -> bool:
    """Whether an annotation says that a value is a layer or model."""
    return (syntax.dotted(node) or "").rpartition(".")[2] in ("Layer", "Model")


def _either(parts: Items[tuple[str | None, bool]]) -> tuple[str | None, bool]:
    kinds = {kind for kind, nullable in parts if not (kind is None and nullable)}
    return (next(iter(kinds)) if len(kinds) == 1 else None), any(nullable for _, nullable in parts)


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
            name in (first, "self", "mask") or name in _FLAGS for name in self.of
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
