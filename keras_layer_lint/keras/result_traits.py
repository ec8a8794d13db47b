"""What the tensor that a function returns has in common with what the function is given.

Names are canonical dotted names. All is written by hand; `tests/keras/test_result_traits.py` calls the functions.
"""

from __future__ import annotations

from keras_layer_lint.keras.tables import dotted

ELEMENTWISE = frozenset(
    dotted(
        {
            "jax.nn": "elu gelu identity relu sigmoid silu softmax softplus swish tanh",
            "jax.numpy": "abs add clip cos divide exp log log1p maximum minimum multiply negative ones_like pow sign "
            "sin sqrt square subtract tanh where zeros_like",
            "jax.scipy.special": "softmax",
            "keras.activations": "elu gelu relu sigmoid silu softmax softplus swish tanh",
            "keras.backend": "abs cast clip cos dropout elu exp l2_normalize log maximum minimum ones_like pow relu "
            "sigmoid sign sin softmax softplus sqrt square tanh zeros_like",
            "keras.ops": "abs add cast clip cos divide elu exp gelu log log1p maximum minimum multiply negative "
            "ones_like relu sigmoid sign silu sin softmax softplus sqrt square subtract swish tanh where zeros_like",
            "keras.random": "dropout",
            "tensorflow": "abs add cast clip_by_value cos divide exp identity log log1p maximum minimum multiply "
            "negative ones_like pow sigmoid sign sin sqrt square subtract tanh where zeros_like",
            "tensorflow.dtypes": "cast",
            "tensorflow.experimental.numpy": "abs add clip cos divide exp log log1p maximum minimum multiply negative "
            "ones_like sign sin sqrt square subtract tanh where zeros_like",
            "tensorflow.linalg": "l2_normalize",
            "tensorflow.math": "abs add cos divide exp l2_normalize log log1p maximum minimum multiply negative pow "
            "sigmoid sign sin softmax softplus sqrt square subtract tanh",
            "tensorflow.nn": "dropout elu gelu l2_normalize relu sigmoid silu softmax softplus swish tanh",
            "tensorflow.sparse": "add maximum minimum softmax",
            "tensorflow_addons.activations": "gelu",
        }
    )
)
"""Functions whose result has the shape of the tensors that they are given, broadcasting apart, and one of their dtypes.

Those that take a dtype are among them.
"""

SAME_SHAPE = ELEMENTWISE | frozenset(
    dotted(
        {
            "keras.activations": "celu hard_sigmoid hard_silu hard_swish leaky_relu log_sigmoid log_softmax mish relu6 "
            "selu softsign",
            "keras.backend": "cumprod cumsum equal greater greater_equal hard_sigmoid less less_equal not_equal "
            "reverse round softsign stop_gradient",
            "keras.ops": "ceil celu cosh divide_no_nan equal erf expm1 flip floor floor_divide greater "
            "greater_equal hard_sigmoid hard_silu hard_swish isfinite isinf isnan layer_normalization leaky_relu less "
            "less_equal log_sigmoid log_softmax logical_and logical_not logical_or mod not_equal reciprocal relu6 roll "
            "round rsqrt selu sinh softsign sort stop_gradient tan",
            "tensorflow": "add_n atan ceil cosh cumprod cumsum equal erf expm1 floor floordiv greater greater_equal "
            "is_finite is_inf is_nan less less_equal log_sigmoid logical_and logical_not logical_or mod not_equal "
            "reciprocal reverse roll round rsqrt sinh sort squared_difference stop_gradient tan truediv",
            "tensorflow.debugging": "is_finite is_inf is_nan",
            "tensorflow.experimental.numpy": "ceil cosh equal expm1 flip floor floor_divide greater "
            "greater_equal isfinite isinf isnan less less_equal logical_and logical_not logical_or mod not_equal "
            "reciprocal roll sinh sort tan",
            "tensorflow.manip": "reverse roll",
            "tensorflow.math": "add_n atan ceil cosh cumprod cumsum divide_no_nan equal erf expm1 floor floordiv "
            "greater greater_equal is_finite is_inf is_nan less less_equal log_sigmoid log_softmax logical_and "
            "logical_not logical_or mod not_equal reciprocal round rsqrt sinh softsign squared_difference tan truediv",
            "tensorflow.nn": "leaky_relu log_softmax relu6 selu softsign",
        }
    )
)
"""All functions whose result has the shape of the tensors that they are given, broadcasting apart."""

REDUCTIONS = frozenset(
    dotted(
        {
            "keras.backend": "all any argmax argmin max mean min prod std sum var",
            "keras.ops": "all any argmax argmin count_nonzero logsumexp max mean min prod std sum var",
            "tensorflow": "argmax argmin count_nonzero reduce_all reduce_any reduce_logsumexp reduce_max reduce_mean "
            "reduce_min reduce_prod reduce_sum",
            "tensorflow.experimental.numpy": "all any argmax argmin count_nonzero max mean min prod std sum var",
            "tensorflow.math": "argmax argmin count_nonzero reduce_all reduce_any reduce_euclidean_norm "
            "reduce_logsumexp reduce_max reduce_mean reduce_min reduce_prod reduce_std reduce_sum reduce_variance",
            "tensorflow.sparse": "reduce_max reduce_sum",
        }
    )
)
"""Functions that take axes as their second parameter, `axis`, and give all others."""

ALONG_ONE_AXIS = {
    "keras.backend.squeeze": 1,
    "keras.ops.cumprod": 1,
    "keras.ops.cumsum": 1,
    "keras.ops.repeat": 2,
    "keras.ops.split": 2,
    "keras.ops.squeeze": 1,
    "keras.ops.take": 2,
    "keras.ops.unstack": 2,
    "tensorflow.experimental.numpy.cumprod": 1,
    "tensorflow.experimental.numpy.cumsum": 1,
    "tensorflow.experimental.numpy.repeat": 2,
    "tensorflow.experimental.numpy.split": 2,
    "tensorflow.experimental.numpy.squeeze": 1,
    "tensorflow.experimental.numpy.take": 2,
    "tensorflow.repeat": 2,
    "tensorflow.split": 2,
    "tensorflow.squeeze": 1,
    "tensorflow.unstack": 2,
}
"""Functions that change one axis of a tensor and leave the others, and the position of the parameter `axis`.

Without it some of them give a tensor with one axis: `keras.ops.cumsum` does, `tf.cumsum` does not.
"""

CONCATENATIONS = frozenset(
    dotted(
        {
            "keras.backend": "concatenate",
            "keras.ops": "concatenate",
            "tensorflow": "concat",
            "tensorflow.experimental.numpy": "concatenate",
        }
    )
)
"""Functions that join a list of tensors along the axis that is their second parameter."""

ONE_HOT = frozenset({"keras.ops.one_hot", "tensorflow.one_hot"})
"""Functions that put an axis as long as their second parameter behind the others, unless they are told which."""

MATRIX_PRODUCTS = frozenset(
    dotted(
        {
            "jax.lax": "dot",
            "jax.numpy": "dot matmul",
            "jax.numpy.linalg": "matmul",
            "keras.backend": "dot",
            "keras.ops": "dot matmul",
            "tensorflow": "matmul",
            "tensorflow.experimental.numpy": "dot matmul",
            "tensorflow.linalg": "matmul",
            "tensorflow.sparse": "matmul",
        }
    )
)
"""Functions whose result has the axes of the first matrix, the last one apart, where the second is a weight."""

_BOOLEAN = """
    all any equal greater greater_equal isclose isfinite isinf isnan isneginf isposinf less less_equal logical_and
    logical_not logical_or logical_xor not_equal signbit
    """
MAKES_BOOLEANS = frozenset(dotted({"jax.numpy": _BOOLEAN, "keras.ops": _BOOLEAN}))
"""Functions whose result is of booleans."""

DTYPE_PARAMETERS = {
    "tensorflow.cast": 1,
    "tensorflow.constant": 1,
    "tensorflow.convert_to_tensor": 1,
    "tensorflow.eye": 3,
    "tensorflow.ones": 1,
    "tensorflow.ones_like": 1,
    "tensorflow.random.normal": 3,
    "tensorflow.random.truncated_normal": 3,
    "tensorflow.random.uniform": 3,
    "tensorflow.zeros": 1,
    "tensorflow.zeros_like": 1,
}
"""Functions with a parameter `dtype`, and its position."""

FLOAT32_UNLESS_TOLD = frozenset(
    dotted({"tensorflow": "eye ones zeros", "tensorflow.random": "normal truncated_normal uniform"})
)
"""Those of them that give float32 where no dtype is given."""

REFUSES_INTEGERS = frozenset(
    """
    acos acosh asin asinh atan atanh ceil cos cosh erf erfc exp expm1 floor log log1p log_sigmoid
    reciprocal_no_nan rsqrt sigmoid sin sinh sqrt tan tanh
    """.split()
)
"""Functions of `tensorflow` and `tensorflow.math`, by their last name, that raise for integers."""
REFUSES_MIXED_DTYPES = frozenset("add divide divide_no_nan maximum minimum multiply pow subtract".split())
"""Functions of two numbers there that raise for an integer tensor and a float."""

TAKES_ONE_TENSOR = frozenset(
    """
    abs argmax argmin argsort avg_pool2d batch_dot batch_flatten ceil clip_by_value conv1d conv2d cos cumsum
    depthwise_conv2d dot einsum erf exp expand_dims floor gather get_shape_list int_shape l2_normalize log
    matmul max max_pool max_pool2d mean min moments ndim norm not_equal one_hot pad permute rank reduce_all
    reduce_any reduce_logsumexp reduce_max reduce_mean reduce_min reduce_prod reduce_sum relu reshape reverse
    roll round shape shape_list sigmoid sign sin slice softmax sqrt square squeeze std sum tanh tile top_k
    transpose unstack var
    """.split()
)
"""Functions of TensorFlow and Keras, by their last name, whose first argument is one tensor."""
_OF_TENSORS = frozenset({"jax", "keras", "tensorflow", "tensorflow_addons"})
_PACKS = frozenset({"add_n", "identity", "where"})


def takes_one_tensor(name: str) -> bool:
    """Whether the first argument of a function is one tensor: a list of tensors fails or is packed into a tensor."""
    if name.partition(".")[0] not in _OF_TENSORS:
        return False
    last = name.rpartition(".")[2]
    is_known = name in SAME_SHAPE or name in REDUCTIONS or name in MATRIX_PRODUCTS or name in ALONG_ONE_AXIS
    return last in TAKES_ONE_TENSOR or (is_known and last not in _PACKS)
