"""Handlers are found by name: of functions by the canonical one, of methods by the kind of value and the method."""

from __future__ import annotations

import builtins
import importlib
from collections import deque
from typing import get_args

import pytest

from keras_layer_lint.keras.higher_order import HIGHER_ORDER
from keras_layer_lint.keras.inherited import RETURNING_TENSOR
from keras_layer_lint.keras.names import canonical
from keras_layer_lint.model.class_graph import KnownName
from keras_layer_lint.values.apis import registry
from keras_layer_lint.values.apis.registry import handler_of, handles, method_handler_of, methods
from keras_layer_lint.values.containers import Dict, Sequence
from keras_layer_lint.values.kind import UNKNOWN, Unknown
from keras_layer_lint.values.value import (
    InputMask,
    Layer,
    Nest,
    Opaque,
    PythonValue,
    Self,
    Shape,
    Super,
    Tensor,
    TensorArray,
    Unserializable,
    Value,
)
from tests.conftest import ROOT
from tests.frameworks import needs


@pytest.mark.parametrize(
    ("name", "module"),
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
        ("keras.backend.ones", "variables"),
        ("tensorflow.map_fn", "higher_order"),
        ("builtins.len", "builtin_iterables"),
        ("builtins.isinstance", "builtin_functions"),
        ("builtins.vars", None),
        ("tensorflow.reduce_sum", None),
        ("mathematics.sqrt", None),
        ("keras.layers.Dense", None),
    ],
)
def test_the_module_that_handles_a_call(name: str, module: str | None) -> None:
    found = handler_of(name)
    assert (None if found is None else found.__module__.rpartition(".")[2]) == module


def test_a_name_goes_before_a_prefix() -> None:
    assert handler_of("logging.getLogger") is not handler_of("logging.info")


def test_names_are_canonical_and_handled_once() -> None:
    handler_of("numpy.mean")
    assert {name for name in registry._BY_NAME if canonical(name) != name} == set()
    with pytest.raises(ValueError, match="two handlers of math"):
        handles("math.*")(lambda calls, call: None)


def test_the_list_of_modules_is_complete() -> None:
    folder = ROOT / "keras_layer_lint" / "values" / "apis"
    assert {path.stem for path in folder.glob("*.py")} - {"__init__", "registry"} == set(registry.MODULES)


def registered(prefix: str) -> list[str]:
    handler_of(prefix)
    return sorted(name for name in registry._BY_NAME if name.startswith(prefix))


@pytest.mark.parametrize("name", registered("builtins."))
def test_builtin_functions_exist(name: str) -> None:
    assert callable(getattr(builtins, name.removeprefix("builtins.")))


@pytest.mark.parametrize("name", [*registered("functools."), *registered("collections."), *registered("os.")])
def test_functions_of_the_standard_library_exist(name: str) -> None:
    module, *parts = name.split(".")
    found = importlib.import_module(module)
    for part in parts:
        found = getattr(found, part)
    assert callable(found)


def test_each_function_that_takes_functions_has_a_handler() -> None:
    assert {name for name in HIGHER_ORDER if handler_of(name) is None} == set()


PYTHON_TYPES: dict[type, tuple[type, ...]] = {
    Dict: (dict,),
    Sequence: (list, tuple),
    PythonValue: (str, object),
    Opaque: (list, dict, set, deque),
    Unserializable: (set, list, deque),
}
"""What a kind of value stands for."""


OF_OBJECTS = ("get_config", "predict_on_batch", "test_on_batch", "train_on_batch")
"""Methods of objects that a constructor is handed, such as models."""


def registered_methods() -> list[tuple[type, str]]:
    method_handler_of(Dict, "update")
    return sorted(registry._BY_METHOD, key=lambda key: (key[0].__name__, key[1]))


@pytest.mark.parametrize(("kind", "name"), registered_methods())
def test_methods_are_of_a_kind_of_value_and_exist(kind: type, name: str) -> None:
    assert kind in get_args(Value) or kind is KnownName
    types = PYTHON_TYPES.get(kind)
    if types is not None and name != "*" and not (kind is PythonValue and name in OF_OBJECTS):
        assert any(hasattr(python_type, name) for python_type in types)


def test_methods_are_handled_once() -> None:
    with pytest.raises(ValueError, match=r"two handlers of Dict\.update"):
        methods(Dict, "update")(lambda calls, call: UNKNOWN)


def test_a_derived_kind_has_the_methods_of_its_base() -> None:
    assert method_handler_of(InputMask, "to_tensor") is method_handler_of(Tensor, "to_tensor")
    assert method_handler_of(InputMask, "numpy") is method_handler_of(Tensor, "*")
    assert method_handler_of(Unknown, "numpy") is None


def test_methods_of_layers_exist() -> None:
    needs("2", "3")
    packages = [importlib.import_module(name) for name in ("keras", "tf_keras")]
    known = [name.rpartition(".")[2] for name in RETURNING_TENSOR]
    bases = [base for package in packages for base in (package.layers.Layer, package.Model)]
    bases += [getattr(package.layers, name) for package in packages for name in known]
    names = {name for kind, name in registered_methods() if kind in (Self, Super, KnownName, Layer)} - {"*"}
    assert {name for name in names if not any(hasattr(base, name) for base in bases)} == set()


def test_methods_of_tensors_exist() -> None:
    needs("2")
    tf, array = importlib.import_module("tensorflow"), importlib.import_module("numpy").ndarray
    types = {
        Tensor: (tf.RaggedTensor, tf.Variable),
        Nest: (tf.RaggedTensor, type(tf.constant(1)), array, dict),
        Shape: (tf.TensorShape, list),
        TensorArray: (tf.TensorArray,),
    }
    names = {(kind, name) for kind, name in registered_methods() if kind in types and name != "*"}
    missing = {(kind, name) for kind, name in names if not any(hasattr(base, name) for base in types[kind])}
    assert missing == set()
