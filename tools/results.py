"""Measures what public API functions return, by calling them.

Every function of the listed modules is called inside a graph with many argument templates. Its result is kept when all
calls that did not raise gave the same kind. What cannot be found out so stands in `keras/results_by_hand.py`.
"""

from __future__ import annotations

import importlib
import inspect
import itertools
import sys
from collections.abc import Callable, Iterable, Iterator
from types import ModuleType
from typing import Any

import numpy as np
import tensorflow as tf

from keras_layer_lint.keras.names import canonical
from keras_layer_lint.keras.result import Result
from keras_layer_lint.keras.tables import grouped

FuncGraph = tf.__internal__.FuncGraph
Template = tuple[tuple[Any, ...], dict[str, Any]]

TENSORFLOW_MODULES = (
    "audio bitwise debugging dtypes experimental.numpy experimental.numpy.linalg experimental.numpy.random image io "
    "linalg linalg.experimental losses manip math math.special nn nn.experimental quantization ragged random "
    "random.experimental sets signal sparse spectral strings"
).split()
NUMPY_MODULES = ["numpy", "numpy.fft", "numpy.linalg", "numpy.ma", "numpy.random"]
SCIPY_MODULES = ["fft", "interpolate", "linalg", "ndimage", "signal", "spatial.distance", "special", "stats"]
JAX_MODULES = ["jax.nn", "jax.numpy", "jax.numpy.fft", "jax.numpy.linalg", "jax.scipy.special"]
KERAS_MODULES = ["activations", "losses", "ops", "ops.image", "ops.linalg", "ops.nn", "ops.numpy", "random"]

NOT_CALLED = (
    # They change global state, touch files, start something, or give objects that are no values.
    "clear disable enable end_of experimental_ initialize load manual_ register reset save set_ write fprint test "
    "tofile savetxt savez genfromtxt fromfile memmap open_memmap show_ info lookfor source delete_session "
    "wrap_function distance_transform_cdt run_functions while_loop cond case switch_case map_fn scan foldl foldr "
    "vectorized_map get_handle "
    # What these give is decided by the structure of what is given.
    "in_test_phase in_train_phase "
    # What these give is decided by the mode that TensorFlow is in, of which one is measured.
    "get_default_session learning_phase symbolic_learning_phase"
).split()


def templates(variable: tf.Variable) -> Iterator[Template]:
    """Yield arguments that suit many functions; tensors belong to the current graph, the variable to none."""
    rng = np.random.default_rng(0)
    x, square, image = (tf.constant(rng.random(s), tf.float32) for s in ((3, 4), (4, 4), (1, 8, 8, 3)))
    x3, x1 = x[None], x[0]
    integers, booleans = tf.constant([0, 1, 1, 2]), tf.constant([True, False, True, True])
    text, complexes = tf.constant(["a", "bc", "d e"]), tf.complex(square, square)
    bits = tf.constant([[1, 2]], tf.uint8)
    sparse, ragged = tf.sparse.from_dense(x), tf.RaggedTensor.from_row_lengths(x1, [1, 3])
    boxes = tf.constant([[0.0, 0.0, 0.5, 0.5], [0.1, 0.1, 0.6, 0.6], [0.2, 0.2, 1.0, 1.0]])
    signal = tf.constant(rng.random((2, 16)), tf.float32)
    for first in (variable, 5, 0.5, [1.0, 2.0]):  # first, because few functions get as far as the end
        yield (first,), {}
    for value in (x, x1, x3, square, image, integers, booleans, text, complexes, bits, sparse, ragged, signal, 5, 0.5):
        yield (value,), {}
        yield (value, value), {}
        yield (value, value, value), {}
        yield ([value, value],), {}
        yield (value,), {"axis": -1}
        for second in (0, 1, 2, [3, 4], 0.5, "a", tf.float32, "int32"):
            yield (value, second), {}
        for second, third in ((0, 1), (2, 2), (0.0, 1.0), (4, 4)):
            yield (value, second, third), {}
    seeds = tf.constant([1, 2])
    for args in (
        ([3, 4],), ([3, 4], [1, 2]), ((3, 4), 0.0, 1.0), ([2], 0.5), ([2], x1), ([3, 4], 0.5),
        ([3, 4], seeds, 0.5, 0.5),
        ([3, 4], seeds, 5.0, x1), (x, 2, seeds), ([x, x], 0), ([x, x], 1), (x, [1, 2], 1), (x, x > 0.5),
        (x > 0.5, x, x),
        (x > 0.5, x), (x1, integers), (x1, integers, 3), (x1, x1 > 0.5), (x, [0, 1]), (x, [[0], [1]]), (x, [[0, 1]]),
        (x, integers[:3], 3), (square, square[:, :2]), (square, [2, 2]), (text, "a", "b"), (text, 0, 1), (text, 5),
        ("ij,jk->ik", square, square),
        ("i i -> i",), (image, [4, 4]), (image, 4, 4), (image, 0, 0, 4, 4), (image, 0, 0, 9, 9), (image, 0.5, 1.5),
        (image, 2, 2, "VALID"),
        (image, 2, 2, "valid"), (image, [1, 2, 2, 1], [1, 1, 1, 1], [1, 1, 1, 1], "VALID"), (image, image, 1.0),
        (image, tf.ones([2, 2, 3, 4]), 1, "SAME"), (image, tf.ones([2, 2, 3, 4]), [1] * 4, "SAME"),
        (image, tf.ones([2, 2, 3, 1]), [1] * 4, "SAME"), (image, tf.ones([2, 2, 3, 4]), 1),
        (image, tf.ones([2, 2, 3, 4])),
        (image, tf.ones([2, 2, 3, 1])), (image, tf.ones([2, 2, 3, 1]), tf.ones([1, 1, 3, 4])),
        (image, tf.ones([2, 2, 4, 3]), [1, 8, 8, 4], 1), (x3, tf.ones([2, 4, 3]), 1, "SAME"),
        (x3, tf.ones([2, 4, 3]), 1, "VALID"),
        (boxes, x[:, 0], 2), (image, boxes[:1], [0], [4, 4]), (signal, 4, 2), (signal, 2), (x, x, 0), (x, x, 1),
        (x, x, [1]), (x, 3), (x, 0, 3),
        (0, 5), (0.0, 1.0, 5), (4,), (4, 4), (5, 2), (integers, 6), (integers, [2, 2]), (integers, integers, integers),
        (bits, bits, bits), (x, 0.0, 1.0, 0.0, 1.0, 1e-3), (x, 0.0, 1.0), (x, x, 0.0, 1.0, 1e-3),
        (x, integers[:3] * 0, x[:, :2]), (x, [[0], [1]], x[:2]), ([[0], [1]], x[:2], [3, 4]), (x, [0, 0], x[:2, :2]),
        (x, [0, 0], [2, 2]), (x, 0, 1, True), (sparse, x), (sparse, square), (sparse, 0), (sparse, [0, 0], [2, 2]),
        ([sparse, sparse],), (0, [sparse, sparse]), (2, sparse, 1),
        (x, [[0, 0], [1, 1]]), (x, [[1, 1], [1, 1]]), (image, [2, 2], [[0, 0], [0, 0]]), (image, 2), ([3], [3]),
        (x, tf.float32), ("float32", "int32"), (x, tf.int32), (tf.constant("abc"), [1]),
        (tf.constant([1, 2]), tf.constant([2, 3])), (x, [tf.constant(1), tf.constant(1)]),
        (x3, x3, x3), (x3[:, None], x3[:, None], x3[:, None]), (x3, [2]), (x3, [2], 0, 1),
        (np.ones((3, 4), "float32"),), (2, 3), (x, "i j"), (lambda v: v, x), (square, square, square),
        ([1, 2], [3, 1], [3]), (x, 1, 0), (x, [3]), (x, [0], [1]), ([text, text],),
        (tf.constant(["1.5", "2"]), tf.float32), (tf.constant(["1"]), tf.int32),
        (tf.constant([[1], [1], [1]], tf.int64), 1, 2, True, 5),
        (tf.ones([5, 4]), tf.ones([5]), tf.ones([3, 1], tf.int64), x, 2, 5),
        (tf.ones([4, 5]), sparse, None), ([1, 1, 1], x), ([1, 1, 1], x, 2), (x, [1, 1, 1], 2), (x, [1, 1, 1]),
        (tf.ones([3, 2], tf.int32), x3, [2], [3]), (x3, [3]), (x, -1, 1), (x, 0, -1, 6), (image, [1, 2]), (1.5, x),
        (x, 1, 2, x), (x, 1, x), (1, x), ([x, x], x), ([x > 0.5], [x]),
        ([x, x], [x, x]), (lambda v: (v, v), x),
    ):  # fmt: skip
        yield args, {}


NAMED: dict[str, Any] = {
    "alpha": 1.0, "axis": -1, "axes": 1, "beta": 1.0, "concentration": 1.0, "depth": 3, "dim": 1, "diagonal": 0,
    "dtype": "float32", "fft_length": 16,
    "frame_length": 4, "frame_step": 2, "lam": 1.0, "maxval": 5, "minval": 0, "max_val": 1.0, "n": 2, "name": None,
    "num": 4, "num_samples": 2, "num_segments": 4, "num_classes": 4,
    "num_splits": 2, "num_or_size_splits": 2, "padding": "SAME", "rate": 0.5, "repeats": 2, "rank": 2, "seed": (1, 2),
    "sequence_length": 16, "sequence_stride": 2, "shape": [3, 4], "size": [4, 4],
    "strides": 1, "stddev": 1.0, "mean": 0.0, "unit": "BYTE", "k": 2, "rcond": None, "window_length": 4,
    "block_size": 2, "upper": 1.0, "lower": 0.0, "low": 0.0, "high": 1.0, "loc": 0.0, "scale": 1.0, "p": 0.5,
    "delta": 1.0,
    "counts": 5.0, "probabilities": 0.5, "probs": 0.5, "lambda_": 0.5, "message": "m", "num_bits": 8, "min": 0.0,
    "max": 1.0, "ksize": 2, "pool_size": 2, "num_groups": 2, "groups": 2, "data_format": "channels_last",
}  # fmt: skip


def named_template(function: Callable[..., Any]) -> Iterator[Template]:
    """Yield arguments chosen by the names of the required parameters, tensors for all others."""
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return
    required = [p for p in parameters if p.default is p.empty and p.kind is p.POSITIONAL_OR_KEYWORD]
    for shape, dtype in itertools.product([(4, 4), (4,), (1, 8, 8, 4)], [tf.float32, tf.int32, tf.complex64]):
        tensor = tf.cast(tf.ones(shape), dtype)
        yield tuple(NAMED.get(p.name, tensor) for p in required), {}


def kind_of(value: Any) -> Result | None:
    """Say which kind of result a value is; None where it is no value that matters."""
    if value is None:
        return Result.NOTHING
    if isinstance(value, tf.Variable) or (
        type(value).__module__.startswith("keras.src.backend.") and hasattr(value, "assign")
    ):
        return Result.VARIABLE
    if is_tensor(value):
        return Result.TENSOR
    if isinstance(value, tf.TensorArray):
        return Result.TENSOR_ARRAY
    if isinstance(value, tf.Operation):
        return Result.NOTHING
    if isinstance(value, tf.TensorShape):
        return Result.SHAPE
    if isinstance(value, (np.ndarray, np.generic)):
        return Result.NUMPY_VALUE
    if isinstance(value, (bool, int, float, complex, str, bytes, tf.DType, np.dtype)):
        return Result.STATIC
    if isinstance(value, (list, tuple)) and value:
        kinds = {kind_of(item) for item in value}
        if kinds == {Result.TENSOR}:
            return Result.TENSORS
        if kinds <= {Result.TENSOR, Result.TENSORS, Result.NEST}:
            return Result.NEST
        if kinds == {Result.NUMPY_VALUE}:
            return Result.NUMPY_VALUE
    return None


def is_tensor(value: Any) -> bool:
    """Tell tensors of TensorFlow (sparse and ragged ones too) and arrays of JAX, traced or not."""
    jax = sys.modules.get("jax")
    return isinstance(value, (tf.Tensor, tf.SparseTensor, tf.RaggedTensor, tf.IndexedSlices)) or (
        jax is not None and isinstance(value, jax.Array)
    )


def functions_of(module: ModuleType) -> Iterator[tuple[str, Callable[..., Any]]]:
    """Yield the public functions that may be called without doing harm."""
    for name in sorted(dir(module)):
        function = getattr(module, name, None)
        if name.startswith(("_", *NOT_CALLED)) or not callable(function) or isinstance(function, ModuleType):
            continue
        if inspect.isclass(function) and not issubclass(function, np.generic):
            continue
        yield name, function


def kinds_of_calls(function: Callable[..., Any], arguments: Iterable[Template], enough: int = 16) -> set[Result | None]:
    """Call with each template and collect the kinds of what came back; calls that raise do not count."""
    kinds: set[Result | None] = set()
    successes = 0
    for args, kwargs in arguments:
        if successes == enough:
            break
        try:
            result = function(*args, **kwargs)
        except Exception:  # what it raises on unsuitable arguments is of no interest
            continue
        if isinstance(result, (list, tuple)) and not result:
            continue  # of nothing, nothing can be said
        kinds.add(kind_of(result))
        successes += 1
    if kinds == {Result.TENSOR, Result.VARIABLE}:
        return {Result.TENSOR}  # a variable that is given back is a tensor as others are
    return kinds


def measure_in_graph(modules: Iterable[tuple[str, Any]]) -> dict[str, Result]:
    """Call every function of the modules inside a graph of its own."""
    seen: dict[int, Result | None] = {}
    found: dict[str, Result] = {}
    variable = tf.Variable(tf.ones([3, 4]))
    for prefix, module in modules:
        for name, function in functions_of(module):
            if id(function) not in seen:
                with FuncGraph("g").as_default():
                    kinds = kinds_of_calls(function, itertools.chain(named_template(function), templates(variable)))
                seen[id(function)] = kinds.pop() if len(kinds) == 1 else None
            kind = seen[id(function)]
            if kind is not None:
                found[f"{prefix}.{name}"] = kind
    return found


def raw_ops() -> dict[str, Result]:
    """Read the registry: which raw operations give no tensor, several, or a list. All others give one."""
    from tensorflow.python.framework import op_def_registry

    found = {}
    for name in dir(tf.raw_ops):
        definition = op_def_registry.get(name)
        if name.startswith("_") or definition is None:
            continue
        outputs = definition.output_arg
        if not outputs:
            found[f"tensorflow.raw_ops.{name}"] = Result.NOTHING
        elif len(outputs) > 1 or outputs[0].number_attr or outputs[0].type_list_attr:
            found[f"tensorflow.raw_ops.{name}"] = Result.TENSORS
    return found


def submodules(root: ModuleType, prefix: str, names: Iterable[str]) -> Iterator[tuple[str, Any]]:
    """Yield the modules under `root` that exist, with their canonical names."""
    for name in names:
        module: Any = root
        for part in name.split("."):
            module = getattr(module, part, None)
        if module is not None:
            yield f"{prefix}.{name}", module


def array_templates(x: Any, square: Any, integers: Any) -> Iterator[Template]:
    """Yield arguments for functions of arrays."""
    for value in (x, square, integers):
        yield (value,), {}
        yield (value, value), {}
        yield (value, value, value), {}
        yield ([value, value],), {}
        for more in (
            (0,),
            (1,),
            (2,),
            (0.5,),
            ([2, 2],),
            ([0],),
            ("float32",),
            (0, 1),
            (0.0, 1.0),
            (np.ones(4),),
            (np.sum,),
        ):
            yield (value, *more), {}
        yield ("ij->ji", value), {}
        yield (0, value), {}
        yield (lambda v: v, 0, value), {}
        yield ([1, 2], value), {}
        yield ([value > 0], [value]), {}
        yield (value, 0, 0, 0), {}
        yield (5, value, value), {}


def measure_numpy() -> tuple[dict[str, Result], set[str]]:
    """Call NumPy with arrays for its results, and with symbolic tensors to see which functions raise."""
    arrays = np.arange(1.0, 5.0), np.eye(4) + 1, np.array([0, 1, 1, 2])
    results: dict[str, Result] = {}
    raising: set[str] = set()
    for prefix in NUMPY_MODULES:
        for name, function in functions_of(importlib.import_module(prefix)):
            with np.errstate(all="ignore"):
                # Each has arrays of its own: with three arguments, many write into the third.
                kinds = kinds_of_calls(function, array_templates(*(array.copy() for array in arrays)))
            if len(kinds) == 1 and (kind := kinds.pop()) is not None:
                results[f"{prefix}.{name}"] = kind
            if converts(function, *arrays):
                raising.add(f"{prefix}.{name}")
    return results, raising


def measure_scipy() -> set[str]:
    """Find the functions of SciPy that raise on symbolic tensors. With unsuitable arrays it may crash: not tried."""
    arrays = np.arange(1.0, 5.0), np.eye(4) + 1, np.array([0, 1, 1, 2])
    return {
        f"scipy.{module}.{name}"
        for module in SCIPY_MODULES
        for name, function in functions_of(importlib.import_module(f"scipy.{module}"))
        if converts(function, *arrays)
    }


def converts(function: Callable[..., Any], *arrays: Any) -> bool:
    """Tell whether a symbolic tensor makes it raise.

    A call with options may get away before the tensor is read (`np.diff(x, 0)`), so the plain calls decide.
    """
    raised = False
    with FuncGraph("g").as_default():
        for args, kwargs in array_templates(*(tf.constant(array) for array in arrays)):
            plain = all(isinstance(item, tf.Tensor) for item in tf.nest.flatten(args))
            try:
                function(*args, **kwargs)
            except Exception as error:
                raised |= "symbolic tf.Tensor" in str(error) or "SymbolicTensor" in str(error)
            else:
                if plain:
                    return False
    return raised


def measure_jax() -> dict[str, Result]:
    """Call the functions of JAX while tracing."""
    import jax

    found: dict[str, Result] = {}

    def trace(x: Any, square: Any, integers: Any) -> Any:
        more: list[Template] = [((), {}), ((3,), {}), (((3, 4), 1.0), {})]
        for prefix in JAX_MODULES:
            for name, function in functions_of(importlib.import_module(prefix)):
                kinds = kinds_of_calls(function, itertools.chain(array_templates(x, square, integers), more), 3)
                if len(kinds) == 1 and (kind := kinds.pop()) is not None:
                    found[f"{prefix}.{name}"] = kind
        return x

    jax.make_jaxpr(trace)(np.arange(1.0, 5.0), np.eye(4) + 1, np.array([0, 1, 1, 2]))
    return found


def measure_tensorflow() -> dict[str, Result]:
    """Measure TensorFlow 2, then the names only TensorFlow 1 has; these stand under `tensorflow.` as well."""
    newer = [("tensorflow", tf), *submodules(tf, "tensorflow", TENSORFLOW_MODULES)]
    older = [("tensorflow", tf.compat.v1), *submodules(tf.compat.v1, "tensorflow", TENSORFLOW_MODULES)]
    known = {f"{prefix}.{name}" for prefix, module in newer for name in dir(module)}
    found = {name: kind for name, kind in measure_in_graph(older).items() if name not in known}
    return measure_in_graph(newer) | found | raw_ops()


def measure_keras() -> dict[str, Result]:
    """Measure `keras.backend` of Keras 2 and the functions of Keras 3."""
    import tf_keras

    import keras

    newer = measure_in_graph(submodules(keras, "keras", KERAS_MODULES))
    older = measure_in_graph(submodules(tf_keras, "keras", ["activations", "backend", "losses", "metrics"]))
    return older | newer


def constants() -> list[str]:
    """List the attributes that are dtypes, numbers, text or None."""
    plain = (bool, int, float, str, tf.DType, type(None))
    names = [
        f"tensorflow{sub}.{n}"
        for sub, m in (("", tf), (".dtypes", tf.dtypes))
        for n in dir(m)
        if isinstance(getattr(m, n), plain)
    ]
    for name in dir(np):
        value = getattr(np, name)
        if isinstance(value, plain) or (inspect.isclass(value) and issubclass(value, np.generic)):
            names += [f"numpy.{name}", f"jax.numpy.{name}", f"tensorflow.experimental.numpy.{name}"]
    return [n for n in names if not n.rpartition(".")[2].startswith("_")] + [
        "tensorflow.__version__",
        "numpy.__version__",
    ]


def measure() -> dict[str, Any]:
    """Measure everything."""
    found, convert = measure_numpy()
    convert |= measure_scipy()
    found |= {name: Result.NUMPY_VALUE for name in convert if name.startswith("scipy.")}
    results: dict[str, Result] = {}
    for name, result in (found | measure_jax() | measure_tensorflow() | measure_keras()).items():
        short = canonical(name)  # `keras.ops.numpy.mean` is `keras.ops.mean`
        assert results.setdefault(short, result) is result, f"{name} is not {short}"
    groups = {kind: grouped(name for name, result in results.items() if result is kind) for kind in Result}
    return {
        "results": {kind.value: names for kind, names in groups.items() if names},
        "numpy_convert": grouped(convert),
        "constants": grouped(constants()),
    }
