"""Values that code has given to a layer, as text that makes them again."""

from __future__ import annotations

import enum
import sys
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pytest

from keras_layer_lint.confirm.planning.inputs import parse
from keras_layer_lint.confirm.planning.made import Settings
from keras_layer_lint.confirm.planning.spelling import CannotSpell, Spelling, inputs_of
from tests.confirm.planning.fake_keras import Dense, Layer

np: Any = pytest.importorskip("numpy")


class Pace(enum.Enum):
    SLOW = 1


@dataclass
class Sizes:
    width: int
    pace: Pace = Pace.SLOW


class Plain:
    def __init__(self, width: int) -> None:
        self.width = width


class Computed:
    def __init__(self, width: int) -> None:
        self.double = 2 * width


class Part(Layer):
    def __init__(self, units: int, name: str | None = None) -> None:
        super().__init__(name)
        self._auto_config = SimpleNamespace(config={"units": units, "name": name})


class Symbolic:
    pass


def swish(features: Any) -> Any:
    return features


swish.__module__ = "tensorflow.python.ops.nn_impl"


class Fake:
    np = np
    tf: Any = None
    keras = SimpleNamespace(
        **{name: SimpleNamespace() for name in ("models", "initializers", "regularizers", "constraints")},
        **{name: SimpleNamespace() for name in ("activations", "losses", "metrics")},
        layers=SimpleNamespace(Dense=Dense),
    )

    def is_symbolic(self, value: Any) -> bool:
        return isinstance(value, Symbolic)

    def is_tensor(self, value: Any) -> bool:
        return False

    def is_its_own(self, cls: type) -> bool:
        return False


SPELLING = Spelling(Fake(), sys.modules[__name__])


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        3,
        0.5,
        "a",
        [1, (2,)],
        {"a": [0.5]},
        Pace.SLOW,
        Sizes(4),
        np.array([[1, 2]], "int64"),
        np.float32(0.5),
        Dense,
        int,
        float("inf"),
    ],
)
def test_what_is_spelled_is_made_again(value: Any) -> None:
    made = eval(SPELLING.value(value), {**globals(), "keras": Fake.keras})
    assert np.array_equal(made, value) if isinstance(value, np.ndarray) else made == value


def test_objects_are_made_of_what_they_keep() -> None:
    assert SPELLING.value(Plain(4)) == "Plain(width=4)"
    text = SPELLING.value(Computed(4))
    assert eval(text, {"klint": SimpleNamespace(Settings=Settings)}) == Settings(double=8)
    assert SPELLING.value(Part(4, name="part")) == "Part(units=4)"


@pytest.mark.parametrize("value", [Symbolic(), object(), lambda: 0, np.array([None]), list(range(100))])
def test_what_no_text_makes_again_is_not_spelled(value: Any) -> None:
    with pytest.raises(CannotSpell):
        SPELLING.value(value)


def test_inputs_are_tensors_of_the_same_shape() -> None:
    table = np.array([[0, 4], [2, 1]], "int32")
    inputs = inputs_of(Fake(), (np.ones((2, 3), "float32"), {"a": [table, 1]}), {"mask": None, "training": True})
    assert str(inputs) == "float32[2,3], {'a': [int32[2,2] < 5, 1]}, training=True"
    assert parse(str(inputs)) == inputs


def test_an_axis_that_is_not_known_has_the_usual_size() -> None:
    tensor = SimpleNamespace(shape=(None, None, 7), dtype="float32")
    assert str(inputs_of(Fake(), (tensor,), {})) == "float32[5,4,7]"
    with pytest.raises(CannotSpell):
        inputs_of(Fake(), (SimpleNamespace(shape=None, dtype="float32"),), {})


def test_functions_of_tensorflow_have_their_public_names() -> None:
    fake = Fake()
    fake.tf = SimpleNamespace(nn=SimpleNamespace(swish=swish), math=SimpleNamespace(), image=SimpleNamespace())
    assert Spelling(fake, sys.modules["enum"]).value(swish) == "tf.nn.swish"
