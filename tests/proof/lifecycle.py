"""The oracles of KLL2xx: constructing, building and first calling a layer."""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from tests.proof.claim import Claim, Unproved, brief
from tests.proof.example import Example, header
from tests.proof.framework import same
from tests.proof.plans import Plan, plans
from tests.proof.tracing import blamed, traced, working_plan


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
        if claim.line in lines and layer.weights:
            return f"constructed, it has {len(layer.weights)} weights"
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
    """Constructing, calling, tracing or saving the layer raises at the line.

    Where the line is that of a `def`, Keras raises later: then it must not with the base class initialised.
    """
    cls = getattr(example.load(), claim.class_name)
    seen: list[str] = []
    statement = example.statement(claim.line)
    for plan in plans(example.framework, cls):
        error = _life(example, plan, cls)
        if error is None:
            raise Unproved(f"nothing raises; {plan}")
        line = example.line_of(error)
        seen.append(f"{plan}: {brief(error)}")
        if isinstance(statement, ast.FunctionDef):
            original = cls.__init__
            cls.__init__ = _initialised(example.framework.keras.layers.Layer, original)
            repaired = _life(example, plan, cls)
            cls.__init__ = original
            if repaired is not None:
                continue
        elif line is None or line not in header(statement):
            continue
        claim.check_error(error)
        return brief(error)
    raise Unproved("\n".join(seen[:6]))


def _initialised(layer_class: Any, original: Callable[..., None]) -> Callable[..., None]:
    def init(self: Any, *arguments: Any, **keywords: Any) -> None:
        layer_class.__init__(self)
        original(self, *arguments, **keywords)

    return init


def _life(example: Example, plan: Plan, cls: Any) -> Exception | None:
    try:
        layer = plan.make(cls)
        plan.run(example.framework, layer)
        traced(example, plan, plan.make(cls))
        layer.get_config()
    except Exception as error:
        return error
    return None
