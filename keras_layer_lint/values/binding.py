"""The values that the parameters of a function start with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from collections.abc import Sequence as Items

import libcst as cst

from keras_layer_lint.model import syntax
from keras_layer_lint.values.machine import Frame, Machine
from keras_layer_lint.values.value import (
    STATIC,
    UNKNOWN,
    Dict,
    Function,
    Nest,
    Origin,
    Sequence,
    Static,
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


def bind(
    machine: Machine,
    function: Function,
    arguments: Items[Value],
    keywords: Mapping[str, Value],
    star: Value | None,
    star_kwargs: Value | None,
    frame: Frame,
) -> None:
    """Fill the environment of a new frame from the arguments of a call."""
    params = function.node.params
    env = frame.env
    given = [*([function.receiver] if function.receiver is not None else []), *arguments]
    positional = (*params.posonly_params, *params.params)
    remaining = dict(keywords)
    for index, param in enumerate(positional):
        name = param.name.value
        if index < len(given):
            env[name] = given[index]
        elif name in remaining:
            env[name] = remaining.pop(name)
        elif star is not None:
            env[name] = star
        else:
            env[name] = _default(machine, param, star_kwargs, frame)
        remaining.pop(name, None)
    if isinstance(params.star_arg, cst.Param):
        rest = tuple(given[len(positional) :])
        env[params.star_arg.name.value] = (
            Sequence(rest, join_all(rest)) if star is None else Sequence(None, join_all([*rest, star]))
        )
    for param in params.kwonly_params:
        name = param.name.value
        env[name] = remaining.pop(name) if name in remaining else _default(machine, param, star_kwargs, frame)
    if params.star_kwarg is not None:
        frame.kwargs = params.star_kwarg.name.value
        env[frame.kwargs] = Dict({}, complete=star_kwargs is None and not remaining, arguments=True)


def _default(machine: Machine, param: cst.Param, star_kwargs: Value | None, frame: Frame) -> Value:
    if star_kwargs is not None:
        return Static(parameter=param.name.value)
    if param.default is None:
        return UNKNOWN
    constant = syntax.literal(param.default)
    return UNKNOWN if constant is ... else Static(constant=constant)


def call_parameters(machine: Machine, function: Function, single_input: bool) -> dict[str, Value]:
    """What Keras passes to the parameters of `call`: tensors, masks, flags. Unknown where nothing says which."""
    node = function.node
    values: dict[str, Value] = {}
    names = [param.name.value for param in (*node.params.posonly_params, *node.params.params)][1:]
    for param in syntax.parameters(node):
        name = param.name.value
        origin = Origin("it is an argument of `call`", function.unit, param)
        is_first = bool(names) and name == names[0]
        values[name] = _call_parameter(param, origin, node, is_first, single_input)
    return values


def _call_parameter(
    param: cst.Param, origin: Origin, node: cst.FunctionDef | cst.Lambda, is_first: bool, single_input: bool
) -> Value:
    name = param.name.value
    default = ... if param.default is None else syntax.literal(param.default)
    optional = param.default is not None and default is None
    kind, nullable = _annotation(param.annotation.annotation) if param.annotation is not None else (None, False)
    if kind == "tensor":
        return Tensor(origin, optional=optional or nullable, batched=True)
    if kind == "nest":
        return Nest(origin, optional=optional or nullable)
    if kind == "static" or name in _FLAGS:
        return STATIC
    if param.default is not None and not optional:
        return STATIC if default is not ... else UNKNOWN
    if name == "mask":
        is_one = not _unpacks_first(node)
        return Tensor(origin, optional=optional) if is_one else Nest(origin, optional=optional)
    if name.startswith(_FLAG_PREFIXES):
        return UNKNOWN
    uses = Uses(name, node, with_arithmetic=is_first)
    if uses.tested_for_structure:
        return Nest(origin, optional=optional) if is_first else UNKNOWN
    if uses.as_tensor or (is_first and single_input):
        return Tensor(origin, optional=optional, batched=True)
    if not is_first:
        return UNKNOWN
    return Nest(origin, optional=optional, batched=not uses.as_structure)


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
                return ("nest" if "tensor" in kinds else None), False
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


def _unpacks_first(node: cst.FunctionDef | cst.Lambda) -> bool:
    params = (*node.params.posonly_params, *node.params.params)
    if len(params) < 2:
        return False
    uses = Uses(params[1].name.value, node)
    return uses.tested_for_structure or (uses.as_structure and not uses.as_tensor)


class Uses:
    """How a function uses a parameter before it binds the name anew: as one tensor, as a list, tuple or dict."""

    def __init__(self, name: str, node: cst.FunctionDef | cst.Lambda, *, with_arithmetic: bool = True) -> None:
        self.name = name
        self.with_arithmetic = with_arithmetic
        """Whether arithmetic says something: the first argument of `call` is no number, others may be."""
        self.as_tensor = False
        self.as_structure = False
        self.tested_for_structure = False
        """The code provides for a structure, whatever else it does with the parameter."""
        for child in _outside_raises(node.body):
            if self._rebinds(child):
                value = child.value if isinstance(child, cst.Assign | cst.AnnAssign) else None
                for inner in syntax.walk(value) if value is not None else ():
                    self._look(inner)
                if isinstance(value, cst.CSTNode):
                    self._unpacked(child)
                break
            self._look(child)

    def _rebinds(self, node: cst.CSTNode) -> bool:
        match node:
            case cst.Assign(targets=targets):
                return any(self.name in syntax.target_names(target.target) for target in targets)
            case cst.AugAssign(target=target) | cst.AnnAssign(target=target) | cst.For(target=target):
                return self.name in syntax.target_names(target)
            case _:
                return False

    def _is_it(self, node: cst.CSTNode | None) -> bool:
        return isinstance(node, cst.Name) and node.value == self.name

    def _unpacked(self, node: cst.CSTNode) -> None:
        if isinstance(node, cst.Assign) and self._is_it(node.value):
            self.as_structure |= any(isinstance(target.target, cst.Tuple | cst.List) for target in node.targets)

    def _look(self, node: cst.CSTNode) -> None:
        match node:
            case cst.Assign():
                self._unpacked(node)
            case cst.Attribute(
                value=value, attr=cst.Name(value="shape" | "dtype" | "get_shape" | "ndim" | "set_shape")
            ):
                self.as_tensor |= self._is_it(value)
            case cst.Attribute(
                value=value, attr=cst.Name(value="items" | "keys" | "values" | "get" | "pop" | "append")
            ):
                self.tested_for_structure |= self._is_it(value)
            case cst.Subscript(value=value, slice=[cst.SubscriptElement(slice=piece), *rest]):
                if self._is_it(value):
                    if rest:
                        self.as_tensor = True
                    elif isinstance(piece, cst.Index) and isinstance(piece.value, cst.SimpleString):
                        self.tested_for_structure = True
                    elif isinstance(piece, cst.Index) and isinstance(piece.value, cst.Integer):
                        self.as_structure = True
            case cst.Call(func=function, args=args):
                self._call(function, args)
            case cst.For(iter=source) | cst.CompFor(iter=source):
                self.as_structure |= self._is_it(source)
            case cst.StarredElement(value=value):
                self.as_structure |= self._is_it(value)
            case cst.BinaryOperation(left=left, right=right, operator=operator) if self.with_arithmetic:
                for one, other in ((left, right), (right, left)):
                    if self._is_it(one):
                        number = isinstance(other, cst.Integer | cst.Float)
                        plain = isinstance(operator, cst.Subtract | cst.Divide | cst.Power | cst.MatrixMultiply)
                        self.as_tensor |= plain or number
            case _:
                pass

    def _call(self, function: cst.BaseExpression, args: Items[cst.Arg]) -> None:
        name = syntax.dotted(function) or ""
        for index, arg in enumerate(args):
            if not self._is_it(arg.value):
                continue
            if name == "isinstance" and index == 0 and self._names_container(args):
                self.tested_for_structure = True
            elif arg.star or name == "len":
                self.as_structure = True
            elif index == 0 and name.rpartition(".")[2] in _ONE_TENSOR and "." in name:
                self.as_tensor = True

    def _names_container(self, args: Items[cst.Arg]) -> bool:
        return len(args) == 2 and any(
            isinstance(child, cst.Name) and child.value in ("list", "tuple", "dict", "Mapping", "Sequence", "Iterable")
            for child in syntax.walk(args[1].value)
        )


def _outside_raises(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """As `walk`, without what only an error message uses."""
    stack = [node]
    while stack:
        current = stack.pop()
        if not isinstance(current, cst.Raise):
            yield current
            stack.extend(reversed(list(syntax.children(current))))


_ONE_TENSOR = frozenset(
    """
    abs argmax argmin argsort avg_pool2d batch_dot batch_flatten ceil clip_by_value conv1d conv2d cos cumsum depthwise_conv2d
    dot einsum erf exp expand_dims floor gather get_shape_list int_shape l2_normalize log matmul max max_pool max_pool2d mean
    min moments ndim norm not_equal one_hot pad permute rank reduce_all reduce_any reduce_logsumexp reduce_max reduce_mean
    reduce_min reduce_prod reduce_sum relu reshape reverse roll round shape shape_list sigmoid sign sin slice softmax sqrt
    square squeeze std sum tanh tile top_k transpose unstack var
    """.split()
)
"""Functions of TensorFlow and Keras, by their last name, whose first argument is one tensor."""
