"""Write `keras_layer_lint/keras/results.json`: what public API functions return, found out by calling them.

    python tools/write_api_results.py             # some ten minutes
    python tools/write_api_results.py --by-hand   # lay a changed BY_HAND over the present data

Every function of the listed modules is called inside a graph with many argument templates. Its result is kept when all
calls that did not raise gave the same kind. `BY_HAND` holds what cannot be found out this way. Needs tensorflow and
tf_keras; where scipy or jax is missing, their part of the present file is kept.
"""

from __future__ import annotations

import collections
import importlib.util
import inspect
import itertools
import json
import os
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

os.environ.update(TF_CPP_MIN_LOG_LEVEL="3", CUDA_VISIBLE_DEVICES="", KERAS_BACKEND="tensorflow", JAX_PLATFORMS="cpu")

import numpy as np
import tensorflow as tf

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from keras_layer_lint.keras.results import DATA, Result  # noqa: E402

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
    "vectorized_map get_handle"
).split()

BY_HAND: dict[Result, dict[str, str]] = {
    # The structure follows the functions or structures given.
    Result.NEST: {
        "jax.lax": "cond fori_loop map scan switch while_loop",
        "keras.backend": "foldl foldr in_test_phase in_train_phase map_fn rnn",
        "keras.ops": "associative_scan cond fori_loop jvp map scan switch vectorized_map while_loop",
        "keras.tree": "map_structure map_structure_up_to",
        "keras.utils.tf_utils": "smart_cond",
        "tensorflow": "case clip_by_global_norm cond foldl foldr map_fn numpy_function parse_example "
        "parse_single_example parse_single_sequence_example py_func py_function scan switch_case vectorized_map "
        "while_loop",
        "tensorflow.__internal__.smart_cond": "smart_cond",
        "tensorflow.io": "decode_proto parse_example parse_sequence_example parse_single_example "
        "parse_single_sequence_example",
        "tensorflow.nest": "map_structure",
        "tensorflow.nn": "ctc_beam_search_decoder ctc_greedy_decoder sufficient_statistics",
    },
    # Classes of static facts, and questions about them.
    Result.STATIC: {
        "keras.backend": "backend count_params dtype epsilon floatx image_data_format is_float_dtype is_int_dtype "
        "is_keras_tensor is_sparse is_tensor ndim result_type standardize_data_format standardize_dtype",
        "keras.initializers": "serialize",
        "keras.ops": "dtype is_tensor ndim result_type",
        "keras.tree": "is_nested",
        "keras.utils": "is_keras_tensor standardize_dtype",
        "numpy": "base_repr binary_repr can_cast dtype finfo iinfo isdtype issubdtype mintypecode promote_types "
        "typename",
        "tensorflow": "DType Graph RaggedTensorSpec SparseTensorSpec TensorSpec as_dtype executing_eagerly "
        "get_static_value is_symbolic_tensor is_tensor",
        "tensorflow.compat": "dimension_at_index dimension_value forward_compatible",
        "tensorflow.debugging": "is_numeric_tensor",
        "tensorflow.dtypes": "DType as_dtype",
        "tensorflow.io.gfile": "exists glob isdir listdir",
        "tensorflow.nest": "is_nested",
        "tensorflow.test": "is_built_with_cuda is_gpu_available",
    },
    Result.SHAPE: {
        "keras.backend": "get_variable_shape int_shape standardize_shape",
        "keras.ops": "broadcast_shapes",
        "numpy": "shape",
        "tensorflow": "TensorShape broadcast_static_shape",
    },
    Result.OPS_SHAPE: {"keras.ops": "shape"},
    Result.TENSOR_ARRAY: {"tensorflow": "TensorArray"},
    # Called for their effect, though some give a tensor that nobody reads.
    Result.NOTHING: {
        "keras.backend": "batch_set_value set_value",
        "keras.tree": "assert_same_paths assert_same_structure",
        "numpy": "copyto fill_diagonal place put put_along_axis putmask",
        "numpy.random": "seed shuffle",
        "tensorflow": "Assert add_to_collection assert_equal assert_greater assert_less assert_rank group no_op print "
        "set_random_seed",
        "tensorflow.debugging": "Assert assert_equal assert_greater assert_greater_equal assert_integer assert_less "
        "assert_less_equal assert_near assert_negative assert_non_negative assert_non_positive assert_none_equal "
        "assert_positive assert_proper_iterable assert_rank assert_rank_at_least assert_rank_in "
        "assert_same_float_dtype assert_scalar assert_shapes assert_type",
        "tensorflow.io": "write_file",
        "tensorflow.logging": "debug error info warn warning",
        "tensorflow.nest": "assert_same_structure",
        "tensorflow.random": "set_seed",
        "tensorflow.summary": "audio histogram image scalar text write",
    },
    # The templates do not fit them, or they give a Python number for some arrays.
    Result.NUMPY_VALUE: {
        "keras.backend": "batch_get_value convert_to_numpy eval get_value",
        "keras.ops": "convert_to_numpy",
        "keras.utils": "to_categorical",
        "numpy": "arange bartlett blackman cross diff eye fromfunction fromstring hamming hanning identity kaiser "
        "polyfit tri tril_indices triu_indices unpackbits",
        "numpy.fft": "fftfreq",
        "numpy.linalg": "cholesky cross inv matrix_rank solve tensorinv tensorsolve",
        "numpy.random": "geometric hypergeometric multivariate_normal rand randn",
        "tensorflow": "make_ndarray",
    },
    Result.VARIABLE: {
        "keras": "Variable",
        "keras.backend": "Variable eye ones random_normal_variable random_uniform_variable variable zeros",
        "tensorflow": "Variable get_local_variable get_variable",
    },
    # Constructors that are classes or class methods; functions that the templates do not fit; functions that hand back
    # what they are given, which in a layer is a tensor. `where` with one argument: see `result_of`.
    Result.TENSOR: {
        "jax.lax": "argmax argmin broadcast conv conv_general_dilated dot dot_general dynamic_slice "
        "dynamic_update_slice expand_dims gather reduce_window rsqrt scatter select stop_gradient",
        "jax.numpy": "where",
        "jax.random": "bernoulli beta categorical choice dirichlet exponential fold_in gamma gumbel laplace normal "
        "permutation poisson randint split truncated_normal uniform",
        "keras.activations": "linear",
        "keras.backend": "bias_add conv1d conv2d_transpose conv3d ctc_batch_cost ctc_label_dense_to_sparse dropout "
        "local_conv2d moving_average_update placeholder pool2d pool3d print_tensor resize_images resize_volumes "
        "stop_gradient switch to_dense update update_add update_sub",
        "keras.layers": "add average concatenate dot maximum minimum multiply subtract",
        "keras.losses": "ctc",
        "keras.ops": "bartlett corrcoef ctc_loss fold isin istft kron rearrange where",
        "keras.ops.image": "affine_transform map_coordinates perspective_transform scale_and_translate ssim",
        "keras.random": "dropout gamma shuffle",
        "tensorflow": "IndexedSlices RaggedTensor.from_nested_row_lengths RaggedTensor.from_nested_row_splits "
        "RaggedTensor.from_row_lengths RaggedTensor.from_row_limits RaggedTensor.from_row_splits "
        "RaggedTensor.from_row_starts RaggedTensor.from_sparse RaggedTensor.from_tensor "
        "RaggedTensor.from_uniform_row_length RaggedTensor.from_value_rowids SparseTensor SparseTensor.from_value "
        "assign assign_add assign_sub batch_scatter_update batch_to_space batch_to_space_nd count_up_to dequantize "
        "extract_volume_patches is_variable_initialized placeholder placeholder_with_default random_index_shuffle "
        "scatter_add scatter_div scatter_max scatter_min scatter_mul scatter_nd_add scatter_nd_sub scatter_nd_update "
        "scatter_sub scatter_update sparse_mask sparse_merge string_to_hash_bucket_strong where",
        "tensorflow.experimental.numpy": "around isinf isneginf isposinf pad round where",
        "tensorflow.image": "decode_and_crop_jpeg extract_glimpse grayscale_to_rgb non_max_suppression_overlaps ssim "
        "ssim_multiscale stateless_random_hue stateless_random_jpeg_quality stateless_random_saturation",
        "tensorflow.io": "decode_and_crop_jpeg deserialize_many_sparse encode_proto",
        "tensorflow.linalg": "lu_matrix_inverse lu_reconstruct lu_solve set_diag tridiagonal_solve",
        "tensorflow.losses": "ctc sparse_categorical_crossentropy",
        "tensorflow.nn": "atrous_conv2d_transpose avg_pool1d avg_pool3d conv1d_transpose conv3d conv3d_transpose "
        "ctc_loss depthwise_conv2d_backprop_input dilation2d embedding_lookup_sparse erosion2d max_pool1d max_pool3d "
        "pool safe_embedding_lookup_sparse separable_conv2d with_space_to_batch",
        "tensorflow.quantization": "dequantize",
        "tensorflow.ragged": "map_flat_values placeholder",
        "tensorflow.sets": "size",
        "tensorflow.sparse": "SparseTensor map_values mask reset_shape",
        "tensorflow.strings": "format to_hash_bucket_strong unicode_encode unicode_split unicode_transcode",
    },
    # The templates do not fit them, or the number of results follows an argument.
    Result.TENSORS: {
        "jax.lax": "top_k",
        "keras.backend": "gradients normalize_batch_in_training",
        "keras.ops": "meshgrid svd",
        "keras.ops.linalg": "svd",
        "tensorflow": "gradients hessians meshgrid quantize quantized_concat sparse_split",
        "tensorflow.experimental.numpy": "meshgrid",
        "tensorflow.image": "combined_non_max_suppression generate_bounding_box_proposals "
        "sample_distorted_bounding_box stateless_sample_distorted_bounding_box",
        "tensorflow.linalg": "svd",
        "tensorflow.linalg.experimental": "conjugate_gradient",
        "tensorflow.nn": "compute_accidental_hits fractional_avg_pool",
        "tensorflow.quantization": "quantize quantized_concat",
        "tensorflow.strings": "unicode_split_with_offsets",
    },
    # These depend on the arguments or on the mode: nothing certain can be said.
    Result.UNKNOWN: {
        "keras.backend": "cast_to_floatx get_session get_uid learning_phase symbolic_learning_phase",
        "keras.ops": "custom_gradient",
        "numpy": "errstate frompyfunc nditer nested_iters vectorize",
        "tensorflow": "get_default_graph get_default_session",
        "tensorflow.nest": "flatten pack_sequence_as",
    },
}

# TensorFlow Addons cannot be imported with the TensorFlow of today; its functions are documented to give one tensor.
ADDONS = {
    "activations": "gelu hardshrink lisht mish rrelu snake softshrink sparsemax tanhshrink",
    "image": "adjust_hsv_in_yiq angles_to_projective_transforms blend compose_transforms connected_components "
    "cutout dense_image_warp equalize euclidean_dist_transform gaussian_filter2d interpolate_bilinear "
    "interpolate_spline mean_filter2d median_filter2d random_cutout random_hsv_in_yiq resampler "
    "rotate sharpness shear_x shear_y transform translate translate_xy",
    "losses": "contrastive_loss focal_loss giou_loss lifted_struct_loss npairs_loss npairs_multilabel_loss "
    "pinball_loss sigmoid_focal_crossentropy sparsemax_loss triplet_hard_loss triplet_semihard_loss",
    "seq2seq": "gather_tree hardmax safe_cumprod sequence_loss tile_batch",
}


def templates() -> Iterator[Template]:
    """Yield arguments that suit many functions; tensors belong to the current graph."""
    rng = np.random.default_rng(0)
    x, square, image = (tf.constant(rng.random(s), tf.float32) for s in ((3, 4), (4, 4), (1, 8, 8, 3)))
    x3, x1 = x[None], x[0]
    integers, booleans = tf.constant([0, 1, 1, 2]), tf.constant([True, False, True, True])
    text, complexes = tf.constant(["a", "bc", "d e"]), tf.complex(square, square)
    bits = tf.constant([[1, 2]], tf.uint8)
    sparse, ragged = tf.sparse.from_dense(x), tf.RaggedTensor.from_row_lengths(x1, [1, 3])
    boxes = tf.constant([[0.0, 0.0, 0.5, 0.5], [0.1, 0.1, 0.6, 0.6], [0.2, 0.2, 1.0, 1.0]])
    signal = tf.constant(rng.random((2, 16)), tf.float32)
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


def kinds_of_calls(function: Callable[..., Any], arguments: Iterable[Template], enough: int = 12) -> set[Result | None]:
    """Call with each template and collect the kinds of what came back; calls that raise do not count."""
    kinds: set[Result | None] = set()
    successes = 0
    for args, kwargs in arguments:
        if successes == enough:
            break
        try:
            kinds.add(kind_of(function(*args, **kwargs)))
            successes += 1
        except Exception:  # what it raises on unsuitable arguments is of no interest
            continue
    return kinds


def measure_in_graph(modules: Iterable[tuple[str, Any]]) -> dict[str, Result]:
    """Call every function of the modules inside a graph of its own."""
    seen: dict[int, Result | None] = {}
    found: dict[str, Result] = {}
    for prefix, module in modules:
        for name, function in functions_of(module):
            if id(function) not in seen:
                with FuncGraph("g").as_default():
                    kinds = kinds_of_calls(function, itertools.chain(named_template(function), templates()))
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
                kinds = kinds_of_calls(function, array_templates(*arrays))
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
    found = measure_in_graph([("tensorflow", tf), *submodules(tf, "tensorflow", TENSORFLOW_MODULES)])
    v1 = tf.compat.v1
    for name, kind in measure_in_graph([("tensorflow", v1), *submodules(v1, "tensorflow", TENSORFLOW_MODULES)]).items():
        if found.setdefault(name, kind) is not kind:
            found["tensorflow.compat.v1." + name.removeprefix("tensorflow.")] = kind
    return found | raw_ops()


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


def by_module(names: Iterable[str]) -> dict[str, str]:
    """Group dotted names by module: the form the data is stored in."""
    modules: dict[str, list[str]] = collections.defaultdict(list)
    for name in names:
        module, _, function = name.rpartition(".")
        modules[module].append(function)
    return {module: " ".join(sorted(set(functions))) for module, functions in sorted(modules.items())}


def dotted(modules: dict[str, str]) -> set[str]:
    """Undo `by_module`."""
    return {f"{module}.{name}" for module, names in modules.items() for name in names.split()}


def measure(before: dict[str, Any]) -> tuple[dict[str, Result], set[str]]:
    """Measure all that is installed; keep what stands in the present data for SciPy and JAX where they are not."""
    results, convert = measure_numpy()
    if importlib.util.find_spec("scipy"):
        convert |= measure_scipy()
    else:
        convert |= {name for name in dotted(before["numpy_convert"]) if name.startswith("scipy.")}
    results |= {name: Result.NUMPY_VALUE for name in convert if name.startswith("scipy.")}
    if importlib.util.find_spec("jax"):
        results |= measure_jax()
    else:
        results |= {name: kind for name, kind in known(before).items() if name.startswith("jax.")}
    return results | measure_tensorflow() | measure_keras(), convert


def known(data: dict[str, Any]) -> dict[str, Result]:
    """Read the results of present data."""
    return {name: Result(kind) for kind, modules in data["results"].items() for name in dotted(modules)}


def main(measure_again: bool) -> None:
    """Measure, add what is known by hand, write."""
    before = {"results": {}, "numpy_convert": {}}
    if DATA.exists():
        before = json.loads(DATA.read_text(encoding="utf-8"))
    results, convert = measure(before) if measure_again else (known(before), dotted(before["numpy_convert"]))
    for module, names in ADDONS.items():
        results |= {f"tensorflow_addons.{module}.{name}": Result.TENSOR for name in names.split()}
    for kind, modules in BY_HAND.items():
        results |= dict.fromkeys(dotted(modules), kind)
    groups = {
        kind.value: by_module(name for name, result in results.items() if result is kind)
        for kind in Result
        if kind is not Result.UNKNOWN
    }
    data = {"results": groups, "numpy_convert": by_module(convert), "constants": by_module(constants())}
    DATA.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")
    print(f"{len(results)} results, {len(convert)} NumPy and SciPy functions that raise: {DATA}")


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    os.chdir(tempfile.mkdtemp())
    main(measure_again="--by-hand" not in sys.argv[1:])
