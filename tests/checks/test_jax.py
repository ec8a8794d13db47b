"""What klint says where Keras 3 runs on JAX; `tests/confirm/test_jax.py` runs the same layers."""

from __future__ import annotations

import pytest

from keras_layer_lint import Settings, lint_source
from tests.jax_cases import CASES, JaxCase
from tests.rule_pages import marks


def lint(case: JaxCase, keras: str = "3", backend: str = "jax") -> tuple[str, ...]:
    settings = Settings(keras=tuple(keras), backend=backend, select=(case.code,))
    found = lint_source(case.source, "example.py", settings)
    if backend == "jax":
        assert {(diagnostic.span.line, diagnostic.code) for diagnostic in found} == marks(case.source)
    return tuple(f"{diagnostic.severity.label}: {diagnostic.message}" for diagnostic in found)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_on_jax(case: JaxCase) -> None:
    found = lint(case)
    assert [message.partition(":")[0] for message in found] == ([case.severity] if case.severity else [])
    if found and case.raises and case.code != "KLL112":
        assert case.raises in found[0]
    assert "OperatorNotAllowedInGraphError" not in "".join(found)


@pytest.mark.parametrize("case", [case for case in CASES if case.severity], ids=str)
def test_names_the_target_where_several_are_linted(case: JaxCase) -> None:
    only = lint(case)
    both = lint(case, "23")
    assert len(both) == 1
    assert "(Keras 2" in both[0] or both[0] == only[0] + " (Keras 3 on JAX)" or "(Keras 3)" in both[0]


def test_tensorflow_is_what_is_meant_otherwise() -> None:
    case = CASES[0]
    assert "JAX" not in lint(case, backend="tensorflow")[0]
    assert lint_source(case.source, "example.py", Settings(keras=("3",), select=("KLL101",)))[0].message == (
        "`if` on a tensor: `ops.mean(...)` returns one (line 17); JAX traces plain Python with tensors that have no "
        "values, so it raises TracerBoolConversionError"
    )
