from __future__ import annotations

import pytest

from tests.checks.cases import messages

CODE = "KLL124"


def layer(body: str) -> str:
    lines = "\n".join(f"        {line}" for line in body.splitlines())
    return f"""
class Subject(layers.Layer):
    def build(self, input_shape):
        self.w = self.add_weight(name="w", shape=(4,))
        self.sizes = [1, 2]
        super().build(input_shape)

    def call(self, inputs, states):
        y = tf.exp(inputs)
{lines}
        return y
"""


@pytest.mark.parametrize("keras", ["2", "3"])
@pytest.mark.parametrize(
    ("line", "form"),
    [
        ("y[0] = 1.0", "y[0] = ..."),
        ("y[:, 0] = inputs[:, 1]", "y[:, 0] = ..."),
        ("y[0] += 1.0", "y[0] += ..."),
        ("y[..., -1] *= 2.0", "y[..., -1] *= ..."),
        ("del y[0]", "del y[0]"),
        ("self.w[0] = 1.0", "self.w[0] = ..."),
    ],
)
def test_reported(line: str, form: str, keras: str) -> None:
    (message,) = messages(CODE, layer(f"{line}  # KLL124"), keras)
    assert message.startswith(f"error: `{form}` on a tensor: ")
    assert message.endswith("; tensors are immutable: TypeError, also when run eagerly")


@pytest.mark.parametrize("keras", ["2", "3"])
@pytest.mark.parametrize(
    "body",
    [
        "y += 1.0",
        "parts = tf.unstack(y, axis=1)\nparts[0] = y[:, 0]\ndel parts[1]",
        "parts = {'y': y}\nparts['y'] = y * 2.0\nparts['y'] += 1.0\ndel parts['y']",
        "parts = [y, y]\nparts[0] += 1.0",
        "states[0] = y",
        "self.sizes[0] = 3",
        "self.w[0].assign(1.0)",
        "shape = y.shape.as_list()\nshape[0] = -1",
        "if isinstance(states, dict):\n    states['y'] = y",
    ],
)
def test_silent(body: str, keras: str) -> None:
    assert messages(CODE, layer(body), keras) == []
