from __future__ import annotations

from pathlib import Path

import pytest

from keras_layer_lint.confirm.planning.inputs import parse
from keras_layer_lint.confirm.project_calls import ProjectCalls, calls_in, project_folder


def found(code: str) -> list[tuple[str, str]]:
    return [(call.arguments, call.inputs) for call in calls_in(code, "Gate", "test_gate.py")]


@pytest.mark.parametrize(
    ("code", "arguments", "inputs"),
    [
        ("Gate(4)(tf.ones((2, 8)))", "4", "float32[2,8]"),
        ("layers.Gate(units=4, name='g')(x)", "units=4", ""),
        ("gate = Gate()\ngate(np.random.rand(2, 3))", "", "float32[2,3]"),
        ("gate = Gate()\nx = np.zeros([2, 3], dtype='int32')\ngate(x)", "", "int32[2,3]"),
        ("gate = Gate()\ngate([tf.zeros((2, 3)), keras.Input((8,))])", "", "[float32[2,3], float32[5,8]]"),
        ("gate = Gate()\ngate({'a': np.random.randint(0, 9, (2, 3))})", "", "{'a': int32[2,3]}"),
        ("gate = Gate()\ngate(tf.cast(tf.ones((2, 3)), tf.int32), training=True)", "", "int32[2,3], training=True"),
        ("gate = Gate()\ngate(np.ones((2, 3)).astype('float16'))", "", "float16[2,3]"),
        ("gate = Gate()\ngate(tf.constant([[1, 2], [3, 4]]))", "", "int32[2,2]"),
        ("gate = Gate()\ngate(load())", "", ""),
        ("Gate(inner=tf.keras.layers.Dense(4))", "inner=keras.layers.Dense(4)", ""),
        ("Gate(cells=[layers.LSTMCell(2)])", "cells=[keras.layers.LSTMCell(2)]", ""),
        ("layer_test(Gate, kwargs={'units': 2}, input_shape=(2, 4))", "units=2", "float32[2,4]"),
        ("self.run_layer_test(Gate, init_kwargs={'units': 2}, input_shape=(2, 4))", "units=2", "float32[2,4]"),
        ('"""Doc.\n\n>>> gate = Gate(7)\n>>> gate(tf.ones((2, 8)))\n"""', "7", "float32[2,8]"),
        ('def f():\n    """Doc.\n\n    ```python\n    Gate(7)(tf.ones((2, 8)))\n    ```\n    """', "7", "float32[2,8]"),
    ],
)
def test_what_is_written_out_is_found(code: str, arguments: str, inputs: str) -> None:
    assert (arguments, inputs) in found(code)
    parse(inputs)


@pytest.mark.parametrize(
    "code", ["Gate(units)", "Gate(*sizes)", "Gate(**more)", "Gate(open('x'))", "class A(Gate): ...", "(("]
)
def test_what_is_not_written_out_is_left(code: str) -> None:
    assert found(code) == []


def test_a_name_that_is_assigned_anew_is_no_layer_any_more() -> None:
    assert found("gate = Gate(1)\ngate = other()\ngate(tf.ones((2, 8)))") == [("1", "")]


def test_names_of_one_function_do_not_reach_another() -> None:
    assert found("def a():\n    gate = Gate(1)\ndef b():\n    gate(tf.ones((2, 8)))") == [("1", "")]


def test_the_place_is_the_line_in_the_file() -> None:
    code = 'x = 1\n"""Doc.\n\n>>> gate = Gate(7)\n"""\n\nGate(8)\n'
    assert {call.arguments: call.place for call in calls_in(code, "Gate", "a.py")} == {"7": "a.py:4", "8": "a.py:7"}


def test_tests_are_asked_first_and_calls_with_inputs_before_others(tmp_path: Path) -> None:
    (tmp_path / "tests").mkdir()
    (tmp_path / "setup.py").write_text("")
    for name, code in {
        "a.py": "Gate(1)(tf.ones((2, 8)))",
        "tests/test_gate.py": "Gate(2)\nGate(3)(tf.ones((2, 8)))",
        "broken.py": "Gate(4",
    }.items():
        (tmp_path / name).write_text(code)
    calls = ProjectCalls(tmp_path.rglob("*.py"), tmp_path)
    assert [(call.arguments, call.place) for call in calls.of("Gate") if call.inputs] == [
        ("3", "tests/test_gate.py:2"),
        ("1", "a.py:1"),
    ]
    assert calls.of("Other") == ()
    assert project_folder(tmp_path / "tests") == tmp_path
