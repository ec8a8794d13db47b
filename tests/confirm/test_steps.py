"""What stands in for an expression, without a framework: one that says whether it runs eagerly is enough."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from keras_layer_lint.confirm.steps import Steps


def steps() -> tuple[Steps, Any]:
    """Expressions that stand in, and the framework they ask: eager until told otherwise."""
    framework: Any = SimpleNamespace(
        tf=None,
        np=SimpleNamespace(ndarray=(), float32=float),
        tree=SimpleNamespace(map_structure=lambda change, value: change(value)),
        eager=True,
        is_of_tensors=lambda leaf: False,
    )
    framework.is_eager = lambda: framework.eager
    return Steps(framework), framework


def rounds(made: Steps, value: object, most: int = 1000) -> int:
    """How often a loop runs while the condition holds."""
    return next((done for done in range(most) if not made.call(1, "condition", lambda: value)), most)


def test_a_condition_is_traced_as_it_was_recorded() -> None:
    made, framework = steps()
    values = [True, True, False, True]
    for value in values:
        made.call(1, "condition", lambda value=value: value)
    framework.eager = False
    assert [made.call(1, "condition", bool) for _ in range(2 * len(values))] == values * 2


def test_a_condition_that_always_holds_is_false_at_last() -> None:
    made, _ = steps()
    assert 0 < rounds(made, True) < 1000


def test_a_condition_is_false_at_last_where_recording_was_cut_short() -> None:
    made, framework = steps()
    for _ in range(3):
        made.call(1, "condition", lambda: True)
    framework.eager = False
    first = rounds(made, None)
    assert 0 < first < 1000
    assert rounds(made, None) == first  # traced once more


def test_what_is_forgotten_counts_no_longer() -> None:
    made, framework = steps()
    made.call(1, "condition", lambda: True)
    framework.eager = False
    first = rounds(made, None)
    for _ in range(3):
        made.call(1, "condition", bool)
    made.forget()
    framework.eager = True
    made.call(1, "condition", lambda: True)
    framework.eager = False
    assert rounds(made, None) == first
