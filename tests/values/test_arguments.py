"""Which arguments a call gets, as events say it and as a called function sees it."""

from __future__ import annotations

import pytest

from keras_layer_lint.values.call_events import ApiCalled, CallEvent, SuperCall, WeightAdded
from keras_layer_lint.values.events import TensorTest
from keras_layer_lint.values.value import PythonValue, Value
from tests.subjects import analysis

GATE = """
    class Gate(layers.Layer):
        def __init__(self, size, **kwargs):
            {init}

        def call(self, x, options=None):
            {call}
            return x
"""


def gate(call: str = "pass", init: str = "super().__init__(**kwargs)") -> str:
    return GATE.format(init=init, call=call)


def shown(value: Value | None) -> object:
    return value.constant if isinstance(value, PythonValue) else value


@pytest.mark.parametrize(
    ("call", "expected", "is_complete"),
    [
        ("tf.fill(1, 2)", 2, True),
        ("tf.fill(1, value=2)", 2, True),
        ("tf.fill(value=2, dims=1)", 2, True),
        ("tf.fill(1)", None, True),
        ("tf.fill(*(1, 2))", 2, True),
        ("tf.fill(1, *(2, 3))", 2, True),
        ("tf.fill(1, **{'value': 2})", 2, True),
        ("tf.fill(1, **options)", None, False),
        ("tf.fill(*options, 2)", None, False),
        ("tf.fill(1, *options, 2)", None, False),
        ("tf.fill(1, 2, *options)", 2, False),
        ("tf.fill(*options, value=2)", 2, False),
    ],
)
def test_argument_however_it_was_given(call: str, expected: object, is_complete: bool) -> None:
    (event,) = analysis(gate(call)).events(ApiCalled, "call")
    assert shown(event.argument(1, "value")) == expected
    assert event.arguments.are_complete == is_complete


@pytest.mark.parametrize(
    ("init", "kind", "named", "is_complete"),
    [
        ("super().__init__(name='gate', trainable=True)", SuperCall, {"name", "trainable"}, True),
        ("super().__init__(name='gate', **kwargs)", SuperCall, {"name"}, False),
        ("kwargs['dtype'] = 'int8'; super().__init__(**kwargs)", SuperCall, set(), False),
        ("layers.Layer.__init__(self, name='gate')", SuperCall, {"name"}, True),
        ("self.add_weight(shape=(size,), **{'name': 'gate'})", WeightAdded, {"shape", "name"}, True),
        ("self.add_weight(shape=(size,), **kwargs)", WeightAdded, {"shape"}, False),
    ],
)
def test_keywords_are_those_that_the_call_names(
    init: str, kind: type[CallEvent], named: set[str], is_complete: bool
) -> None:
    (event,) = analysis(gate(init=init)).events(kind, "__init__")
    assert set(event.arguments.keywords) == named
    assert event.arguments.positional == ()
    assert event.arguments.are_complete == is_complete


@pytest.mark.parametrize(
    ("call", "tested"),
    [
        ("self.choose(x, 1)", ["if"]),
        ("self.choose(flag=x, other=1)", ["if"]),
        ("self.choose(1, x)", []),
        ("self.choose(*[1, x])", []),
        ("self.choose(*options, x)", []),
        ("self.choose(x, *options)", ["if"]),
    ],
)
def test_what_stands_behind_an_unknown_star_has_no_position(call: str, tested: list[str]) -> None:
    source = gate(f"x.shape; {call}") + "\n        def choose(self, flag, other):\n            if flag: return 1\n"
    assert [event.form for event in analysis(source).events(TensorTest, "call")] == tested


@pytest.mark.parametrize(
    ("init", "written"),
    [
        ("kwargs['dtype'] = 'int8'; super().__init__(**kwargs)", {"dtype"}),
        ("kwargs.update(dtype='int8'); super().__init__(name='gate', **kwargs)", {"dtype"}),
        ("kwargs.setdefault('dtype', 'int8'); super().__init__(**kwargs)", set()),
        ("super().__init__(dtype='int8', **kwargs)", set()),
    ],
)
def test_keywords_that_are_put_into_kwargs(init: str, written: set[str]) -> None:
    (event,) = analysis(gate(init=init)).events(SuperCall, "__init__")
    assert event.arguments.written == written
