"""The layers that an attribute holds, and what hides them from Keras."""

from __future__ import annotations

import pytest

from keras_layer_lint.values.attribute_events import AttributeStored
from keras_layer_lint.values.held_layers import layers_held
from tests.subjects import analysis

GATE = """
    import collections

    class Gate(layers.Layer):
        def __init__(self):
            super().__init__()
            dense = layers.Dense(1)
            project = lambda x: dense(x)
            self.kept = {value}
"""


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("layers.Dense(1)", [(0, None)]),
        ("[layers.Dense(1), layers.Dense(2)]", [(1, None), (1, None)]),
        ("[[layers.Dense(1)]]", [(2, None)]),
        ("{'a': layers.Dense(1)}", [(1, None)]),
        ("{layers.Dense(1)}", [(1, "set")]),
        ("collections.deque([layers.Dense(1)])", [(1, "deque")]),
        ("np.array([layers.Dense(1)])", [(1, "array")]),
        ("project", [(1, "function")]),
        ("1", []),
        ("[]", []),
    ],
)
def test_layers_held(value: str, expected: list[tuple[int, str | None]]) -> None:
    (event,) = analysis(GATE.format(value=value)).events(AttributeStored, "__init__")
    assert [(depth, hider) for _, depth, hider in layers_held(event.value)] == expected
