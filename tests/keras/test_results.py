from __future__ import annotations

import subprocess
import sys
import textwrap

import pytest

from keras_layer_lint.keras.names import canonical
from keras_layer_lint.keras.result import Result
from keras_layer_lint.keras.results import constants, numpy_on_tensor, result_of, tensor_method

RESULTS = {
    Result.TENSOR: """
        tensorflow.math.reduce_sum tensorflow.reduce_sum tensorflow.shape tensorflow.where tensorflow.cast
        tensorflow.rank
        tensorflow.nn.softmax tensorflow.nn.conv2d tensorflow.image.resize tensorflow.random.normal
        tensorflow.sparse.to_dense
        tensorflow.linalg.matmul tensorflow.signal.stft tensorflow.strings.join tensorflow.SparseTensor
        tensorflow.raw_ops.Relu tensorflow.experimental.numpy.mean tensorflow.to_float tensorflow.div tensorflow.log
        tensorflow.compat.v1.to_float tensorflow.compat.v2.reduce_sum tensorflow.python.ops.math_ops.reduce_sum
        tensorflow.python.framework.ops.convert_to_tensor keras.backend.sum keras.backend.shape
        tensorflow.python.keras.backend.sum
        keras.ops.mean keras.ops.convert_to_tensor keras.ops.image.resize keras.src.ops.numpy.mean
        keras.src.backend.numpy.mean
        keras.random.normal keras.activations.relu keras.activations.linear jax.numpy.mean
        tensorflow_addons.activations.gelu
    """,
    Result.TENSORS: """
        tensorflow.split tensorflow.unstack tensorflow.meshgrid tensorflow.nn.moments tensorflow.linalg.svd
        tensorflow.unique
        tensorflow.nn.top_k keras.ops.split keras.ops.unstack keras.ops.top_k keras.ops.meshgrid
        tensorflow.raw_ops.Split
    """,
    Result.NEST: """
        tensorflow.cond tensorflow.while_loop tensorflow.map_fn tensorflow.nest.map_structure keras.ops.cond
        keras.ops.scan
        tensorflow.clip_by_global_norm keras.backend.rnn tensorflow.compat.v1.while_loop
    """,
    Result.STATIC: """
        tensorflow.is_tensor tensorflow.executing_eagerly tensorflow.get_static_value tensorflow.as_dtype keras.ops.ndim
        keras.backend.floatx keras.backend.epsilon keras.backend.ndim keras.config.floatx
        tensorflow.config.list_physical_devices
        math.sqrt numpy.ndim
    """,
    Result.SHAPE: "tensorflow.TensorShape tensorflow.broadcast_static_shape keras.backend.int_shape",
    Result.OPS_SHAPE: "keras.ops.shape keras.src.ops.shape keras.src.backend.shape",
    Result.TENSOR_ARRAY: "tensorflow.TensorArray tensorflow.compat.v1.TensorArray",
    Result.NOTHING: """
        tensorflow.print tensorflow.debugging.assert_equal tensorflow.Assert tensorflow.group
        tensorflow.summary.scalar
    """,
    Result.NUMPY_VALUE: """
        numpy.mean numpy.array numpy.float32 numpy.random.normal numpy.linalg.norm scipy.special.expit
        keras.ops.convert_to_numpy
    """,
    Result.VARIABLE: "tensorflow.Variable keras.Variable keras.backend.variable keras.backend.zeros",
    Result.UNKNOWN: """
        tensorflow.nest.flatten tensorflow.name_scope tensorflow.nowhere mylib.mean keras.layers.Dense
        torch.mean relu
    """,
}


@pytest.mark.parametrize(
    ("name", "result"), [(name, result) for result, names in RESULTS.items() for name in names.split()]
)
def test_result_of(name: str, result: Result) -> None:
    assert result_of(canonical(name)) is result


@pytest.mark.parametrize(
    ("name", "static"),
    [
        ("tensorflow.float32", True),
        ("tensorflow.newaxis", True),
        ("tensorflow.dtypes.int64", True),
        ("tensorflow.compat.v1.float32", True),
        ("tensorflow.VariableAggregation.MEAN", True),
        ("numpy.pi", True),
        ("numpy.newaxis", True),
        ("numpy.float32", True),
        ("math.pi", True),
        ("tensorflow.reduce_sum", False),
        ("numpy.mean", False),
        ("mylib.float32", False),
    ],
)
def test_constants(name: str, static: bool) -> None:
    assert constants(canonical(name)) is static


CONVERTING = """
    mean sum sqrt exp maximum array asarray concatenate stack dot matmul clip where reshape transpose squeeze
    expand_dims zeros_like ones_like size
    argmax abs tile pad linalg.norm cumsum float32 sign log square power allclose prod
"""


@pytest.mark.parametrize("name", CONVERTING.split())
def test_numpy_converts_a_tensor(name: str) -> None:
    assert numpy_on_tensor(f"numpy.{name}") == "convert"


@pytest.mark.parametrize(
    "name", ["numpy.ndim", "numpy.isscalar", "numpy.iterable", "numpy.dtype", "numpy.nowhere", "mylib.mean"]
)
def test_numpy_takes_a_tensor(name: str) -> None:
    assert numpy_on_tensor(name) is None


@pytest.mark.parametrize(
    ("name", "result"),
    [
        ("shape", Result.SHAPE),
        ("get_shape", Result.SHAPE),
        ("dtype", Result.STATIC),
        ("ndim", Result.STATIC),
        ("numpy", "host"),
        ("item", "host"),
        ("tolist", "host"),
        ("eval", "host"),
        ("sum", Result.TENSOR),
        ("assign_add", Result.TENSOR),
        ("to_tensor", Result.TENSOR),
        ("row_lengths", Result.TENSOR),
        ("set_shape", Result.NOTHING),
        ("units", None),
    ],
)
def test_tensor_method(name: str, result: Result | str | None) -> None:
    assert tensor_method(name) == result


@pytest.mark.slow
def test_loading_is_lazy() -> None:
    program = """
        import keras_layer_lint.keras.results as table
        assert table._tables.cache_info().currsize == 0
        import sys
        assert not {"tensorflow", "keras", "numpy"} & set(sys.modules)
        table.result_of("tensorflow.abs")
        assert table._tables.cache_info().currsize == 1
    """
    subprocess.run([sys.executable, "-c", textwrap.dedent(program)], check=True)
