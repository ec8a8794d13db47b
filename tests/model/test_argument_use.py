"""What a method does with one of its arguments."""

from __future__ import annotations

import libcst as cst
import pytest

from keras_layer_lint.model import syntax
from keras_layer_lint.model.argument_use import handed_on, uses_argument
from tests.subjects import layer_class

GATE = """
    class Gate(layers.Layer):
        def call(self, x, training=None):
            {call}

        def uses(self, x, flag=None):
            return x if flag else 2 * x

        def ignores(self, x, flag=None):
            del flag
            return x

        @staticmethod
        def static(x, flag=None):
            return x

        @tf.function
        def decorated(self, x, flag=None):
            return x

        def again(self, x, flag=None):
            return self.again(x, flag)
"""


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("return x if training else 2 * x", True),
        ("return x", False),
        ("del training; return x", False),
        ("training = 1; return x", False),
        ("return self.uses(x, training)", True),
        ("return self.ignores(x, training)", False),
        ("return self.ignores(x, flag=training)", False),
        ("return self.ignores(*[x], training)", True),
        ("return self.ignores(x, training) if training else x", True),
        ("return self.decorated(x, training)", True),
        ("return self.again(x, training)", False),
        ("return self.unknown(x, training)", True),
        ("return layers.Dropout(0.5)(x, training=training)", True),
    ],
)
def test_uses_argument(call: str, expected: bool) -> None:
    layer = layer_class(GATE.format(call=call))
    method = layer.method("call")
    assert method is not None
    assert uses_argument(layer, layer.ref, method, "training") is expected


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("self.uses(a, b)", {"a": "x", "b": "flag"}),
        ("self.uses(a, flag=b)", {"a": "x", "b": "flag"}),
        ("self.uses(a, other=b)", {"a": "x"}),
        ("self.uses(*a, b)", {}),
        ("self.uses(*a, flag=b)", {"b": "flag"}),
        ("self.uses(a, **b)", {"a": "x"}),
        ("self.uses(a, b, c)", {"a": "x", "b": "flag"}),
        ("self.static(a, b)", {"a": "x", "b": "flag"}),
    ],
)
def test_handed_on(call: str, expected: dict[str, str]) -> None:
    layer = layer_class(GATE.format(call="return x"))
    node = cst.parse_expression(call)
    assert isinstance(node, cst.Call)
    method = layer.method(str(syntax.self_attribute(node.func)))
    assert method is not None
    assert {syntax.source(arg.value): parameter for arg, parameter in handed_on(node, method)} == expected
