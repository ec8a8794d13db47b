"""KLL211: several shapes under names that Keras cannot match with arguments of `call`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.checks.cases import assert_silent, assert_told, found, write

SUBJECT = """\
class Subject({base}):
    def {method}({parameters}):  # here
        pass

    def call({call}):
        return 0


{after}
"""
KERAS_2 = "the first call raises TypeError"
KERAS_3 = "so the first call raises ValueError"

REPORTED = [
    # arguments of the method and of `call`, the method, how the message ends in Keras 2 and in Keras 3
    ("self, query_shape, value_shape", "self, query, value", "build", KERAS_2, ""),
    ("self, a_shape, b_shape", "self, query, value", "build", KERAS_2, KERAS_3),
    ("self, query, value", "self, query, value", "build", KERAS_2, KERAS_3),
    ("self, input_shape, extra=None", "self, query", "build", "", KERAS_3),
    ("self, query_shape, value_shape", "self, query, **kwargs", "build", KERAS_2, KERAS_3),
    ("self, input_shape, second_shape", "self, inputs, **kwargs", "build", KERAS_2, KERAS_3),
    ("self, a_shape, b_shape", "self, *args", "compute_output_shape", "", KERAS_3),
    ("self, a_shape, b_shape", "self, query, value", "compute_output_shape", "", KERAS_3),
]

SILENT = [
    # the same, and what follows the class
    ("self, input_shape", "self, query, value", "build", ""),
    ("self, shape", "self, query, value", "build", ""),
    ("self, query_shape, value_shape", "self, query, value", "compute_output_shape", ""),
    ("self, query_shape, value_shape=None", "self, query, value", "build", ""),
    ("self, a_shape, b_shape", "self, query, value", "build", "Subject().build(shape, shape)"),
    ("self, a_shape, b_shape", "self, query, value", "build", "Subject().build((1, 4), (1, 4))"),
    ("self, a_shape, b_shape", "self, query, value", "build", "Subject().build(a_shape=(1, 4), b_shape=[1, 4])"),
    ("self, a_shape, b_shape", "self, query, value", "build", "Subject().build(\n    shapes()[0],\n    shapes()[1])"),
    ("self, a_shape, b_shape", "self, query, value", "other", ""),
]


@pytest.mark.parametrize("after", ["Subject().build((1, 4))", "# Subject().build(shape, shape)"])
def test_no_call_with_several(after: str) -> None:
    source = SUBJECT.format(
        base="layers.Layer", method="build", parameters="self, a_shape, b_shape", call="self, a, b", after=after
    )
    assert_told("KLL211", source, KERAS_2, "")


@pytest.mark.parametrize(("parameters", "call", "method", "keras_2", "keras_3"), REPORTED)
def test_reported(parameters: str, call: str, method: str, keras_2: str, keras_3: str) -> None:
    source = SUBJECT.format(base="layers.Layer", method=method, parameters=parameters, call=call, after="")
    assert_told("KLL211", source, keras_2, keras_3)


@pytest.mark.parametrize(("parameters", "call", "method", "after"), SILENT)
def test_silent(parameters: str, call: str, method: str, after: str) -> None:
    source = SUBJECT.format(base="layers.Layer", method=method, parameters=parameters, call=call, after=after)
    assert_silent("KLL211", source)


@pytest.mark.parametrize("base", ["layers.MultiHeadAttention", "somewhere.Layer", "keras.Model"])
def test_a_base_that_may_call_it_otherwise(base: str) -> None:
    source = SUBJECT.format(
        base=base, method="build", parameters="self, a_shape, b_shape", call="self, query, value", after=""
    )
    assert_silent("KLL211", f"import somewhere\n\n\n{source}")


TOO_FEW = """\
class Subject({base}):
    def {method}({parameters}):{mark}
        return None

    def call(self, inputs):
        return inputs


{after}
"""
FEW = "by position, so the first call raises TypeError"


@pytest.mark.parametrize("base", ["layers.Layer", "keras.Model", "layers.Dense"])
@pytest.mark.parametrize(
    ("method", "parameters", "keras_2", "keras_3"),
    [
        ("build", "self", FEW, ""),
        ("compute_mask", "self, inputs", FEW, FEW),
        ("compute_mask", "self", FEW, FEW),
        ("compute_mask", "self, inputs, **kwargs", FEW, FEW),
        ("compute_mask", "self, inputs, *, mask=None", FEW, FEW),
    ],
)
def test_too_few(base: str, method: str, parameters: str, keras_2: str, keras_3: str) -> None:
    source = TOO_FEW.format(base=base, method=method, parameters=parameters, mark="  # here", after="")
    assert_told("KLL211", source, keras_2, keras_3)


@pytest.mark.parametrize(
    ("method", "parameters", "after"),
    [
        ("build", "self, shape", ""),
        ("build", "self, *shapes", ""),
        ("build", "self", "Subject().build()"),
        ("compute_mask", "self, inputs, mask=None", ""),
        ("compute_mask", "self, x, previous", ""),
        ("compute_mask", "self, *args", ""),
        ("compute_output_shape", "self", ""),
    ],
)
def test_enough(method: str, parameters: str, after: str) -> None:
    source = TOO_FEW.format(base="layers.Layer", method=method, parameters=parameters, mark="", after=after)
    assert_silent("KLL211", source)


FUNCTIONAL = """\
class Subject(keras.Model):
    def __init__(self):
        super().__init__()
        self.entry = keras.Input((4,))
        self.dense = layers.Dense(4)
        super().__init__({arguments})

    def build(self):{mark}
        return None

    def call(self, inputs):
        return self.dense(inputs)
"""


def test_a_functional_model_is_built_when_it_is_made() -> None:
    arguments = "inputs=self.entry, outputs=self.call(self.entry)"
    assert_silent("KLL211", FUNCTIONAL.format(arguments=arguments, mark=""))
    assert_told("KLL211", FUNCTIONAL.format(arguments="name='subject'", mark="  # here"), FEW, "")


INHERITED = """\
from parents import Parent


class Subject(Parent):{mark}
    def call(self, {call}):
        return 0
"""
PARENT = "class Parent(layers.Layer):\n    def build(self, a_shape, b_shape):\n        pass\n"


@pytest.mark.parametrize(
    ("parent", "call", "is_told"),
    [
        ("", "x, y", True),
        ("", "a, b", False),
        ("\n    def call(self, x):\n        return 0\n", "x, y", False),
        ("\n\nParent().build((1, 4), (1, 4))\n", "x, y", False),
    ],
)
def test_what_a_base_without_call_has(tmp_path: Path, parent: str, call: str, is_told: bool) -> None:
    write(tmp_path, {"parents.py": PARENT + parent})
    source = INHERITED.format(call=call, mark="  # KLL211" if is_told else "")
    told = [each.message for each in found("KLL211", source, "3", tmp_path / "here.py")]
    assert [message.startswith("`build` of `Parent` takes `a_shape`, `b_shape`") for message in told] == [
        True
    ] * is_told
    assert found("KLL211", INHERITED.format(call=call, mark=""), "2", tmp_path / "here.py") == ()


BUILTIN = """\
class Subject({base}):
    def call({call}):  # here
        return 0
"""


@pytest.mark.parametrize(
    ("base", "call", "keras_3"),
    [
        ("layers.RNN", "self, inputs, initial_state=None", KERAS_3),
        ("layers.LSTM", "self, inputs, **kwargs", KERAS_3),
        ("layers.MultiHeadAttention", "self, inputs, value, key=None", KERAS_3),
        ("layers.RNN", "self, sequences, initial_state=None", ""),
        ("layers.Dense", "self, x", ""),
    ],
)
def test_build_of_a_builtin_layer(base: str, call: str, keras_3: str) -> None:
    source = BUILTIN.format(base=base, call=call)
    if keras_3:
        assert_told("KLL211", source, "", keras_3)
    else:
        assert_silent("KLL211", source)


def test_a_build_of_its_own_takes_what_it_likes() -> None:
    method = "    def build(self, input_shape):\n        super().build(input_shape)\n\n"
    source = BUILTIN.format(base="layers.RNN", call="self, inputs").replace("    def call", f"{method}    def call")
    assert_silent("KLL211", source)
