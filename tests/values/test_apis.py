"""Handlers of API functions are found by the canonical name."""

from __future__ import annotations

import pytest

from keras_layer_lint.keras.names import canonical
from keras_layer_lint.values.apis import registry
from keras_layer_lint.values.apis.registry import handler_of, handles
from tests.conftest import ROOT


@pytest.mark.parametrize(
    ("name", "library"),
    [
        ("numpy.mean", "numpy"),
        ("scipy.special.expit", "numpy"),
        ("math.sqrt", "python"),
        ("logging.info", "python"),
        ("warnings.warn", "python"),
        ("tensorflow.logging.info", "python"),
        ("functools.partial", "python"),
        ("os.environ.get", "python"),
        ("tensorflow.executing_eagerly", "tensorflow"),
        ("tensorflow.lookup.StaticHashTable", "tensorflow"),
        ("keras.backend.get_value", "keras"),
        ("keras.optimizers.schedules.deserialize", "keras"),
        ("keras.initializers.get", "keras"),
        ("tensorflow.reduce_sum", None),
        ("mathematics.sqrt", None),
        ("keras.layers.Dense", None),
    ],
)
def test_the_library_that_handles_a_call(name: str, library: str | None) -> None:
    found = handler_of(name)
    assert (None if found is None else found.__module__.rpartition(".")[2]) == library


def test_a_name_goes_before_a_prefix() -> None:
    assert handler_of("logging.getLogger") is not handler_of("logging.info")


def test_names_are_canonical_and_handled_once() -> None:
    handler_of("numpy.mean")
    assert {name for name in registry._BY_NAME if canonical(name) != name} == set()
    with pytest.raises(ValueError, match="two handlers of math"):
        handles("math.*")(lambda calls, call: None)


def test_the_list_of_libraries_is_complete() -> None:
    folder = ROOT / "keras_layer_lint" / "values" / "apis"
    assert {path.stem for path in folder.glob("*.py")} - {"__init__", "registry"} == set(registry.LIBRARIES)
