"""One generation of Keras on one backend, imported only in a process started to run layers."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

from keras_layer_lint.confirm.compiling import quicken_xla
from keras_layer_lint.confirm.reseeding import keep_kernels
from keras_layer_lint.settings import BACKENDS
from keras_layer_lint.target import Generation

INSTALL = "python -m pip install 'keras-layer-lint[confirm]'"
Values = list[Any]
"""Arrays: what a nested structure of tensors holds."""
_STEPS_BEYOND = 100


class EndlessLoop(RuntimeError):
    """A loop over a variable that is given elements for ever."""


@dataclass(frozen=True)
class Framework:
    """The modules of a generation, and what differs between backends. `tf` is None where the backend is JAX."""

    generation: Generation
    backend: str
    keras: Any
    tf: Any
    np: Any

    @cached_property
    def tree(self) -> Any:
        """`map_structure` and `flatten` for nested inputs and outputs."""
        if self.tf is not None:
            return self.tf.nest
        return self.keras.tree if hasattr(self.keras, "tree") else _tree_of_keras_3_0()

    @property
    def versions(self) -> tuple[str, str]:
        """Keras, and the backend with its version."""
        module = self.tf if self.tf is not None else import_module(self.backend)
        return version_of(self.keras), f"{self.backend} {module.__version__}"

    def private(self, path: str) -> ModuleType:
        """A module of Keras that is not public: up to 2.12 these lie beside the public ones."""
        try:
            return import_module(f"{self.package}.src.{path}")
        except ModuleNotFoundError:
            return import_module(f"{self.package}.{path}")

    @property
    def package(self) -> str:
        """The package that Keras lies in: `keras` or `tf_keras`."""
        return str(self.keras.__name__).partition(".")[0]

    def save(self, model: Any, path: Path) -> None:
        """Save a model in the format of the suffix. Keras 2.12 has `.keras`, but writes HDF5 where it is not told."""
        if path.suffix == ".keras" and version_of(self.keras).startswith("2.12."):
            model.save(path, save_format="keras_v3")
        else:
            model.save(path)

    def values(self, structure: Any) -> Values:
        """The arrays of a structure of tensors."""
        return [self.np.asarray(leaf) for leaf in self.tree.flatten(structure)]

    def is_layer(self, value: Any) -> bool:
        """Whether a value is a layer class of this generation."""
        return isinstance(value, type) and issubclass(value, self.keras.layers.Layer)

    def is_its_own(self, cls: type) -> bool:
        """Whether a class is one of Keras, or of Python, and none of those who use it."""
        return cls.__module__.partition(".")[0] in (self.package, "builtins")

    def is_tensor(self, value: Any) -> bool:
        """Whether a value is a tensor of the backend, symbolic or not."""
        if self.tf is not None:
            return bool(self.tf.is_tensor(value))
        return bool(self.keras.ops.is_tensor(value))

    def is_of_tensors(self, value: Any) -> bool:
        """Whether a value is a tensor of the backend, or an eager one of TensorFlow that code for JAX has made."""
        return self.is_tensor(value) or (self.tf is None and type(value).__module__.startswith("tensorflow."))

    def is_symbolic(self, value: Any) -> bool:
        """Whether a value stands for a tensor of a functional model."""
        return any("KerasTensor" in cls.__name__ for cls in type(value).__mro__)

    def tensor(self, array: Any) -> Any:
        """An eager tensor."""
        return self.tf.constant(array) if self.tf is not None else self.keras.ops.convert_to_tensor(array)

    def is_eager(self) -> bool:
        """Whether code runs now, on values, and is not being traced."""
        if self.tf is not None:
            return bool(self.tf.executing_eagerly())
        # Within a trace even a constant is traced.
        return not isinstance(import_module("jax.numpy").zeros(()), import_module("jax").core.Tracer)

    def same(self, first: Values, second: Values) -> bool:
        """Whether two lists of arrays agree, as far as two orders of floating-point operations do."""
        return len(first) == len(second) and all(
            a.shape == b.shape and self._close(a, b) for a, b in zip(first, second, strict=True)
        )

    def _close(self, a: Any, b: Any) -> bool:
        if a.dtype.kind in "OSU" or b.dtype.kind in "OSU":
            return bool((a == b).all())
        return bool(self.np.allclose(a, b, rtol=1e-4, atol=1e-5, equal_nan=True))


def load(generation: Generation, backend: str) -> Framework:
    """Import Keras and execute no operation: a process that has executed one cannot fork any more.

    Raises ImportError where that generation of Keras, or the backend, is not installed.
    """
    legacy = generation is Generation.KERAS2 and find_spec("tf_keras") is not None
    # TensorFlow 2.15 looks for `tf_keras` where this is set, though its own Keras is of this generation.
    os.environ["TF_USE_LEGACY_KERAS"] = "1" if legacy else "0"
    os.environ["KERAS_BACKEND"] = backend
    if backend not in BACKENDS:
        raise ImportError(f"klint runs layers on {' and '.join(BACKENDS)} only")
    numpy = import_module("numpy")
    tensorflow = import_module("tensorflow") if backend == "tensorflow" else None
    if tensorflow is not None:
        keep_kernels()
    if legacy:
        keras = import_module("tf_keras")
        _answer_to_keras(keras)
    elif generation is Generation.KERAS2:
        keras = _keras_of_tensorflow()
    else:
        keras = import_module("keras")
        if backend != "tensorflow":
            # Keras makes errors of JAX anew from one text, which they cannot be.
            keras.config.disable_traceback_filtering()
            _class_of_variables(keras).__iter__ = _elements
            _import_what_saving_imports()
    if not version_of(keras).startswith(f"{generation.value}."):
        raise ImportError(f"Keras {version_of(keras)} is installed, which is not Keras {generation.value}")
    quicken_xla()
    return Framework(generation, backend, keras, tensorflow, numpy)


def _import_what_saving_imports() -> None:
    """On any backend, Keras 3.15 imports TensorFlow where a model is saved: it takes seconds, in each child anew."""
    with suppress(Exception):  # what is missing or broken is so for the child, too
        import_module("tensorflow")


def _class_of_variables(keras: Any) -> Any:
    """What all variables derive from: up to Keras 3.6, those of layers are none of `keras.Variable`."""
    return [cls for cls in keras.Variable.__mro__ if cls.__module__.startswith("keras.")][-1]


def _elements(variable: Any) -> Iterator[Any]:
    """The elements of a variable of Keras on JAX.

    It has no iterator of its own, so Python counts an index up, and JAX has an element for each.
    """
    size = variable.shape[0] if variable.shape else 0
    for step in count():
        if step == size + _STEPS_BEYOND:
            raise EndlessLoop(f"{step} steps over a weight of {size} elements, and no end: the last is given again")
        try:
            element = variable[step]
        except IndexError:  # a scalar
            return
        yield element


def _tree_of_keras_3_0() -> Any:
    """What Keras 3.0 takes for nested structures, with the names of what it took later."""
    tree = import_module("tree")
    return SimpleNamespace(flatten=tree.flatten, map_structure=tree.map_structure, pack_sequence_as=tree.unflatten_as)


def version_of(keras: Any) -> str:
    """The version of a module of Keras. It stands in the package: `tf.keras` of TensorFlow 2.13 has none."""
    return str(import_module(keras.__name__.partition(".")[0]).__version__)


def _keras_of_tensorflow() -> Any:
    """What `tf.keras` is up to TensorFlow 2.15; in 2.12 the package `keras` itself has less."""
    try:
        return import_module("keras.api._v2.keras")
    except ModuleNotFoundError:
        return import_module("keras")


def _answer_to_keras(tf_keras: ModuleType) -> None:
    """Let `import keras` mean Keras 2, as it did before TensorFlow 2.16."""
    for name in [name for name in sys.modules if name == "keras" or name.startswith("keras.")]:
        del sys.modules[name]
    for name, module in list(sys.modules.items()):
        if name == tf_keras.__name__ or name.startswith(f"{tf_keras.__name__}."):
            sys.modules["keras" + name.removeprefix(tf_keras.__name__)] = module
