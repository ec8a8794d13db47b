"""What is run to see whether the claim of a marked line comes true: an oracle for each code."""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType, ModuleType
from typing import Any

from tests.proof.claim import Claim, Unproved, WrongError, brief
from tests.proof.example import Example, Steps, header, whole
from tests.proof.framework import Values, same
from tests.proof.plans import Plan, init_parameters, others, plans
from tests.proof.saving import round_trip, save_and_load

Oracle = Callable[[Example, Claim], str]
"""Returns what was seen, or raises `Unproved`."""

_TRACED_PLANS = 16


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
    if traced and (example.framework.generation == "2" or claim.code == "KLL121"):
        # AutoGraph fails at the statement it cannot convert, or where what it has lost is used.
        for mark in sorted(marked, key=lambda mark: -mark):
            if line in whole(example.statement(mark)):
                return mark
        if line in example.function(claim.line):
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
        except Exception as error:
            tried.append(f"{plan}: {brief(error)}")
        else:
            return plan
    raise Unproved("could not be called:\n" + "\n".join(tried[:6]))


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
    base.build = lambda self, *shapes: (reached.append(self), base_build(self, *shapes))[1]
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
            continue
        line = example.line_of(error)
        seen.append(f"{plan}: {brief(error)}")
        if isinstance(statement, ast.FunctionDef):
            original, layer_class = cls.__init__, example.framework.keras.layers.Layer

            def initialised(self: Any, *arguments: Any, **keywords: Any) -> None:
                layer_class.__init__(self)
                original(self, *arguments, **keywords)

            cls.__init__ = initialised
            repaired = _life(example, plan, cls)
            cls.__init__ = original
            if repaired is not None:
                continue
        elif line is None or line not in header(statement):
            continue
        claim.check_error(error)
        return brief(error)
    raise Unproved("\n".join(seen[:6]) or "nothing raises")


def _life(example: Example, plan: Plan, cls: Any) -> Exception | None:
    try:
        layer = plan.make(cls)
        plan.run(example.framework, layer)
        traced(example, plan, plan.make(cls))
        layer.get_config()
    except Exception as error:
        return error
    return None


def reload(example: Example, claim: Claim) -> str:
    """KLL3xx: saving and loading raises; or what the message names comes back as its default; or it all works."""
    return {"error": _reload_raises, "warning": _reload_loses, "note": _reload_works}[claim.severity](example, claim)


def _reload_raises(example: Example, claim: Claim) -> str:
    module = example.load()
    cls = getattr(module, claim.class_name)
    seen = []
    for given in _optional(example, cls):
        plan = working_plan(example, cls, given)
        phase, error, _, _ = save_and_load(example, module, plan, cls)
        if error is None:
            seen.append(f"saved and loaded without an error; {plan}")
            continue
        claim.check_error(error)
        names = [name for name in claim.names() if name != claim.class_name]
        if claim.code in {"KLL302", "KLL303", "KLL306"} and not any(name in str(error) for name in names):
            raise Unproved(f"{phase}: {brief(error)}, which names none of {names}")
        return f"{phase}: {brief(error)}; {plan}"
    raise Unproved("\n".join(seen))


def _optional(example: Example, cls: Any) -> Iterator[dict[str, Any]]:
    """The defaults; other values; and false ones, for a path that only they take."""
    yield {}
    more = others(example.framework, cls)
    if more:
        yield more
        yield {name: type(value)(0) for name, value in more.items() if isinstance(value, (int, float))}


def _reload_loses(example: Example, claim: Claim) -> str:
    module = example.load()
    cls = getattr(module, claim.class_name)
    seen = []
    for name in claim.names():
        if name in {"name", "trainable", "dtype"}:
            seen.append(_loses_of_every_layer(example, module, cls, name))
        elif any(name in init_parameters(base) for base in cls.__mro__ if "__init__" in vars(base)):
            seen.append(_loses_argument(example, claim, module, cls, name))
    if not seen:
        raise Unproved(f"the message names no argument: {claim.message}")
    return "; ".join(seen)


def _loses_of_every_layer(example: Example, module: ModuleType, cls: Any, name: str) -> str:
    given = {"name": "given_name", "trainable": False, "dtype": "float64"}[name]
    plan = next(plans(example.framework, cls))
    loaded = round_trip(example, module, plan.make(cls, **{name: given}))
    if getattr(loaded, name) == given:
        raise Unproved(f"{name}={given!r} was kept")
    return f"{name}={given!r} came back as {getattr(loaded, name)!r}"


def _loses_argument(example: Example, claim: Claim, module: ModuleType, cls: Any, name: str) -> str:
    owner = next(base for base in cls.__mro__ if "__init__" in vars(base) and name in init_parameters(base))
    default = init_parameters(owner)[name].default
    if default is init_parameters(owner)[name].empty:
        return f"{name} is required"
    given = others(example.framework, owner)[name]
    plan = working_plan(example, cls, {name: given})
    received: list[Any] = []

    def profile(frame: FrameType, event: str, argument: object) -> None:
        if event == "call" and frame.f_code is owner.__init__.__code__:
            received.append(frame.f_locals[name])

    phase, error, _, _ = save_and_load(example, module, plan, cls, profile)
    if error is not None:
        claim.check_error(error)
        return f"given {name}, {phase}: {brief(error)}"
    if not received or received[-1] != default:
        raise Unproved(f"{name}={given!r} was loaded as {received}, its default is {default!r}")
    return f"{name}={given!r} was loaded as {default!r}"


def _reload_works(example: Example, claim: Claim) -> str:
    module = example.load()
    cls = getattr(module, claim.class_name)
    plan = working_plan(example, cls, others(example.framework, cls))
    if claim.code == "KLL301":
        if any("get_config" in vars(base) for base in cls.__mro__ if base.__module__ == module.__name__):
            raise Unproved("has a get_config")
        config = plan.make(cls).get_config()
        if any(config[name] != value for name, value in plan.arguments):
            raise Unproved(f"the automatic get_config does not hold the arguments of {plan}: {config}")
        if len(example.marked & set(whole(example.statement(claim.line)))) > 1:
            return f"the automatic get_config holds the arguments; another fault is marked; {plan}"
    phase, error, model, loaded = save_and_load(example, module, plan, cls)
    if error is not None:
        raise Unproved(f"{phase}: {brief(error)}")
    values = [example.framework.values(each.predict_on_batch(plan.arrays())) for each in (model, loaded)]
    if not same(*values):
        raise Unproved("the loaded layer computes something else")
    if claim.code == "KLL306":
        try:
            plan.make(cls, name="given_name")
        except TypeError as error:
            return f"loaded, but takes no name: {brief(error)}"
        raise Unproved("takes a name")
    return f"saved and loaded with the same outputs; {plan}"


ORACLES: dict[str, Oracle] = {
    "KLL101": graph,
    "KLL102": graph,
    "KLL103": graph,
    "KLL104": graph,
    "KLL111": graph,
    "KLL112": graph,
    "KLL113": graph,
    "KLL121": graph,
    "KLL122": purity,
    "KLL201": weights_before_input,
    "KLL202": missing_super_build,
    "KLL203": lifecycle,
    "KLL204": lifecycle,
    "KLL301": reload,
    "KLL302": reload,
    "KLL303": reload,
    "KLL304": reload,
    "KLL305": reload,
    "KLL306": reload,
}
