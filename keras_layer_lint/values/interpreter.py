"""Runs the methods of one layer class abstractly, and keeps what happened."""

from __future__ import annotations

from collections.abc import Sequence as Items
from dataclasses import replace

import libcst as cst

from keras_layer_lint.immutable import dataclass
from keras_layer_lint.keras.kinds import FUNCTIONS, ClassKind
from keras_layer_lint.keras.methods import LEARNING
from keras_layer_lint.model import syntax
from keras_layer_lint.model.callers import kept_by_callers
from keras_layer_lint.model.decorators import leaves_function_alone
from keras_layer_lint.model.layer import LayerClass, Method
from keras_layer_lint.target import GENERATIONS, Generation, Target
from keras_layer_lint.values.arguments import CallArguments
from keras_layer_lint.values.binding import bind, call_parameters, first_of, names_layer, traced_parameters
from keras_layer_lint.values.calls import Calls
from keras_layer_lint.values.containers import Sequence
from keras_layer_lint.values.environment import Environment
from keras_layer_lint.values.events import Event
from keras_layer_lint.values.expressions import Expressions
from keras_layer_lint.values.frames import Context, Frame, function_name
from keras_layer_lint.values.globals import class_attribute
from keras_layer_lint.values.handed_on import is_structure_to_methods
from keras_layer_lint.values.join import join_all
from keras_layer_lint.values.kind import UNKNOWN
from keras_layer_lint.values.memory import Memory
from keras_layer_lint.values.one_shape import reads_one_shape
from keras_layer_lint.values.parameter_use import ParameterUses
from keras_layer_lint.values.run import MAX_DEPTH, MAX_STEPS, OUT_OF_STEPS, Run
from keras_layer_lint.values.self_state import SelfState
from keras_layer_lint.values.statements import Statements, decorated_autograph
from keras_layer_lint.values.value import (
    NONE,
    NUMPY_VALUE,
    Function,
    Layer,
    Nest,
    Origin,
    PythonValue,
    Self,
    SelfClass,
    Shape,
    Value,
)

_TRANSPARENT = frozenset(
    """
    abstractmethod cached_property classmethod default deprecated deprecated_args do_not_convert do_not_doc_inheritable
    do_not_generate_docs filter_traceback function jit keras_export no_automatic_dependency_tracking override property
    register_keras_serializable shape_type_conversion staticmethod tf_export typechecked with_name_scope wraps
    """.split()
)
"""Decorators, by their last name, that leave what the function returns as it is."""
_ON_THE_HOST = frozenset({"py_function", "numpy_function", "py_func"})
"""Decorators of TensorFlow that run what they decorate on values."""
_CUSTOM_GRADIENT = "custom_gradient"
"""Of `tf`, `keras.ops` and `jax`: the function returns a value and the function of its gradient."""


_GENERATION_2 = frozenset({Target.KERAS2})
_BOTH_GENERATIONS = frozenset(GENERATIONS)


@dataclass(frozen=True, slots=True, eq=False)
class Returned:
    """What a method returned: each `return` with its value, and whether control can fall off the end."""

    value: Value
    returns: tuple[tuple[Value, cst.Return | None], ...]
    falls_through: bool


class Interpreter(Expressions, Calls, Statements):
    """The parts put together, and the calls of project functions."""

    def __init__(self, layer: LayerClass, *, with_memory: bool = True) -> None:
        memory = Memory(is_on=with_memory)
        attributes = SelfState(memory, lambda name: _of_class(layer, name))
        self.run = Run(layer, layer.ref.module, memory, attributes)
        self.returned: dict[str, Returned] = {}

    @property
    def events(self) -> Items[Event]:
        """What happened, in order."""
        return self.run.events

    def run_method(self, name: str, method: Method) -> None:
        """Run a method the way Keras calls it: `call`, `build`, `__init__`, `get_config` or any other.

        Where a run of `call` shows that an argument is one tensor, it is run again with that known from the start.
        """
        run = self.run
        before = run.checkpoint()
        self._run_once(name, method)
        if name == "call" and run.one_tensor:
            run.go_back(before)
            self._run_once(name, method)

    def _run_once(self, name: str, method: Method) -> None:
        run = self.run
        run.phase = name
        run.memory.clear()
        run.attributes.begin()
        names = syntax.decorator_names(method.node)
        receiver: Value | None = Self()
        if "staticmethod" in names or run.layer.kind in FUNCTIONS:
            receiver = None
        elif "classmethod" in names:
            receiver = SelfClass()
        function = Function(method.unit, method.node, receiver=receiver, owner=method.owner, method=name)
        traced = run.layer.traced.get(name)
        context = replace(self.context_of_call(function, None, None), autograph=_GENERATION_2)
        if traced is not None and traced.left_alone is not None:
            context = replace(context, autograph=frozenset(), left_alone=traced.left_alone)
        frame = self._frame(function, None, context)
        bind(function, CallArguments(), frame)
        params = syntax.parameters(method.node)[0 if receiver is None else 1 :]
        for param in params:
            frame.env[param.name.value] = self._parameter(name, param)
        if name in LEARNING and run.layer.kind is ClassKind.LAYER and params and params[0].default is None:
            frame.env[params[0].name.value] = NUMPY_VALUE  # data in hand, of whatever class
        star = method.node.params.star_arg
        if isinstance(star, cst.Param):
            origin = Origin("it is an argument of `call`", method.unit, star)
            frame.env[star.name.value] = Sequence(None, Nest(origin) if name == "call" else UNKNOWN)
        start = self._given_by_keras(name, function)
        frame.env.update({key: value for key, value in start.items() if key in {p.name.value for p in params}})
        alive = self._body(function, frame)
        returns = [*frame.returns, *([(NONE, None)] if alive else [])]
        self.returned[name] = Returned(join_all(v for v, _ in returns), tuple(frame.returns), alive)

    def _given_by_keras(self, name: str, function: Function) -> dict[str, Value]:
        layer = self.run.layer
        if name == "call" and layer.is_layer:
            uses = ParameterUses(function.node, first_of(function))
            if self._builds_on_one_shape():
                uses.show_one_tensor(uses.first)
            elif uses.first is not None and is_structure_to_methods(layer, function.node.body, uses.first):
                uses.of[uses.first].as_structure = True
            for argument in self.run.one_tensor:
                uses.prove_one_tensor(argument)
            return call_parameters(function, uses, kept_by_callers(layer.ref))
        traced = layer.traced.get(name)
        return {} if traced is None else traced_parameters(function, traced)

    def _parameter(self, method: str, param: cst.Param) -> Value:
        name = param.name.value
        if method == "__init__":
            if param.annotation is not None and names_layer(param.annotation.annotation):
                return Layer("keras.layers.Layer")
            return PythonValue(parameter=name)
        if method == "compute_output_shape" or (method == "build" and not self.run.layer.is_called_by_itself):
            return Shape(batched=True)
        return UNKNOWN

    def _builds_on_one_shape(self) -> bool:
        """Whether `build` or `compute_output_shape` takes the shape of one tensor: `input_shape[-1]` is a number."""
        layer = self.run.layer
        # Keras 2 asks no model for `compute_output_shape`, and nobody sees what is wrong with it.
        is_asked = Generation.KERAS3 in layer.generations
        for method in filter(None, map(layer.method, ("build", *["compute_output_shape"] * is_asked))):
            params = syntax.parameters(method.node)
            name = params[1].name.value if len(params) > 1 else ""
            if f"{name}[" in method.unit.text and reads_one_shape(method.node.body, name):
                return True
        return False

    def _frame(self, function: Function, caller: Frame | None, context: Context) -> Frame:
        facts = self.run.facts_of(function)
        memory = self.run.memory
        memory.frames += 1
        frame = Frame(function, function_name(function), Environment(), context, memory.frames, caller=caller)
        if function.autograph == "on":
            frame.autograph = _BOTH_GENERATIONS
        elif function.autograph == "off" or facts.is_generator:
            frame.leave_alone()
        if isinstance(function.node, cst.FunctionDef) and function.node.decorators:
            set_by = decorated_autograph(self, function.node, frame)
            if set_by == "on":
                frame.autograph = _BOTH_GENERATIONS
            elif set_by == "off":
                frame.leave_alone()
            else:
                names = {n.rpartition(".")[2] for n in syntax.decorator_names(function.node)}
                if names & {"property", "cached_property"}:
                    frame.leave_alone()
                frame.guards += bool(names & {"cached_property", "cache", "lru_cache"})
        if facts.gives_up is not None and frame.autograph:
            frame.leave_alone(facts.gives_up.versions)
            frame.gives_up = facts.gives_up
        frame.quiet += context.quiet
        frame.guards += context.guarded
        return frame

    def _body(self, function: Function, frame: Frame) -> bool:
        """Run a function's body; whether control falls off its end."""
        run = self.run
        run.visited.add(id(function.node))
        run.active.append(id(function.node))
        run.memory.note_function(id(function.node))
        try:
            if isinstance(function.node, cst.Lambda):
                frame.returns.append((self.evaluate(function.node.body, frame), None))
                return False
            alive = self.suite(function.node.body, frame)
            ends = [*frame.ends, run.attributes.fork()] if alive else frame.ends
            if ends:
                run.attributes.meet(ends)
            return alive
        finally:
            run.active.pop()

    def apply(
        self, function: Function, arguments: CallArguments, frame: Frame | None, node: cst.CSTNode | None
    ) -> Value:
        run, memory = self.run, self.run.memory
        if id(function.node) in run.active:
            memory.note_function(id(function.node))
            return UNKNOWN
        if len(run.active) >= MAX_DEPTH or run.steps > MAX_STEPS:
            memory.note_change()  # elsewhere it may be run
            if run.steps > MAX_STEPS:
                self.note_limit(OUT_OF_STEPS, node, frame)
            else:
                what = f"`{function_name(function)}`: calls are nested more than {MAX_DEPTH} deep"
                self.note_limit(what, node, frame)
            return UNKNOWN
        is_async = isinstance(function.node, cst.FunctionDef) and function.node.asynchronous is not None
        if is_async or not _ON_THE_HOST.isdisjoint(_decorated_by(function)):
            return UNKNOWN
        context = self.context_of_call(function, frame, node)
        given = (function, arguments.positional, tuple(arguments.keywords.items()), *arguments.not_spelled_out)
        node_id = id(function.node)
        found = memory.recall(node_id, (given, context), run.attributes.answer, run.active, MAX_DEPTH - len(run.active))
        if found is not None:
            return found
        with memory.tracing() as trace:
            if isinstance(function.closure, Frame):
                memory.note_outer(function.closure.number)
            inner = self._frame(function, frame, context)
            bind(function, arguments, inner)
            alive = self._body(function, inner)
        if run.facts_of(function).is_generator or not self._is_transparent(function):
            result: Value = UNKNOWN
        else:
            returns = [value for value, _ in inner.returns]
            result = join_all([*returns, NONE] if alive else returns)
            if _CUSTOM_GRADIENT in _decorated_by(function):
                result = _value_beside_gradient(result)
        memory.remember(node_id, (given, context), result, trace)
        return result

    def _is_transparent(self, function: Function) -> bool:
        """Whether it is known what the decorators make of what the function returns: most leave it as it is."""
        if isinstance(function.node, cst.Lambda):
            return True
        known = _TRANSPARENT | {_CUSTOM_GRADIENT}
        return all(
            name.rpartition(".")[2] in known
            or leaves_function_alone(
                self.run.layer.project, function.unit.module, name, is_called=isinstance(item.decorator, cst.Call)
            )
            for name, item in zip(syntax.decorator_names(function.node), function.node.decorators, strict=True)
        )


def _decorated_by(function: Function) -> frozenset[str]:
    """The last names of the decorators."""
    if isinstance(function.node, cst.Lambda):
        return frozenset()
    return frozenset(name.rpartition(".")[2] for name in syntax.decorator_names(function.node))


def _value_beside_gradient(returned: Value) -> Value:
    """The first of two: the second is the function that computes the gradient."""
    if isinstance(returned, Sequence) and returned.items is not None and len(returned.items) == 2:
        return returned.items[0]
    return UNKNOWN


def _of_class(layer: LayerClass, name: str) -> Value | None:
    """What an attribute is where no method has bound it, as far as the body of the class says."""
    assigned = layer.assigned_in_body(name)
    return None if assigned is None else class_attribute(assigned)
