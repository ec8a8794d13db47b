"""What API functions that take functions do: they call them, or wrap them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import libcst as cst

from keras_layer_lint.keras.higher_order import HIGHER_ORDER, HigherOrder, Parameter, Passes
from keras_layer_lint.model import patterns, syntax
from keras_layer_lint.model.uses import names_stored
from keras_layer_lint.values.apis.registry import ApiCall, handles
from keras_layer_lint.values.arguments import CallArguments
from keras_layer_lint.values.containers import Dict, Sequence
from keras_layer_lint.values.join import element_of, join_all
from keras_layer_lint.values.kind import UNKNOWN, Unknown
from keras_layer_lint.values.value import Dimension, Function, Nest, Origin, PythonValue, Tensor, Value

if TYPE_CHECKING:
    from keras_layer_lint.values.calls import Calls


@handles(*HIGHER_ORDER)
def _takes_functions(calls: Calls, call: ApiCall) -> Value | None:
    api = HIGHER_ORDER[call.name]
    functions = [function for parameter in api.functions for function in _functions_in(_given(call, parameter))]
    if api.passes in (Passes.AUTOGRAPH, Passes.NO_AUTOGRAPH):
        return _wrapped(functions[0], call, api.passes) if functions else None
    passed = _PASSED.get(api.passes)
    if passed is None:
        return None
    origin = Origin("`%` passes one", call.frame.unit, call.node)
    data = None if api.data is None else _given(call, api.data)
    results = []
    for function in functions:
        count = len(syntax.parameters(function.node)) - (function.receiver is not None)
        values = passed(call, data, count, origin)
        arguments = CallArguments(tuple(_of_loop(api, functions, values)))
        results.append(calls.apply(function, arguments, call.frame, call.node))
    if api.passes is Passes.NO_ARGUMENTS and call.name.rpartition(".")[2] in _OF_TWO:
        return _either_result(call, api, functions, results, origin)
    if api.passes is not Passes.ELEMENTS:
        return None
    given = call.arguments.positional[1:]
    if not functions and any(isinstance(value, Tensor | Nest) for value in given):
        elements = CallArguments(tuple(map(element_of, given)))
        results.append(calls.call_value(call.first, elements, call.node, call.frame))
    elif any(isinstance(value, Unknown) for value in results):
        results += given
    return Nest(origin) if any(isinstance(value, Tensor | Nest) for value in results) else UNKNOWN


_OF_TWO = frozenset({"cond", "in_test_phase", "in_train_phase", "smart_cond", "switch"})
"""Of two functions or tensors, they return what one of them gives."""


def _either_result(
    call: ApiCall, api: HigherOrder, functions: list[Function], results: list[Value], origin: Origin
) -> Value | None:
    """The tensor that both branches come to; None where one of them may come to something else."""
    given = [_given(call, parameter) for parameter in api.functions]
    tensors = [value for value in given if isinstance(value, Tensor)]
    if len(functions) + len(tensors) != len(given):
        return None
    value = join_all([*results, *tensors])
    if not isinstance(value, Tensor | Nest) or value.optional:
        return None
    value = replace(value, origin=origin)
    return replace(value, variable=False) if isinstance(value, Tensor) else replace(value, argument="")


def _given(call: ApiCall, parameter: Parameter) -> Value | None:
    return call.arguments.get(parameter.position, parameter.keyword)


def _functions_in(value: Value | None) -> list[Function]:
    if isinstance(value, Function):
        return [value]
    if isinstance(value, Sequence):
        return [function for item in value.items or (value.element,) for function in _functions_in(item)]
    if isinstance(value, Dict):
        return [function for entry in value.entries.values() for function in _functions_in(entry.value)]
    return []


def _wrapped(function: Function, call: ApiCall, passes: Passes) -> Function:
    asked = call.arguments.keywords.get("autograph")
    is_off = passes is Passes.NO_AUTOGRAPH or (isinstance(asked, PythonValue) and asked.constant is False)
    return replace(function, autograph="off" if is_off else "on")


def _of_loop(api: HigherOrder, functions: list[Function], values: list[Value]) -> list[Value]:
    """What a function gets that is the body of a loop in the graph, or the condition of one."""
    varying: set[int | None] = {api.element} - {None}
    if api.passes is Passes.LOOP_VARIABLES and functions:
        varying = _changed(functions[-1], len(values))
    return [
        replace(value, varies=True) if number in varying and isinstance(value, Tensor | Nest) else value
        for number, value in enumerate(values)
    ]


def _changed(body: Function, count: int) -> set[int | None]:
    """The loop variables that the body of a loop certainly hands on as something else: XLA folds the others."""
    names = [param.name.value for param in syntax.parameters(body.node)][-count:] if count else []
    returned = [parts for parts in map(_parts, patterns.returned(body.node)) if parts is not None]
    if not returned or any(len(parts) != len(names) for parts in returned):
        return set()
    rebound = names_stored(body.node.body)
    return {
        number
        for number, name in enumerate(names)
        if name in rebound or all(syntax.dotted(parts[number]) != name for parts in returned)
    }


def _parts(value: cst.BaseExpression) -> list[cst.BaseExpression] | None:
    return [element.value for element in value.elements] if isinstance(value, cst.Tuple | cst.List) else None


def _nothing(call: ApiCall, data: Value | None, count: int, origin: Origin) -> list[Value]:
    return []


def _tensors(call: ApiCall, data: Value | None, count: int, origin: Origin) -> list[Value]:
    return [Nest(origin) for _ in range(count)]


def _slices(call: ApiCall, data: Value | None, count: int, origin: Origin) -> list[Value]:
    return [Tensor(origin) if isinstance(data, Tensor) else Nest(origin) for _ in range(count)]


def _loop_variables(call: ApiCall, data: Value | None, count: int, origin: Origin) -> list[Value]:
    if not isinstance(data, Sequence) or data.items is None or len(data.items) != count:
        return _tensors(call, data, count, origin)
    become_tensors = (Tensor, PythonValue, Dimension)
    return [Tensor(origin) if isinstance(value, become_tensors) else UNKNOWN for value in data.items]


def _index_and_tensors(call: ApiCall, data: Value | None, count: int, origin: Origin) -> list[Value]:
    return [Tensor(origin), Nest(origin)] if count == 2 else _tensors(call, data, count, origin)


def _elements(call: ApiCall, data: Value | None, count: int, origin: Origin) -> list[Value]:
    return [element_of(value) for value in call.arguments.positional[1 : count + 1]]


_PASSED: dict[Passes, Callable[[ApiCall, Value | None, int, Origin], list[Value]]] = {
    Passes.NO_ARGUMENTS: _nothing,
    Passes.TENSORS: _tensors,
    Passes.SLICES: _slices,
    Passes.LOOP_VARIABLES: _loop_variables,
    Passes.INDEX_AND_TENSORS: _index_and_tensors,
    Passes.ELEMENTS: _elements,
}
"""What a function with so many parameters gets; none for one that is not called while tracing."""
