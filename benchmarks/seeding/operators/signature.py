"""How `call` is declared and how layers are called; what Keras 3 no longer has."""

from __future__ import annotations

from collections.abc import Iterable

import libcst as cst

from benchmarks.seeding.registry import Asked, Edited, Seed, Snippet, operator
from benchmarks.seeding.source import (
    lines_of,
    method,
    prepended,
    statements,
    with_methods,
    with_statements,
    without_method,
)
from benchmarks.seeding.subjects import Subject
from keras_layer_lint.expectation import NOTHING

_GONE = "code of Keras 2 under Keras 3"
_NO_ATTRIBUTE = "(?i)has no attribute|deprecated|not supported|unexpected keyword|removed"
_OF_LOSSES = ("KLL217",)
"""Losses have had no such method under either generation."""


_HURT = """\
class Noisy($layers.Layer):
    def call(self, inputs, training):
        return inputs * 0.5 if training else inputs
"""


@operator(
    "KLL221", "3", source="a layer whose training has no default, called without", eagerly="missing a required arg"
)
def training_without_default(subject: Subject) -> Iterable[Seed]:
    yield Snippet(before=_HURT, init="self.noisy = Noisy()", call="$x = self.noisy($x)")


@operator("KLL221", "3", source="the same, training by keyword only", eagerly="missing a required arg")
def training_by_keyword(subject: Subject) -> Iterable[Seed]:
    before = _HURT.replace("inputs, training", "inputs, *, training")
    yield Snippet(before=before, init="self.noisy = [Noisy()]", call="$x = self.noisy[0]($x)")


_NO_CALL = "(?i)does not have a `call|unimplemented|infer the output"


@operator("KLL218", source="forward, as PyTorch calls it", on_class=True, eagerly=_NO_CALL)
def forward_for_call(subject: Subject) -> Iterable[Seed]:
    yield from _renamed(subject, "forward")


@operator("KLL218", source="call misspelt", on_class=True, eagerly=_NO_CALL)
def call_misspelt(subject: Subject) -> Iterable[Seed]:
    yield from _renamed(subject, "calls")


@operator("KLL218", source="call indented into __init__", on_class=True, eagerly=_NO_CALL)
def call_within_init(subject: Subject) -> Iterable[Seed]:
    call, init = method(subject.source.node, "call"), method(subject.source.node, "__init__")
    if call is not None and init is not None:
        node = without_method(subject.source.node, "call")
        yield Edited(node=with_methods(node, with_statements(init, [*lines_of(init), call])))


def _renamed(subject: Subject, name: str) -> Iterable[Seed]:
    call = method(subject.source.node, "call")
    if call is not None:
        node = without_method(subject.source.node, "call")
        yield Edited(node=with_methods(node, call.with_changes(name=cst.Name(name))))


@operator("KLL146", source="training=True as the default: on in predict", on_class=True)
def training_by_default(subject: Subject) -> Iterable[Seed]:
    call = method(subject.source.node, "call")
    for given in call.params.params if call is not None else ():
        if given.name.value == "training" and given.default is not None and call is not None:
            yield from _with_parameter(subject, call, given, cst.Name("True"))


def _with_parameter(
    subject: Subject, call: cst.FunctionDef, old: cst.Param, default: cst.BaseExpression | None
) -> Iterable[Seed]:
    equal = cst.MaybeSentinel.DEFAULT if default is None else old.equal
    new = cst.ensure_type(call.deep_replace(old, old.with_changes(default=default, equal=equal)), cst.FunctionDef)
    yield Edited(node=with_methods(subject.source.node, new))


@operator("KLL144", "3", source="masks of list inputs: Keras 3 gives a list of None", eagerly="(?i)none")
def mask_of_first_input(subject: Subject) -> Iterable[Seed]:
    call = method(subject.source.node, "call")
    if call is None or not subject.takes_list or "mask=" in subject.plan.inputs:
        return
    given = call.params.params
    names = [each.name.value for each in given]
    if len(given) < 2 or call.params.star_kwarg is not None:
        return
    first = names[1]
    code = f"if mask is not None:\n    {first} = [each * keep for each, keep in zip({first}, mask)]"
    if "mask" not in names:
        mask = cst.Param(cst.Name("mask"), default=cst.Name("None"))
        call = call.with_changes(params=call.params.with_changes(params=[*given, mask]))
    yield Edited(node=with_methods(subject.source.node, prepended(call, statements(code))))


@operator("KLL145", "3", source="a flag by position to a layer", eagerly="(?i)positional|tensor")
def positional_training(subject: Subject) -> Iterable[Seed]:
    yield Snippet(init="self.noise = $layers.Dropout(0.1)", call="$x = self.noise($x, False)")


@operator("KLL147", "3", source=_GONE, eagerly=_NO_ATTRIBUTE)
def learning_phase(subject: Subject) -> Iterable[Seed]:
    yield Snippet(call="if $keras.backend.learning_phase():\n    $x = $x * 0.5")


@operator("KLL147", "3", source=_GONE, eagerly=_NO_ATTRIBUTE)
def in_train_phase(subject: Subject) -> Iterable[Seed]:
    yield Snippet(call="$x = $keras.backend.in_train_phase($x * 0.5, $x)")


@operator("KLL147", "3", source=_GONE, eagerly=_NO_ATTRIBUTE, also=_OF_LOSSES)
def add_metric(subject: Subject) -> Iterable[Seed]:
    yield Snippet(call='self.add_metric($mean($x), name="level")')


@operator("KLL147", "3", source=_GONE, eagerly=_NO_ATTRIBUTE, also=_OF_LOSSES)
def add_update(subject: Subject) -> Iterable[Seed]:
    yield Snippet(call="self.add_update([])")


@operator("KLL147", "3", source=_GONE, eagerly=_NO_ATTRIBUTE)
def backend_function(subject: Subject) -> Iterable[Seed]:
    yield Snippet(call="$x = $keras.backend.l2_normalize($x, axis=-1)", lowest_rank=1)


@operator("KLL147", "3", source=_GONE, eagerly=_NO_ATTRIBUTE)
def set_value(subject: Subject) -> Iterable[Seed]:
    yield Snippet(
        init='self.level = self.add_weight(name="level", shape=(), initializer="ones", trainable=False)',
        call="$tf.keras.backend.set_value(self.level, 1.0)\n$x = $x * self.level",
    )


@operator(
    "KLL122",
    source="print of a value in call: runs once, when traced",
    places=("call", "alias", "flag", "helper", "chain", "function", "nested"),
    asked=Asked(expects=NOTHING, line="print("),
)
def printed(subject: Subject) -> Iterable[Seed]:
    yield Snippet(call='print("mean", $mean($x))')


_LOGGED = """\
import functools


def logged(function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        return function(*args, **kwargs)

    return wrapper
"""


@operator(
    "KLL223", "3", source="__init__ under a decorator that hides its parameters", on_class=True, eagerly="(?i)index"
)
def init_wrapped(subject: Subject) -> Iterable[Seed]:
    init = method(subject.source.node, "__init__")
    if init is not None and not init.decorators:
        wrapped = init.with_changes(decorators=[cst.Decorator(cst.Name("logged"))])
        yield Edited(node=with_methods(subject.source.node, wrapped), before=_LOGGED)


_GUARDED = """\
@property
def seen_size(self):
    if self._seen_size is None:
        raise ValueError("known once it was called")
    return self._seen_size

@seen_size.setter
def seen_size(self, value):
    self._seen_size = value
"""


@operator("KLL224", "3", source="a property that raises until it is set", eagerly="known once it was called")
def property_guarded(subject: Subject) -> Iterable[Seed]:
    yield Snippet(
        init="self._seen_size = None",
        call="self.seen_size = 2.0\n$x = $x * self.seen_size",
        methods=_GUARDED,
        is_planted_in="methods",
    )
