"""The memory of calls changes nothing: each class of the corpus is analysed with it and without."""

from __future__ import annotations

import ast
import dataclasses
import textwrap
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from keras_layer_lint import Settings, lint_source
from keras_layer_lint.checks import class_facts
from keras_layer_lint.model.layer import LayerClass
from keras_layer_lint.values.analysis import Analysis
from keras_layer_lint.values.containers import Dict, Entry, Sequence
from keras_layer_lint.values.frames import Frame
from keras_layer_lint.values.kind import UNKNOWN
from keras_layer_lint.values.memory import Keys, Memory
from keras_layer_lint.values.value import Layer, Origin, PythonValue, Tensor, Value
from tests.rule_pages import read_pages
from tests.values import test_call_bodies, test_interpreter

TESTS = Path(__file__).resolve().parent.parent
FIXTURES = TESTS.parent / "fixtures"


def layers_in_tests() -> list[str]:
    """The modules with a class that stand in string literals of other tests."""
    found: set[str] = set()
    for path in sorted(TESTS.rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and "\nclass " in node.value:
                try:
                    ast.parse(node.value)
                except SyntaxError:
                    continue  # a template
                found.add(node.value)
    return sorted(found)


def bodies() -> list[str]:
    rows = [*test_call_bodies.SILENT, *(row[0] for row in test_call_bodies.REPORTED)]
    return [test_call_bodies.HEAD + textwrap.indent(row + "\nreturn x\n", " " * 8) for row in rows]


def layers_of_interpreter() -> list[str]:
    bodies = map(test_interpreter.body_source, test_interpreter.BODIES)
    return [*bodies, *map(test_interpreter.methods_source, test_interpreter.METHODS)]


SOURCES: dict[str, Callable[[], list[str]]] = {
    "pages": lambda: [block.source for page in read_pages() for block in page.blocks],
    "fixtures": lambda: [path.read_text(encoding="utf-8") for path in sorted(FIXTURES.rglob("*.py"))],
    "bodies": bodies,
    "tests": layers_in_tests,
    "interpreter": layers_of_interpreter,
}


def plain(value: object) -> Any:
    """An event or value with all its fields, the frames of closures apart: each run has its own."""
    if isinstance(value, Frame):
        return Frame
    if isinstance(value, tuple | list):
        return tuple(map(plain, value))
    if isinstance(value, Mapping):
        return tuple((key, plain(item)) for key, item in value.items())
    if dataclasses.is_dataclass(value) and type(value).__module__.startswith("keras_layer_lint.values"):
        return type(value), *(plain(getattr(value, field.name)) for field in dataclasses.fields(value))
    return value


def everything(analysis: Analysis) -> Any:
    run = analysis._interpreter
    returned = {name: plain((found.value, found.returns, found.falls_through)) for name, found in run.returned.items()}
    return plain(list(run.events)), plain(analysis.attributes), returned


@pytest.mark.slow
@pytest.mark.parametrize("corpus", SOURCES)
@pytest.mark.parametrize("keras", ["2", "3"])
def test_runs_with_memory_and_without_are_the_same(corpus: str, keras: str, monkeypatch: pytest.MonkeyPatch) -> None:
    compared = 0

    def both(layer: LayerClass) -> Analysis:
        nonlocal compared
        compared += 1
        found = Analysis(layer)
        assert everything(found) == everything(Analysis(layer, with_memory=False)), layer.name
        return found

    monkeypatch.setattr(class_facts, "analysis_of", both)
    for source in SOURCES[corpus]():
        lint_source(source, "example.py", Settings(keras=(keras,)))
    assert compared >= 20


@pytest.mark.slow
def test_diagnostics_with_memory_and_without_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    sources = [*SOURCES["pages"](), *SOURCES["fixtures"]()]
    settings = Settings(extend_select=("KLL143", "KLL161", "KLL309"))
    with_memory = [lint_source(source, "example.py", settings) for source in sources]
    monkeypatch.setattr(class_facts, "analysis_of", partial(Analysis, with_memory=False))
    assert [lint_source(source, "example.py", settings) for source in sources] == with_memory


HELPERS = """
import keras


class Subject(keras.layers.Layer):
    def leaf(self, x):
        return x + 1

    def middle(self, x):
        return self.leaf(x) + self.leaf(x)

    def call(self, x: keras.KerasTensor):
        return self.middle(x) + self.middle(x) + self.leaf(x)
"""


def test_a_call_is_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    hits = []
    recall = Memory.recall

    def counted(self: Memory, *args: Any) -> Value | None:
        found = recall(self, *args)
        hits.append(found is not None)
        return found

    monkeypatch.setattr(Memory, "recall", counted)
    lint_source(HELPERS, "example.py", Settings(keras=("3",)))
    assert hits == [False, False, True, True, True]


ORIGIN = Origin("it is a test")
DIFFERENT = [
    (PythonValue(constant=1), PythonValue(constant=True)),
    (PythonValue(constant=1), PythonValue(constant=1.0)),
    (PythonValue(constant=0.0), PythonValue(constant=-0.0)),
    (Layer("keras.layers.LSTM"), Layer("keras.layers.LSTM", returns_more=True)),
    (Layer("keras.layers.LSTM", ast.Pass()), Layer("keras.layers.LSTM", ast.Pass())),  # type: ignore[arg-type]
    (Tensor(ORIGIN), Tensor(Origin("it is another"))),
    (Sequence((UNKNOWN,) * 40, UNKNOWN), Sequence((*(UNKNOWN,) * 39, PythonValue()), UNKNOWN)),
    (Sequence((), UNKNOWN), Sequence((), UNKNOWN, is_list=True)),
    (Dict({"a": Entry(UNKNOWN)}), Dict({"a": Entry(UNKNOWN, always=False)})),
    (Dict({"a": Entry(UNKNOWN)}), Dict({"a": Entry(PythonValue())})),
]


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_what_code_can_tell_apart_has_two_keys(one: Value, other: Value) -> None:
    keys = Keys()
    assert keys.of(one) != keys.of(other)
    assert keys.of((one, one)) != keys.of((one, other))


def test_equal_values_have_one_key() -> None:
    keys = Keys()
    assert keys.of(Sequence((Tensor(ORIGIN),), UNKNOWN)) == keys.of(Sequence((Tensor(ORIGIN),), UNKNOWN))
    assert keys.of(PythonValue(constant=float("nan"))) == keys.of(PythonValue(constant=float("nan")))
    assert not keys.has_closure(Sequence((Tensor(ORIGIN),), UNKNOWN))


def test_keys_of_values_that_share_parts_take_linear_time() -> None:
    value: Value = PythonValue()
    for _ in range(6):
        value = Sequence((value,) * 200, UNKNOWN)
    assert Keys().of(value) < 20
