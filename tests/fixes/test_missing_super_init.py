"""KLL204: what `super(...)` names is written anew only where no `__init__` of a base runs for it."""

import pytest

from keras_layer_lint import Settings, fix_source

BASE = """\
import keras


class Base(keras.layers.Layer):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.size = 2


class Gain({base}):
    def __init__(self, **kwargs):
        {first}
        {second}
"""
WEIGHT = 'self.gain = self.add_weight(name="gain", shape=(), initializer="ones")'


SIZE, PROPER = "self.size = 2", "super().__init__(**kwargs)"
BEHIND, ITSELF = "super(Base, self).__init__(**kwargs)", "super(Gain, self).__init__(**kwargs)"


@pytest.mark.parametrize(
    ("base", "before", "after"),
    [
        ("Base", (WEIGHT, BEHIND), (WEIGHT, BEHIND)),  # skipped on purpose: the call is too late, and right
        ("Base", (WEIGHT, ITSELF), (WEIGHT, ITSELF)),
        ("keras.Model", ("super(keras.Model, self).__init__(**kwargs)", SIZE), (PROPER, SIZE)),
        ("keras.layers.Layer", ("super(Gain).__init__(**kwargs)", SIZE), (PROPER, SIZE)),
    ],
)
def test_the_call_of_the_base(base: str, before: tuple[str, str], after: tuple[str, str]) -> None:
    def source(lines: tuple[str, str]) -> str:
        return BASE.format(base=base, first=lines[0], second=lines[1])

    settings = Settings(keras=("3",), select=("KLL204",))
    assert fix_source(source(before), "layers.py", settings) == source(after)
