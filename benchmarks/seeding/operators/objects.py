"""Losses, metrics and schedules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import libcst as cst
import libcst.matchers as m

from benchmarks.seeding.names import Names
from benchmarks.seeding.registry import Asked, Edited, Seed, operator
from benchmarks.seeding.source import (
    appended,
    code_of,
    functions,
    is_return,
    lines_of,
    method,
    parameters,
    prepended,
    statements,
    with_methods,
    with_statements,
)
from benchmarks.seeding.subjects import Subject
from keras_layer_lint.expectation import expects

_LOSS, _METRIC, _SCHEDULE = ("loss",), ("metric",), ("schedule",)


_NO_GRADIENT = Asked(expects=expects(errors=("ValueError",)))


def _first_in_loss(subject: Subject, code: str) -> Iterable[Seed]:
    """A loss whose `call` begins with code on the prediction, `$p`."""
    call = method(subject.source.node, "call")
    given = parameters(call) if call is not None else []
    if call is None or len(given) < 2:
        return
    names = Names(subject.source, subject.generation, given[1].name.value)
    made = prepended(call, statements(names.fill(code)))
    yield Edited(node=with_methods(subject.source.node, made), imports=tuple(names.imports))


@operator("KLL407", source="rounded predictions", kinds=_LOSS, on_class=True, asked=_NO_GRADIENT)
def rounded_prediction(subject: Subject) -> Iterable[Seed]:
    yield from _first_in_loss(subject, "$x = $round($x)")


@operator("KLL407", source="predictions under a threshold", kinds=_LOSS, on_class=True, asked=_NO_GRADIENT)
def hard_prediction(subject: Subject) -> Iterable[Seed]:
    yield from _first_in_loss(subject, '$x = $cast($x > 0.5, "float32")')


@operator("KLL407", source="a loss of classes", kinds=_LOSS, on_class=True, asked=_NO_GRADIENT)
def loss_of_classes(subject: Subject) -> Iterable[Seed]:
    yield from _first_in_loss(subject, "depth = $x.shape[-1]\n$x = $one_hot($argmax($x, axis=-1), depth)")


_IN_INTEGERS = "(?i)int64|dtype|float|convert|cast"


@operator("KLL402", source="the step is not cast", kinds=_SCHEDULE, eagerly=_IN_INTEGERS, on_class=True)
def step_not_cast(subject: Subject) -> Iterable[Seed]:
    function = method(subject.source.node, "__call__")
    if function is None:
        return
    given = function.params.params[1].name.value
    pattern = m.Call(
        func=m.Attribute(attr=m.Name("cast")) | m.Name("cast"), args=[m.Arg(m.Name(given)), m.ZeroOrMore()]
    )
    for found in m.findall(function, pattern):
        node = subject.source.node.deep_replace(found, cst.Name(given))
        yield Edited(node=cst.ensure_type(node, cst.ClassDef))


def _warmed(subject: Subject, code: str) -> Iterable[Seed]:
    """A schedule whose result is multiplied by `warmup`, which code computes from the step, `$x`."""
    function = method(subject.source.node, "__call__")
    if function is None or not is_return(lines_of(function)[-1]):
        return
    names = Names(subject.source, subject.generation, function.params.params[1].name.value)
    *before, last = lines_of(function)
    value = cst.ensure_type(cst.ensure_type(last, cst.SimpleStatementLine).body[0], cst.Return).value
    assert value is not None
    first = 1 if function.get_docstring() is not None else 0
    body = [
        *before[:first],
        *statements(names.fill(code)),
        *before[first:],
        *statements(f"return ({code_of(value)}) * warmup"),
    ]
    made = with_methods(subject.source.node, with_statements(function, body))
    yield Edited(node=made, imports=tuple(names.imports))


@operator("KLL402", "2", source="a float times the step", kinds=_SCHEDULE, eagerly=_IN_INTEGERS)
def float_times_step(subject: Subject) -> Iterable[Seed]:
    yield from _warmed(subject, "warmup = 1.0 - 0.0001 * $x")


@operator("KLL402", source="the root of the step", kinds=_SCHEDULE, eagerly=_IN_INTEGERS)
def root_of_step(subject: Subject) -> Iterable[Seed]:
    yield from _warmed(subject, "warmup = $tf.math.rsqrt($x + 1)")


@operator("KLL402", source="the smaller of a float and the step", kinds=_SCHEDULE, eagerly=_IN_INTEGERS)
def minimum_of_step(subject: Subject) -> Iterable[Seed]:
    yield from _warmed(subject, "warmup = $tf.minimum(1.0, ($x + 1) * 0.01)")


_RESET = Asked(expects=expects(attribute="smallest"))


def _with_smallest(subject: Subject, start: str, init: str = "") -> Iterator[Seed]:
    """A metric that keeps the smallest prediction as well, and begins with a number."""
    made, update = method(subject.source.node, "__init__"), method(subject.source.node, "update_state")
    old = method(subject.source.node, "reset_state")
    if made is None or update is None or method(subject.source.node, "reset_states") is not None:
        return
    names = Names(subject.source, subject.generation, "")
    weight = names.fill(
        f'self.smallest = self.add_weight(name="smallest", shape=(), initializer=$keras.initializers.Constant({start}))'
    )
    made = appended(made, statements(f"{init}\n{weight}"))
    predicted = parameters(update)[1].name.value if len(parameters(update)) > 1 else ""
    if not predicted:
        return
    update = prepended(
        update, statements(names.fill(f"self.smallest.assign($ops.minimum(self.smallest, $ops.min({predicted})))"))
    )
    (reset,) = functions(f"def reset_states(self):\n    self.smallest.assign({start})\n")
    if old is not None:
        reset = with_statements(reset, [*lines_of(old), *lines_of(reset)])
    body = [each for each in subject.source.node.body.body if each is not old]
    node = subject.source.node.with_changes(body=subject.source.node.body.with_changes(body=body))
    yield Edited(node=with_methods(node, made, update, reset), imports=tuple(names.imports))


@operator("KLL403", "3", source="reset_states of Keras 2", kinds=_METRIC, on_class=True, asked=_RESET)
def reset_states_of_keras_2(subject: Subject) -> Iterable[Seed]:
    yield from _with_smallest(subject, "1e9")


@operator(
    "KLL403",
    "3",
    source="reset_states of Keras 2, to a number that is kept",
    kinds=_METRIC,
    on_class=True,
    asked=_RESET,
)
def reset_states_to_kept_number(subject: Subject) -> Iterable[Seed]:
    yield from _with_smallest(subject, "self.start", "self.start = 100.0")
