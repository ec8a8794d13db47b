"""KLL306: when `**kwargs` can be taken without a change of what there is."""

from __future__ import annotations

import pytest

from keras_layer_lint import Settings
from keras_layer_lint.fixes.engine import fix_source

LAYER = """\
import keras


class Gate(keras.layers.Layer):
    def __init__({parameters}):
        {call}
        self.size = size

    def call(self, inputs):
        return inputs

    def get_config(self):
        return {{**super().get_config(), "size": self.size}}
"""


SET_NAME, SET_TRAINABLE = 'kwargs.setdefault("name", "a")', 'kwargs.setdefault("trainable", False)'


@pytest.mark.parametrize(
    ("parameters", "call", "new_parameters", "new_call", "is_safe"),
    [
        ("self, size", "super().__init__()", "self, size, **kwargs", "super().__init__(**kwargs)", True),
        (
            "self, size=(1 + 2), ",
            "super().__init__()",
            "self, size=(1 + 2), **kwargs ",
            "super().__init__(**kwargs)",
            True,
        ),
        (
            "self, size, name=None",
            "super().__init__(name=name)",
            "self, size, name=None, **kwargs",
            "super().__init__(name=name, **kwargs)",
            True,
        ),
        (
            "self, size, name=None",
            "super().__init__()",
            "self, size, name=None, **kwargs",
            "super().__init__(name=name, **kwargs)",
            False,
        ),
        (
            "self, size",
            'super().__init__(name="a", trainable=False)',
            "self, size, **kwargs",
            f"{SET_NAME}\n        {SET_TRAINABLE}\n        super().__init__(**kwargs)",
            True,
        ),
        ("self, size, **options", "super().__init__()", "self, size, **options", "super().__init__(**options)", False),
        ("self, size # why\n    ", "super().__init__()", "self, size # why\n    ", "super().__init__()", False),
    ],
)
def test_taken_and_passed_on(parameters: str, call: str, new_parameters: str, new_call: str, is_safe: bool) -> None:
    source = LAYER.format(parameters=parameters, call=call)
    wanted = LAYER.format(parameters=new_parameters, call=new_call)
    settings = Settings(keras=("3",))
    assert fix_source(source, "layers.py", settings, unsafe=True) == wanted
    assert (fix_source(source, "layers.py", settings) == source) == (not is_safe)


@pytest.mark.parametrize(
    ("call", "new_call"),
    [
        (
            "super().__init__(\n            name=name,\n        )",
            "super().__init__(\n            name=name,\n            **kwargs,\n        )",
        ),
        (
            "super().__init__(\n            name=name\n        )",
            "super().__init__(\n            name=name, **kwargs\n        )",
        ),
        ("super().__init__(\n            name=name)", "super().__init__(\n            name=name, **kwargs)"),
    ],
)
def test_the_lines_of_a_call_stay(call: str, new_call: str) -> None:
    source = LAYER.format(parameters="self, size, name=None", call=call)
    wanted = LAYER.format(parameters="self, size, name=None, **kwargs", call=new_call)
    assert fix_source(source, "layers.py", Settings(keras=("3",))) == wanted
