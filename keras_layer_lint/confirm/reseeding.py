"""Setting a seed of TensorFlow anew costs nothing where nothing was drawn since it was set.

TensorFlow forgets all its kernels with each `tf.random.set_seed`, for those that draw random numbers hold where they
are; making them again takes most of the time in which a small layer is constructed and called.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from typing import Any


def keep_kernels() -> None:
    """From now on, until the process ends. A TensorFlow that has no such functions stays as it is."""
    with suppress(ImportError, AttributeError):
        context = import_module("tensorflow.python.eager.context")
        _Drawing(context, import_module("tensorflow.python.framework.random_seed")).watch()


@dataclass
class _Drawing:
    """Whether random numbers were drawn since the seed was set, by operations that TensorFlow hands parts of it to."""

    context: Any
    random_seed: Any
    has_drawn: bool = False
    is_traced: bool = False
    """Whether a graph draws: it may run at any time."""

    def watch(self) -> None:
        get_seed, set_seed = self.random_seed.get_seed, self.context.set_global_seed

        def watched_get_seed(op_seed: Any) -> Any:
            self.has_drawn = True
            self.is_traced |= not self.context.executing_eagerly()
            return get_seed(op_seed)

        def set_global_seed(seed: Any) -> None:
            if self.has_drawn or self.is_traced or not _is_same(seed, self.context.global_seed()):
                set_seed(seed)
                self.has_drawn = False

        self.random_seed.get_seed, self.context.set_global_seed = watched_get_seed, set_global_seed


def _is_same(seed: Any, current: Any) -> bool:
    return type(seed) is int and type(current) is int and seed == current
