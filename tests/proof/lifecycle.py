"""The oracles of KLL2xx: constructing, building and first calling a layer."""

from __future__ import annotations

import ast
import inspect
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from tests.proof.claim import Claim, Unproved, brief
from tests.proof.example import Example, Steps, header
from tests.proof.framework import same
from tests.proof.plans import Plan, plans
from tests.proof.tracing import blamed, traced, working_plan
from tests.proof.tracking import held, loses_weights


@contextmanager
def lines_run(file: str) -> Iterator[set[int]]:
    lines: set[int] = set()

    def trace(frame: FrameType, event: str, argument: object) -> Any:
        if frame.f_code.co_filename != file:
            return None
        lines.add(frame.f_lineno)
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        yield lines
    finally:
        sys.settrace(before)


def weights_before_input(example: Example, claim: Claim) -> str:
    """KLL201: constructing the layer runs the line and leaves it with weights."""
    cls = getattr(example.load(), claim.class_name)
    for plan in plans(example.framework, cls):
        with lines_run(example.file) as lines:
            try:
                layer = plan.make(cls)
            except Exception as error:
                if blamed(example, claim, error) == claim.line:
                    return f"constructed: {brief(error)}"  # the same line is marked for what raises here
                continue
        weights = held(example.framework, list(vars(layer).values()))
        if claim.line in lines and weights:
            return f"constructed, it has {len(weights)} weights"
    raise Unproved("has no weight when constructed, or the line did not run")


def missing_super_build(example: Example, claim: Claim) -> str:
    """KLL202: as it stands, and with `super().build(...)` put in."""
    framework = example.framework
    cls = getattr(example.load(), claim.class_name)
    original = vars(cls)["build"]

    def build(self: Any, input_shape: Any) -> None:
        super(cls, self).build(input_shape)
        original(self, input_shape)

    cls.build = build
    plan = working_plan(example, cls)
    if claim.severity == "error":
        cls.build = original
        try:
            plan.run(framework, plan.make(cls))
        except Exception as error:
            claim.check_error(error)
            return f"first call: {brief(error)}; fine with super().build"
        raise Unproved("the first call raises nothing")
    if claim.severity == "warning":
        if not _keeps_weights(example, plan, cls):
            raise Unproved("loses its weights with super().build, too")
        cls.build = original
        if _keeps_weights(example, plan, cls):
            raise Unproved("keeps the weights that were set")
        return "built by hand, the first call replaced its weights; not with super().build"
    reached = []
    base = next(base for base in cls.__mro__[1:] if "build" in vars(base))
    cls.build = original
    base_build = base.build

    def recorded(self: Any, *shapes: Any) -> None:
        reached.append(self)
        base_build(self, *shapes)

    base.build = recorded
    try:
        plan.run(framework, layer := plan.make(cls))
    finally:
        base.build = base_build
    if reached or not layer.built:
        raise Unproved(f"built: {layer.built}; {base.__name__}.build was {'' if reached else 'not '}reached")
    return f"works, and {base.__name__}.build was not reached"


def _keeps_weights(example: Example, plan: Plan, cls: Any) -> bool:
    framework = example.framework
    layer = plan.make(cls)
    layer.build((None, *plan.shapes[0]))
    marked = [weight * 0 + 7 for weight in layer.get_weights()]
    layer.set_weights(marked)
    plan.run(framework, layer)
    return same(marked, layer.get_weights())


def lifecycle(example: Example, claim: Claim) -> str:
    """Constructing, calling, tracing, training or saving the layer raises at the line.

    A marked line that raises first is replaced by a constant, or dropped. Where the line is that of a `def`, Keras
    raises elsewhere: then with the arguments it names in the error, or not once the base class is initialised.
    """
    seen: list[str] = []
    statement = example.statement(claim.line)
    other_methods = {
        node.name
        for mark in example.marked - {claim.line}
        if isinstance(node := example.statement(mark), ast.FunctionDef)
    }
    for plan in plans(example.framework, getattr(example.load(), claim.class_name)):
        replayed: set[int] = set()
        dropped: set[int] = set()
        while True:
            steps = Steps(example.framework, frozenset(replayed), frozenset(dropped))
            module = example.load(steps, replayed | dropped) if replayed or dropped else example.load()
            cls = getattr(module, claim.class_name)
            if claim.code == "KLL211":
                for name in other_methods & set(vars(cls)):
                    delattr(cls, name)
            errors = _life(example, plan, cls)
            if not errors and not replayed:
                if claim.code == "KLL212":  # silent, then
                    return loses_weights(example, claim, module, plan, traced(example, plan, plan.make(cls)))
                raise Unproved(f"nothing raises; {plan}")
            for error in errors:
                if _explains(example, claim, statement, plan, cls, error):
                    claim.check_error(error)
                    return brief(error)
            seen += [f"{plan}: {brief(error)}" for error in errors]
            others = {mark for error in errors if (mark := blamed(example, claim, error)) is not None}
            others -= dropped | {claim.line}
            if not others:
                break
            dropped |= others & replayed
            replayed |= others
    raise Unproved("\n".join(seen[:6]))


def _explains(example: Example, claim: Claim, statement: ast.stmt, plan: Plan, cls: Any, error: Exception) -> bool:
    if not isinstance(statement, ast.FunctionDef):
        line = example.line_of(error)
        if line is not None and line in header(statement):
            return True
        # What the line breaks may show only later, and not if the line is dropped.
        return claim.code == "KLL212" and not _life_without(example, claim, plan)
    if claim.code == "KLL211":
        return any(name in str(error) for name in re.findall(r"\w+_shape", claim.message))
    original = cls.__init__
    cls.__init__ = _initialised(example.framework.keras.layers.Layer, original)
    repaired = not _life(example, plan, cls)
    cls.__init__ = original
    return repaired


def _life_without(example: Example, claim: Claim, plan: Plan) -> list[Exception]:
    steps = Steps(example.framework, dropped=frozenset({claim.line}))
    return _life(example, plan, getattr(example.load(steps, {claim.line}), claim.class_name))


def _initialised(layer_class: Any, original: Callable[..., None]) -> Callable[..., None]:
    def init(self: Any, *arguments: Any, **keywords: Any) -> None:
        layer_class.__init__(self)
        original(self, *arguments, **keywords)

    return init


def _life(example: Example, plan: Plan, cls: Any) -> list[Exception]:
    """The errors of everything that is done with a layer, each done on its own."""
    framework = example.framework

    def methods() -> None:
        layer = plan.make(cls)
        plan.run(framework, layer)
        layer.get_config()
        for name, method in vars(cls).items():
            if inspect.isfunction(method) and list(inspect.signature(method).parameters) == ["self"] and name[0] != "_":
                method(layer)

    def fits() -> None:
        if issubclass(cls, framework.keras.Model):
            model = plan.make(cls)
            model.compile("sgd", "mse")
            outputs = framework.values(plan.run(framework, model))
            model.train_on_batch(plan.arrays()[0], outputs[0])

    errors: list[Exception] = []
    for stage in (methods, lambda: traced(example, plan, plan.make(cls)), fits):
        try:
            stage()
        except Exception as error:  # noqa: PERF203
            errors.append(error)
    return errors
