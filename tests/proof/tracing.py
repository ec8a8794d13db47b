"""The oracles of KLL1xx: tracing a layer raises at the line, or what it computes differs from eager mode."""

from __future__ import annotations

from typing import Any

from tests.proof.claim import Claim, Unproved, WrongError, brief
from tests.proof.example import Example, Steps, header, whole
from tests.proof.framework import Values, same
from tests.proof.plans import Plan, plans

_TRACED_PLANS = 16
_CONTROL_FLOW = frozenset({"KLL101", "KLL102", "KLL103", "KLL121"})
_LOST_LATER = frozenset({"KLL101", "KLL121"})


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
    # AutoGraph fails at the statement it cannot convert, or where what it has lost is used.
    autograph = traced and (example.framework.generation == "2" or claim.code == "KLL121")
    if autograph and claim.code in _CONTROL_FLOW:
        for mark in sorted(marked, key=lambda mark: -mark):
            if line in whole(example.statement(mark)):
                return mark
        if claim.code in _LOST_LATER and line in example.function(claim.line):
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
    autograph = False
    while True:
        steps = Steps(framework, frozenset(replayed))
        module = example.load(steps, replayed) if replayed else example.load()
        cls = getattr(module, claim.class_name)
        if autograph:
            cls.call = framework.tf.function(cls.call)
        layer = plan.make(cls)
        if not autograph:
            try:
                plan.run(framework, layer)
            except Exception as error:
                if blamed(example, claim, error, traced=False) is None:
                    raise Unproved(f"in eager mode, with lines {sorted(replayed)} replaced: {brief(error)}") from error
        steps.rewind()
        try:
            model = traced(example, plan, plan.make(cls))
        except Exception as error:
            mark = blamed(example, claim, error)
            if mark == claim.line:
                claim.check_error(error)
                return f"traced: {brief(error)}, line {example.line_of(error)}"
            if mark is None or mark in replayed:
                raise Unproved(f"traced, line {example.line_of(error)}: {brief(error)}") from error
            if claim.code == "KLL121" and not autograph:
                autograph = True  # in Keras 3 the loop is the first fault; converted, the list is the next
            else:
                replayed.add(mark)
            continue
        return _differs(example, claim, plan, model)


def _differs(example: Example, claim: Claim, plan: Plan, model: Any) -> str:
    framework = example.framework
    layer = model.layers[-1]
    eager = framework.values(plan.run(framework, layer))
    try:
        values = framework.values(model.predict_on_batch(plan.arrays()))
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
    runs = []
    for _ in range(2):
        before = steps.runs[claim.line]
        plan.run(framework, layer)
        runs.append(steps.runs[claim.line] - before)
    model = traced(example, plan, plan.make(cls))
    model.predict_on_batch(plan.arrays())
    when_traced = steps.runs[claim.line]
    for _ in range(3):
        model.predict_on_batch(plan.arrays())
    if runs[1] < 1 or when_traced == sum(runs):
        raise Unproved(f"the line ran {runs} times in eager mode, {when_traced - sum(runs)} times while tracing")
    if steps.runs[claim.line] != when_traced:
        raise Unproved("the line ran again in the traced layer")
    return f"ran {when_traced - sum(runs)} times while tracing, never in 3 later batches"


def working_plan(example: Example, cls: Any, given: dict[str, Any] | None = None) -> Plan:
    tried = []
    for plan in plans(example.framework, cls, given):
        try:
            example.framework.values(plan.run(example.framework, plan.make(cls)))
            traced(example, plan, plan.make(cls))
        except Exception as error:  # noqa: PERF203
            tried.append(f"{plan}: {brief(error)}")
        else:
            return plan
    raise Unproved("could not be called:\n" + "\n".join([*tried[:3], "...", *tried[-3:]]))
