"""Methods that do not take what Keras hands to them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

import libcst as cst

from benchmarks.seeding.registry import Asked, Edited, Planting, Seed, operator
from benchmarks.seeding.source import (
    code_of,
    method,
    prepended,
    statements,
    with_methods,
    without_parameter,
)
from benchmarks.seeding.subjects import Subject
from keras_layer_lint.expectation import expects
from keras_layer_lint.keras.handed_over import OF_COMPILED_METRICS


def _without_name(function: cst.FunctionDef, name: str) -> cst.FunctionDef:
    """A function without a parameter, which is None in it."""
    return prepended(without_parameter(function, name), statements(f"{name} = None"))


def _refused(method_name: str, *kinds: str, source: str, generations: str = "23") -> Callable[[Planting], Planting]:
    """Register what makes a method of these kinds of objects refuse an argument that Keras gives to it."""
    return operator(
        "KLL222",
        generations,
        source=source,
        kinds=kinds,
        on_class=True,
        places=("class",),
        asked=Asked(expects=expects(errors=("TypeError",)), method=method_name),
    )


def _with_one_more(subject: Subject, name: str, more: str) -> Iterable[Seed]:
    function = method(subject.source.node, name)
    if (
        function is not None
        and function.params.star_kwarg is None
        and all(each.default is None for each in function.params.params)
    ):
        given = [*function.params.params, cst.Param(cst.Name(more))]
        made = function.with_changes(params=function.params.with_changes(params=given))
        yield Edited(node=with_methods(subject.source.node, made))


@_refused("update_state", "metric", source="update_state without sample_weight")
def metric_without_weights(subject: Subject) -> Iterable[Seed]:
    function = method(subject.source.node, "update_state")
    if function is None or function.params.star_kwarg is not None:
        return
    _, *given = [each.name.value for each in function.params.params]
    # What takes values, and no labels, is updated by hand, where nobody has to give weights.
    if tuple(given[:2]) == OF_COMPILED_METRICS and "sample_weight" in given:
        yield Edited(node=with_methods(subject.source.node, _without_name(function, "sample_weight")))


@_refused("call", "loss", source="a loss that wants the weights of samples")
def loss_with_weights(subject: Subject) -> Iterable[Seed]:
    yield from _with_one_more(subject, "call", "sample_weight")


@_refused("__call__", "initializer", source="an initializer that takes no dtype")
def initializer_without_dtype(subject: Subject) -> Iterable[Seed]:
    function = method(subject.source.node, "__call__")
    if function is not None and "dtype" in [each.name.value for each in function.params.params]:
        made = _without_name(function, "dtype")
        made = made.with_changes(params=made.params.with_changes(star_kwarg=None))
        if not re.search(r"\bkwargs\b", code_of(made)):
            yield Edited(node=with_methods(subject.source.node, made))


@_refused("__call__", "schedule", source="a schedule that wants the epoch, too")
def schedule_with_epoch(subject: Subject) -> Iterable[Seed]:
    yield from _with_one_more(subject, "__call__", "epoch")


@_refused("__call__", "regularizer", "constraint", source="a regularizer that wants the step, too")
def regularizer_with_step(subject: Subject) -> Iterable[Seed]:
    yield from _with_one_more(subject, "__call__", "step")


@_refused("update_step", "optimizer", source="update_step of Keras 2", generations="3")
def update_step_of_keras_2(subject: Subject) -> Iterable[Seed]:
    function = method(subject.source.node, "update_step")
    if function is not None and "learning_rate" in [each.name.value for each in function.params.params]:
        made = without_parameter(function, "learning_rate")
        rate = statements("learning_rate = self.learning_rate")
        yield Edited(node=with_methods(subject.source.node, prepended(made, rate)))
