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
"""Functions whose result has the shape of the tensors that they are given, broadcasting apart."""

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
