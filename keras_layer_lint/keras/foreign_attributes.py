"""What arrays of NumPy and tensors of PyTorch and of old have, and tensors of TensorFlow do not.

Run with TensorFlow 2.21, Keras 3.15 and JAX 0.7: none of these names is an attribute of an eager, symbolic, ragged or
sparse tensor or of a variable of TensorFlow or Keras; those of `OF_NUMPY` are attributes of an array of JAX. Names that
a dict, a string or a distribution have, too, such as `copy` and `split`, are left out.
"""

from __future__ import annotations

from collections.abc import Mapping

OF_NUMPY: Mapping[str, str] = {
    "T": "transpose",
    "argmax": "argmax",
    "argmin": "argmin",
    "argsort": "argsort",
    "astype": "cast",
    "clip": "clip",
    "conj": "conj",
    "cumprod": "cumprod",
    "cumsum": "cumsum",
    "diagonal": "diagonal",
    "dot": "matmul",
    "flatten": "reshape",
    "max": "max",
    "mean": "mean",
    "min": "min",
    "nonzero": "nonzero",
    "prod": "prod",
    "ravel": "reshape",
    "repeat": "repeat",
    "reshape": "reshape",
    "round": "round",
    "searchsorted": "searchsorted",
    "size": "size",
    "squeeze": "squeeze",
    "std": "std",
    "sum": "sum",
    "swapaxes": "swapaxes",
    "transpose": "transpose",
    "var": "var",
    "view": "reshape",
}
"""By attribute of an array: the function of `keras.ops` to use."""
OF_TORCH: Mapping[str, str] = {
    "bmm": "matmul",
    "chunk": "split",
    "clamp": "clip",
    "contiguous": "",
    "cuda": "",
    "detach": "stop_gradient",
    "dim": "ndim",
    "expand_as": "broadcast_to",
    "masked_fill": "where",
    "numel": "size",
    "permute": "transpose",
    "repeat_interleave": "repeat",
    "requires_grad": "",
    "type_as": "cast",
    "unbind": "unstack",
    "unsqueeze": "expand_dims",
    "view_as": "reshape",
}
"""By attribute of a tensor of PyTorch: the function of `keras.ops` to use; empty where nothing is to be done."""
OF_OLD_KERAS: Mapping[str, str] = {"_keras_shape": "shape", "_uses_learning_phase": ""}
"""By attribute that Keras set on tensors before TensorFlow 2: the same."""
FOREIGN: Mapping[str, str] = {**OF_NUMPY, **OF_TORCH, **OF_OLD_KERAS}
IN_TENSORFLOW: Mapping[str, str] = {
    "clip": "clip_by_value",
    "conj": "math.conj",
    "cumprod": "math.cumprod",
    "cumsum": "cumsum",
    "diagonal": "linalg.diag_part",
    "max": "reduce_max",
    "mean": "reduce_mean",
    "min": "reduce_min",
    "ndim": "rank",
    "nonzero": "where",
    "prod": "reduce_prod",
    "std": "math.reduce_std",
    "sum": "reduce_sum",
    "swapaxes": "transpose",
    "var": "math.reduce_variance",
}
"""What functions of `keras.ops` are called in `tf`, where that is another name."""

NOT_OF_KERAS_TENSORS: Mapping[str, str] = {
    **{name: ops for name, ops in FOREIGN.items() if name not in ("reshape", "squeeze")},
    **dict.fromkeys(("eval", "graph", "numpy", "op", "set_shape"), ""),
    "get_shape": "shape",
}
"""What a KerasTensor, which stands for a tensor in a functional model of Keras 3, does not have: run as above."""
NOT_OF_TUPLES = frozenset(
    """
    as_list assert_has_rank concatenate dims is_compatible_with is_fully_defined merge_with ndims num_elements rank
    with_rank
    """.split()
)
"""What a shape of TensorFlow has, and that of a KerasTensor, a tuple, does not."""
