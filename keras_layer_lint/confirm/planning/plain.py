"""The usual tensors."""

from __future__ import annotations

from keras_layer_lint.confirm.planning.inputs import Tensor
from keras_layer_lint.confirm.planning.usual import BATCH, SIDE, STEPS, WIDTH

SHAPES: dict[int, tuple[int, ...]] = {
    0: (),
    1: (BATCH,),
    2: (BATCH, WIDTH),
    3: (BATCH, STEPS, WIDTH),
    4: (BATCH, SIDE, SIDE, WIDTH),
    5: (BATCH, STEPS, SIDE, SIDE, WIDTH),
}


def plain(rank: int, dtype: str = "float32") -> Tensor:
    """The usual tensor with so many axes."""
    shape = SHAPES.get(rank) or (*SHAPES[5], *[2] * (rank - 5))
    return Tensor(dtype, () if rank == 0 else shape)
