"""The oracles of KLL1xx: tracing a layer raises at the line, or what it computes differs from eager mode."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.proof.claim import Claim, Unproved, WrongError, brief
from tests.proof.example import Example, Steps, header, whole
from tests.proof.framework import Framework, Values, same
from tests.proof.plans import Plan, plans

_TRACED_PLANS = 16
_CONTROL_FLOW = frozenset({"KLL101", "KLL102", "KLL103", "KLL121"})
_USED_LATER = frozenset({"KLL121", "KLL123", "KLL132", "KLL213"})
_CALLS_DEEPER = frozenset({"KLL132"})
_FAILS_WHEN_TRACED = frozenset(
    {"KLL101", "KLL102", "KLL103", "KLL104", "KLL111", "KLL112", "KLL113", "KLL121", "KLL124"}
)
"""What does not fail when traced has not failed; other codes may fail later, in a second trace or in training."""


def traced(example: Example, plan: Plan, layer: Any) -> Any:
    """The layer in a functional model, as most models use it: the batch size is not known."""
    framework = example.framework
    inputs = plan.symbolic_inputs(framework)
    return framework.keras.Model(inputs, plan.call(framework, layer, inputs))


def blamed(example: Example, claim: Claim, error: BaseException, traced: bool = True) -> int | None:
    """The marked line that an error belongs to."""
    line = example.line_of(error)
    if line is None:
        return None
    marked = sorted(example.marked, key=lambda mark: mark != claim.line)
    for mark in marked:
        if line in header(example.statement(mark)):
            return mark
    if not traced:
        return None
    if claim.code in _CALLS_DEEPER and set(example.lines_of(error)) & set(header(example.statement(claim.line))):
        return claim.line
    # AutoGraph fails at the statement it cannot convert, or where what it has lost is used.
    autograph = example.framework.generation == "2" or claim.code == "KLL121"
    if autograph and claim.code in _CONTROL_FLOW:
        for mark in sorted(marked, key=lambda mark: -mark):
            if line in whole(example.statement(mark)):
                return mark
    if line in example.function(claim.line) and (claim.code in _USED_LATER or (autograph and claim.code == "KLL101")):
        return claim.line
    return None


def graph(example: Example, claim: Claim) -> str:
    """Tracing raises at the line; where it goes through, running the traced layer raises or gives other values.

    A marked line that raises first is replaced by what it did in eager mode, and the layer is traced again.
    """
    tried: list[str] = []
    after: list[Plan] = []
    cls = getattr(example.load(), claim.class_name)
    for plan in plans(example.framework, cls):
        try:
            example.framework.values(plan.run(example.framework, plan.make(cls)))
        except Exception as error:  # fails in eager mode
            if blamed(example, claim, error, traced=False) is None:
                if len(tried) < 4:
                    tried.append(f"{plan}: {brief(error)}")
            else:
                after.append(plan)
            continue
        try:
            return f"{_graph(example, claim, plan)}; fine in eager mode; {plan}"
        except WrongError:
            raise
        except Unproved as error:
            tried.append(f"{plan}: {error}")
        if len(tried) > _TRACED_PLANS:
            break
    for plan in after[:_TRACED_PLANS]:
        try:
            return f"{_graph(example, claim, plan)}; in eager mode, too; {plan}"
        except WrongError:  # noqa: PERF203
            raise
        except Unproved as error:
            tried.append(f"{plan}: {error}")
    raise Unproved("\n".join(tried))


def _graph(example: Example, claim: Claim, plan: Plan) -> str:
    framework = example.framework
    replayed: set[int] = set()
    dropped: set[int] = set()
    autograph = False
    while True:
        steps = Steps(framework, frozenset(replayed), frozenset(dropped), as_arrays=claim.code == "KLL213")
        module = example.load(steps, replayed | dropped) if replayed or dropped else example.load()
        cls = getattr(module, claim.class_name)
        if autograph:
            cls.call = framework.tf.function(cls.call)
        if not autograph:
            try:
                plan.run(framework, plan.make(cls))
            except Exception as error:
                if blamed(example, claim, error, traced=False) is None:
                    raise Unproved(f"in eager mode, with lines {sorted(replayed)} replaced: {brief(error)}") from error
        steps.rewind()
        try:
            model = traced(example, plan, layer := plan.make(cls))
            if claim.code not in _FAILS_WHEN_TRACED:
                traced(example, plan, layer)
                in_a_model(example, plan, cls)
                train(example, plan, cls)
        except Exception as error:
            mark = blamed(example, claim, error)
            if mark == claim.line:
                claim.check_error(error)
                return f"traced: {brief(error)}, line {example.line_of(error)}"
            if mark is None or mark in dropped:
                raise Unproved(f"traced, line {example.line_of(error)}: {brief(error)}") from error
            if claim.code == "KLL121" and not autograph:
                autograph = True  # in Keras 3 the loop is the first fault; converted, the list is the next
            else:
                (dropped if mark in replayed else replayed).add(mark)
            continue
        return _differs(example, claim, plan, model)


def in_a_model(example: Example, plan: Plan, cls: Any) -> None:
    """Call a subclassed model twice, which builds the layer in a graph first."""
    framework = example.framework
    layer = plan.make(cls)

    class Outer(framework.keras.Model):  # type: ignore[misc, name-defined]
        def __init__(self) -> None:
            super().__init__()
            self.layer = layer

        def call(self, inputs: Any) -> Any:
            return plan.call(framework, self.layer, inputs)

    outer = Outer()
    tensors = [framework.tf.constant(array) for array in plan.arrays()]
    for _ in range(2):
        outer(tensors)


def fed_model(example: Example, plan: Plan, layer: Any) -> Any:
    """The layer behind something to train, which hands its inputs on as they are; the outputs of both."""
    keras = example.framework.keras
    inputs = plan.symbolic_inputs(example.framework)
    fed = [
        keras.layers.Dense(tensor.shape[-1], kernel_initializer="identity")(tensor)
        if plan.dtype == "float32"
        else tensor
        for tensor in inputs
    ]
    return keras.Model(inputs, [plan.call(example.framework, layer, fed), *fed])


def train(example: Example, plan: Plan, cls: Any, **compiled: Any) -> tuple[Any, Any]:
    """One step of training; the model and the loss."""
    framework = example.framework
    model = fed_model(example, plan, plan.make(cls))
    arrays = plan.arrays()
    expected = framework.tf.nest.map_structure(np.asarray, model(arrays))
    losses = [_mean_square(framework)] * len(framework.tf.nest.flatten(expected))
    model.compile("sgd", losses, **compiled)
    return model, framework.tf.nest.flatten(model.train_on_batch(arrays, expected))[0]


def _mean_square(framework: Framework) -> Any:
    tf = framework.tf

    def loss(expected: Any, predicted: Any) -> Any:
        return tf.reduce_mean(tf.square(tf.cast(predicted, tf.float32)))

    return loss


def _differs(example: Example, claim: Claim, plan: Plan, model: Any) -> str:
    framework = example.framework
    layer = model.layers[-1]
    eager = framework.values(plan.run(framework, layer))
    try:
        run = framework.tf.function(model, input_signature=[plan.signature(framework)])
        values = framework.values(run([framework.tf.constant(array) for array in plan.arrays()]))
    except Exception as error:
        claim.check_error(error)
        return f"traced it runs into {brief(error)}"
    if same(eager, values):
        raise Unproved("traced without an error, with the values of eager mode")
    return f"other values when traced: {_first(values)} for {_first(eager)}"


def _first(values: Values) -> str:
    return str(values[0].ravel()[:3].tolist())


def purity(example: Example, claim: Claim) -> str:
    """The line runs at each call in eager mode, and at none once the layer is traced."""
    if claim.severity == "error":
        return graph(example, claim)
    framework = example.framework
    steps = Steps(framework)
    module = example.load(steps)
    cls = getattr(module, claim.class_name)
    plan = working_plan(example, cls)
    layer = plan.make(cls)
    steps.runs.clear()
    for _ in range(8):  # for a line that not every call reaches
        plan.run(framework, layer)
    in_eager_mode = steps.runs[claim.line]
    try:
        for _ in range(8):
            layer = plan.make(cls)
            steps.runs.clear()
            model = traced(example, plan, layer)
            model.predict_on_batch(plan.arrays())
            if while_tracing := steps.runs[claim.line]:
                break
        for _ in range(3):
            model.predict_on_batch(plan.arrays())
    except Exception as error:
        claim.check_error(error)
        return f"another trace: {brief(error)}"
    if in_eager_mode < 2 or not while_tracing:
        raise Unproved(f"the line ran {in_eager_mode} times in eager mode, {while_tracing} times while tracing")
    if steps.runs[claim.line] != while_tracing:
        raise Unproved("the line ran again in the traced layer")
    return f"ran {while_tracing} times while tracing, never in 3 later batches"


def working_plan(example: Example, cls: Any, given: dict[str, Any] | None = None) -> Plan:
    """A plan that works in eager mode and traced; better one whose outputs are a batch, as training wants them."""
    framework = example.framework
    tried = []
    works = None
    for plan in plans(framework, cls, given):
        try:
            outputs = framework.values(plan.run(framework, plan.make(cls)))
            traced(example, plan, plan.make(cls))
        except Exception as error:
            tried.append(f"{plan}: {brief(error)}")
            continue
        if all(output.shape[:1] == (plan.batch,) for output in outputs):
            return plan
        works = works or plan
    if works is None:
        raise Unproved("could not be called:\n" + "\n".join([*tried[:3], "...", *tried[-3:]]))
    return works
