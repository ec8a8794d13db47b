"""Code of a project that is run to see how it makes and calls objects of a class."""

from __future__ import annotations

import sys
import types
import unittest
from typing import Any

import pytest

from keras_layer_lint.confirm.planning.watching import seen
from keras_layer_lint.confirm.probe import FoundCall, User, UserKind
from tests.confirm.planning.fake_keras import Fake, Layer

np: Any = pytest.importorskip("numpy")


class Watched(Fake):
    np = np
    keras = types.SimpleNamespace(
        **vars(Fake.keras),
        models=None,
        initializers=None,
        regularizers=None,
        constraints=None,
        losses=None,
        metrics=None,
    )

    def is_symbolic(self, value: Any) -> bool:
        return False

    def is_tensor(self, value: Any) -> bool:
        return False

    def is_its_own(self, cls: type) -> bool:
        return False


class Gate(Layer):
    def __init__(self, sizes: Any, *, mode: str, name: str | None = None) -> None:
        super().__init__(name)
        if sizes != {"a": [3]} or mode != "odd":
            raise ValueError("unusual")

    def call(self, inputs: Any) -> Any:
        return inputs


def build(units: int) -> Any:
    return Gate({"a": [3]}, mode="odd", name="gate")(np.ones((2, units), "float32"))


def breaks() -> Any:
    build(3)
    raise SystemExit


class Net(Layer):
    def __init__(self, units: int) -> None:
        super().__init__()
        self.gate = Gate({"a": [3]}, mode="odd")

    def call(self, inputs: Any) -> Any:
        return self.gate(inputs)


class GateTest(unittest.TestCase):
    def setUp(self) -> None:
        self.gate = Gate({"a": [3]}, mode="odd")

    def case_of_gate(self) -> None:
        self.gate(np.ones((2, 7), "float32"))


class TestsOfGate:
    def setup_method(self) -> None:
        self.sizes = {"a": [3]}

    @pytest.mark.parametrize(("mode", "width"), [pytest.param("odd", 7), ("even", 3)])
    @pytest.mark.parametrize("steps", [2, 4])
    def case(self, mode: str, width: int, steps: int) -> None:
        Gate(self.sizes, mode=mode)(np.ones((steps, width), "float32"))


def case_that_is_skipped() -> None:
    build(7)
    pytest.skip("not here")


def calls(*names: tuple[str, UserKind]) -> tuple[FoundCall, ...]:
    told: list[tuple[FoundCall, ...]] = []
    users = [User(module=__name__, name=name, root=sys.path[0], kind=kind) for name, kind in names]
    seen(Gate, users, Watched(), told.append)
    return told[-1]


@pytest.mark.parametrize(
    ("name", "kind", "inputs"),
    [
        ("build", "function", "float32[2,8]"),
        ("breaks", "function", "float32[2,3]"),
        ("Net", "class", "float32[5,8]"),
        ("GateTest.case_of_gate", "test", "float32[2,7]"),
        ("TestsOfGate.case", "test", "float32[2,7]"),
        ("case_that_is_skipped", "test", "float32[2,7]"),
    ],
)
def test_what_a_user_gives_is_seen(name: str, kind: UserKind, inputs: str) -> None:
    found = calls((name, kind))
    arguments = "sizes={'a': [3]}, mode='odd'"
    place = f"{__name__}.{name}"
    assert found[0] == FoundCall(arguments=arguments, place=place, inputs=inputs, is_made_up=kind != "test")


def test_the_class_is_as_it_was_afterwards() -> None:
    before = dict(vars(Gate))
    calls(("build", "function"), ("missing", "function"))
    assert dict(vars(Gate)) == before


def test_nothing_more_is_run_once_it_was_seen_to_work() -> None:
    assert len(calls(("case_that_is_skipped", "test"), ("build", "function"))) == 1
