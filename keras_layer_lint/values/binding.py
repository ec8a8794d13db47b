"""The values that the parameters of a function start with."""

from __future__ import annotations

from collections.abc import Sequence as Items
from dataclasses import replace

import libcst as cst

from keras_layer_lint.keras.methods import Given, TracedMethod
from keras_layer_lint.model import syntax
from keras_layer_lint.model.callers import NONE_KEPT, Kept
from keras_layer_lint.values.arguments import CallArguments
from keras_layer_lint.values.containers import Dict, Sequence
from keras_layer_lint.values.frames import Frame
from keras_layer_lint.values.join import join_all
from keras_layer_lint.values.kind import UNKNOWN
from keras_layer_lint.values.parameter_use import FLAGS, ParameterUses
from keras_layer_lint.values.value import (
    STATIC,
    WEIGHT,
    Function,
    InputMasks,
    Nest,
    Origin,
    PythonValue,
    Rank,
    Tensor,
    Value,
)

_TENSOR_ANNOTATIONS = frozenset({"Tensor", "KerasTensor", "TensorLike", "TensorType", "SymbolicTensor"})
_STATIC_ANNOTATIONS = frozenset({"bool", "int", "float", "str", "DType", "dtype"})
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


def first_of(function: Function) -> str | None:
    """The name of the first argument of `call`."""
    names = _positional(function)
    return names[1] if len(names) > 1 else None


def _positional(function: Function) -> list[str]:
    params = function.node.params
    return [param.name.value for param in (*params.posonly_params, *params.params)]


def call_parameters(function: Function, uses: ParameterUses, kept: Kept = NONE_KEPT) -> dict[str, Value]:
    """What Keras passes to the parameters of `call`: tensors, masks, flags. Unknown where nothing says which.

    `uses`: what is known of how it uses them. `kept`: what callers fill with their own.
    """
    node, first = function.node, uses.first
    names = _positional(function)
    values: dict[str, Value] = {}
    for param in syntax.parameters(node):
        origin = Origin("it is an argument of `call`", function.unit, param)
        value = _call_parameter(param, origin, uses, first)
        if param.name.value == first and isinstance(value, Tensor | Nest) and value.batched:
            value = replace(value, like_input=True, dtype="compute")
        if isinstance(value, Tensor | Nest):
            value = replace(value, of_input=True)
        if type(value) is Tensor:
            value = replace(value, rank=Rank(param.name.value, 0))
        if isinstance(value, Tensor | Nest) and _is_kept(param.name.value, names, kept):
            value = replace(value, batched=False)  # a weight, a table: it has no batch
        if type(value) is Nest:
            value = replace(value, argument=param.name.value)
        if isinstance(value, Nest) and kept.in_list and param.name.value == first:
            value = replace(value, batched=False, of_batched=False)
        values[param.name.value] = value
    return values


def _is_kept(name: str, names: list[str], kept: Kept) -> bool:
    return name in kept.keywords or (name in names and names.index(name) - 1 in kept.positions)


def traced_parameters(function: Function, traced: TracedMethod) -> dict[str, Value]:
    """What Keras passes to the parameters of any other method that it traces."""
    node = function.node
    given = [*node.params.posonly_params, *node.params.params][0 if function.receiver is None else 1 :]
    uses = ParameterUses(node, given[0].name.value if given else None)
    values: dict[str, Value] = {}
    in_lists = any(
        what is Given.BATCH and uses.of[param.name.value].is_a_list
        for param, what in zip(given, traced.given, strict=False)
    )
    for param, what in zip(given, traced.given, strict=False):
        use = uses.of[param.name.value]
        optional = param.default is not None and syntax.literal(param.default) is None
        origin = Origin(f"it is an argument of `{function.method}`", function.unit, param)
        if what is Given.DATA:
            values[param.name.value] = Nest(origin, optional, batched=traced.is_step, of_batched=traced.is_step)
        elif what is Given.BATCH and in_lists:
            continue  # where there are several predictions, there are several targets
        elif not (use.tested_for_structure or use.as_structure):
            values[param.name.value] = replace(_given_tensor(what, origin), optional=optional)
    return values


def _given_tensor(what: Given, origin: Origin) -> Tensor:
    if what is Given.VARIABLE:
        return Tensor(replace(origin, clause=WEIGHT), variable=True)
    if what is Given.STEP:
        return Tensor(origin, dtype="step")
    return Tensor(origin, batched=what is Given.BATCH)


def _call_parameter(param: cst.Param, origin: Origin, uses: ParameterUses, first: str | None) -> Value:
    name = param.name.value
    default = ... if param.default is None else syntax.literal(param.default)
    optional = param.default is not None and default is None
    kind, nullable = _annotation(param.annotation.annotation) if param.annotation is not None else (None, False)
    use = uses.of[name]
    if name == "training":
        return PythonValue(parameter=name)  # Keras passes True, False or None, whatever the annotation says
    if kind == "tensor" and (use.tested_for_structure or (use.as_structure and not use.as_tensor)):
        # The code knows better than the annotation.
        return Nest(origin, optional=optional or nullable, batched=True)
    if kind == "tensor":
        return Tensor(origin, optional=optional or nullable, batched=True)
    if kind in ("nest", "list") and not use.is_proven:
        return Nest(origin, optional=optional or nullable, batched=True, of_batched=kind == "list")
    if kind == "static" or name in FLAGS:
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
        return Nest(origin, optional=optional, batched=True) if is_first else UNKNOWN
    if use.as_tensor:
        return Tensor(origin, optional=optional, batched=True)
    if not is_first:
        return UNKNOWN
    return Nest(origin, optional=optional, batched=not use.as_structure, of_batched=use.is_a_list)


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
                kinds = {_annotation(part)[0] for part in inner if not isinstance(part, cst.Ellipsis)}
                several = "nest" if "Dict" in last or "dict" in last or last == "Mapping" else "list"
                if "tensor" in kinds:
                    return (several if kinds == {"tensor"} else "nest"), False
                return ("static" if kinds == {"static"} else None), False
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
    if len(kinds) > 1 and kinds <= {"tensor", "list", "nest"}:
        kinds = {"nest"}
    return (next(iter(kinds)) if len(kinds) == 1 else None), any(nullable for _, nullable in parts)
