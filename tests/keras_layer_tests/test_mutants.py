"""Faults that are put into layers of Keras, as trees: nothing is imported."""

from __future__ import annotations

import ast
import importlib.util

import pytest

from benchmarks.keras_layer_tests.mutants import SOUND, mutants, sound
from benchmarks.keras_layer_tests.operators import OPERATORS
from benchmarks.keras_layer_tests.ports import PORTS, Port

NEEDS_KERAS = pytest.mark.skipif(importlib.util.find_spec("keras") is None, reason="needs the source of keras")
VARIED = ("Dense", "Dropout", "MultiHeadAttention", "Bidirectional")
"""Which have all that operators look for."""

LAYER = """\
class Layer(Base):
    def __init__(self, units):
        self.units = units

    def build(self, input_shape):
        self.kernel = self.add_weight(shape=(3,), regularizer="l2")
        self.bias = self.add_weight(shape=(3,))
        self.inner.build(input_shape)

    def call(self, inputs, training=None):
        def inner():
            return 1

        return ops.matmul(inputs, self.kernel)

    def get_config(self):
        return {**super().get_config(), "units": self.units, "rate": 0.5}
"""


def port(name: str) -> Port:
    return next(each for each in PORTS if each.name == name)


def made(operator: str) -> list[str]:
    trees = [make() for make in OPERATORS[operator](ast.parse(LAYER), 2)]
    return [ast.unparse(ast.fix_missing_locations(tree)) for tree in trees]


def differences(operator: str) -> list[list[str]]:
    """The lines of each mutant that are new."""
    before = ast.unparse(ast.parse(LAYER)).splitlines()
    return [[line.strip() for line in text.splitlines() if line not in before] for text in made(operator)]


@pytest.mark.parametrize(
    ("operator", "lines"),
    [
        ("config_key_dropped", [
            ["return {**super().get_config(), 'rate': 0.5}"],
            ["return {**super().get_config(), 'units': self.units}"],
        ]),
        ("config_value_wrong", [
            ["return {**super().get_config(), 'units': slips.other(self.units), 'rate': 0.5}"],
            ["return {**super().get_config(), 'units': self.units, 'rate': slips.other(0.5)}"],
        ]),
        ("weight_not_trained", [
            ["self.kernel = self.add_weight(shape=(3,), regularizer='l2', trainable=False)"],
            ["self.bias = self.add_weight(shape=(3,), trainable=False)"],
        ]),
        ("weight_not_tracked", [
            ["_ = object.__setattr__(self, 'kernel', slips.untracked(self, shape=(3,), regularizer='l2'))"],
            ["_ = object.__setattr__(self, 'bias', slips.untracked(self, shape=(3,)))"],
        ]),
        ("gradient_stopped", [["return ops.matmul(inputs, slips.ops.stop_gradient(self.kernel))"]]),
        ("numpy_in_call", [["return slips.through_numpy(ops.matmul(inputs, self.kernel))"]]),
        ("batch_size_fixed", [["return slips.of_batch(ops.matmul(inputs, self.kernel), 2)"]]),
        ("sublayer_not_built", [["None"]]),
        ("training_ignored", [["training = False"]]),
        ("mask_ignored", []),
        ("weights_not_loaded", [["def load_own_variables(self, store):", "pass"]]),
    ],
)  # fmt: skip
def test_operator(operator: str, lines: list[list[str]]) -> None:
    assert differences(operator) == lines


@NEEDS_KERAS
@pytest.mark.slow
def test_each_operator_finds_a_place_in_layers_of_keras() -> None:
    used = set()
    for name in VARIED:
        every = list(mutants(port(name), seed=1))
        assert every[0].operator == SOUND
        assert len({mutant.text for mutant in every}) == len(every)
        used |= {mutant.operator for mutant in every}
    assert used == {SOUND, *OPERATORS}


@NEEDS_KERAS
@pytest.mark.slow
def test_the_seed_decides() -> None:
    def texts(seed: int) -> list[str]:
        return [mutant.text for mutant in mutants(port("Dense"), seed, ["config_key_dropped"])]

    assert texts(1) == texts(1)
    assert len({texts(seed)[1] for seed in range(8)}) > 1


@NEEDS_KERAS
@pytest.mark.parametrize("each", PORTS, ids=lambda each: each.name)
def test_a_port_is_a_module_of_its_own(each: Port) -> None:
    tree = sound(each)
    last = tree.body[-1]
    assert isinstance(last, ast.ClassDef)
    assert last.name == each.class_name
    assert [ast.unparse(one) for one in last.decorator_list][:1] == [
        "keras.saving.register_keras_serializable('ported')"
    ]
    ast.parse(f"f({each.arguments})")


def test_there_are_enough_layers() -> None:
    assert len({each.class_name for each in PORTS}) >= 25
    assert len({each.name for each in PORTS}) == len(PORTS)


def test_shapes_as_the_private_test_case_takes_them() -> None:
    assert port("Dense").keras_shapes == ((2, 3), "float32")
    assert port("Attention").keras_shapes == ([(2, 3, 4), (2, 4, 4)], ["float32", "float32"])
    assert port("MultiHeadAttention").keras_shapes[0] == {"query_shape": (2, 8, 16), "value_shape": (2, 4, 16)}
