from __future__ import annotations

import pytest

from tests.checks.cases import messages

CODE = "KLL305"
FALLS = (
    "error: `Gate.get_config()` ends without `return` on some path: it returns None, so saving or loading raises "
    "TypeError"
)


def gate(*body: str, mark: str = "") -> str:
    lines = "\n".join(f"        {line}" for line in body)
    return f"class Gate(layers.Layer):\n    def get_config(self):{mark}\n{lines}\n"


@pytest.mark.parametrize("keras", ["2", "3"])
@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (
            gate("config = super().get_config()", 'return config.update({"a": 1})  # KLL305'),
            "error: `Gate.get_config()`: `update` returns None, so saving or loading raises TypeError",
        ),
        (
            gate("if self.built:", "    return None  # KLL305", "return {}"),
            "error: `Gate.get_config()`: this returns None, so saving or loading raises TypeError",
        ),
        (gate("config = super().get_config()", "config.update(a=1)", mark="  # KLL305"), FALLS),
        (gate("if self.built:", "    return {}", mark="  # KLL305"), FALLS),
        (gate("for key in self.keys:", "    return {key: 1}", mark="  # KLL305"), FALLS),
        (gate("pass", mark="  # KLL305"), FALLS),
    ],
)
def test_reported(source: str, keras: str, expected: str) -> None:
    assert messages(CODE, source, keras) == [expected]


@pytest.mark.parametrize(
    "source",
    [
        gate("config = super().get_config()", "config.update(a=1)", "return config"),
        gate("raise NotImplementedError"),
        gate("if self.built:", "    return {}", "raise ValueError"),
        gate("if self.built:", "    return {}", "else:", "    return {1: 1}"),
        gate("try:", "    return super().get_config()", "except NotImplementedError:", "    return {}"),
        gate("with self.scope():", "    return {}"),
        gate("while True:", "    return {}"),
        gate("return self.describe()"),
        gate("return self.config and dict(self.config)"),
    ],
)
def test_silent(source: str) -> None:
    assert messages(CODE, source, "3") == []
