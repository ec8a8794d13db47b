"""A limit that is reached is told: which line, and what was not analysed."""

from __future__ import annotations

import textwrap

import pytest

from keras_layer_lint import Settings
from keras_layer_lint.lint import report_of_source
from keras_layer_lint.values import expressions, interpreter, run
from keras_layer_lint.values.containers import MAX_CONTAINER_DEPTH, MAX_CONTAINER_ITEMS
from keras_layer_lint.values.run import MAX_DEPTH

HEAD = """
import keras


class Subject(keras.layers.Layer):
    def call(self, inputs, count=3):
"""
LINE = len(HEAD.splitlines()) + 1


def limits(body: str, methods: str = "") -> list[tuple[int, str]]:
    source = HEAD + textwrap.indent(f"{body}\nreturn inputs\n", " " * 8) + methods
    found = report_of_source(source, "example.py", Settings(keras=("3",)))
    assert all(limit.class_name == "Subject" and limit.path == "example.py" for limit in found.limits)
    return [(limit.line, limit.what) for limit in found.limits]


def nested(depth: int) -> str:
    return "[" * depth + "1" + "]" * depth


@pytest.mark.parametrize(
    ("body", "is_reached"),
    [
        ("x = [1]", False),
        (f"x = [{'1, ' * MAX_CONTAINER_ITEMS}]", False),
        (f"x = [{'1, ' * (MAX_CONTAINER_ITEMS + 1)}]", True),
        (f"x = ({'1, ' * (MAX_CONTAINER_ITEMS + 1)})", True),
        (f"x = {nested(MAX_CONTAINER_DEPTH)}", False),
        (f"x = {nested(MAX_CONTAINER_DEPTH + 1)}", True),
        (f"x = {{{', '.join(f'{str(i)!r}: 1' for i in range(MAX_CONTAINER_ITEMS + 1))}}}", True),
        (f"x = {{'a': {nested(MAX_CONTAINER_DEPTH)}}}", True),
    ],
    ids=str,
)
def test_containers(body: str, is_reached: bool) -> None:
    found = limits(body)
    assert [line for line, _ in found] == [LINE] * is_reached
    assert all("container" in what for _, what in found)


def chain(length: int) -> str:
    steps = (f"    def step_{i}(self, x):\n        return self.step_{i + 1}(x)\n" for i in range(length))
    return f"\n{''.join(steps)}    def step_{length}(self, x):\n        return x\n"


def test_calls_nested_too_deeply() -> None:
    assert limits("self.step_0(inputs)", chain(MAX_DEPTH - 2)) == []
    ((line, what),) = limits("self.step_0(inputs)", chain(MAX_DEPTH + 2))
    assert what.startswith(f"`step_{MAX_DEPTH - 1}`: calls are nested")
    assert line == LINE + 2 + 2 * (MAX_DEPTH - 2) + 2


def test_recursion_is_no_limit() -> None:
    assert limits("self.again(inputs)", "\n    def again(self, x):\n        return self.again(x)\n") == []


def test_too_many_steps_are_told_once(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (expressions, interpreter, run):
        monkeypatch.setattr(module, "MAX_STEPS", 20)
    found = limits("\n".join(["inputs = keras.ops.abs(inputs)"] * 40))
    assert [what for _, what in found] == [run.OUT_OF_STEPS]
    assert LINE < found[0][0] < LINE + 40


def test_loops_end_and_need_no_limit() -> None:
    body = """
a = b = c = d = e = ()
for _ in range(count):
    e = (d, e)
    d = {"d": c}
    c = [b, c]
    b = (a, b)
    a = (*a, inputs)
"""
    assert [what for _, what in limits(body) if "loop" in what] == []
