"""Outputs that rounding decides on: the sign of a sum that comes to zero, or which of two equal numbers is larger.

Compiled or traced, such a layer may give other outputs than in eager mode, and nothing is wrong with tracing it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from keras_layer_lint.confirm.framework import Framework
from keras_layer_lint.confirm.oracles import running
from keras_layer_lint.confirm.oracles.outputs import difference, numbers
from keras_layer_lint.confirm.oracles.weights import variables_of
from keras_layer_lint.confirm.time_limit import with_an_end

if TYPE_CHECKING:
    from keras_layer_lint.confirm.planning.plan import Plan

_MOVED_BY = 3e-7
"""A part of each number: two or three steps of single precision."""
_DRAWS = 3


def is_of_rounding(framework: Framework, plan: Plan, layer: Any, **more: Any) -> bool:
    """Whether outputs differ by more than rounding once inputs and weights are moved by no more than that.

    `more`: further arguments of the call by name. The weights are put back. False where the layer cannot be called on
    what is moved.
    """
    np = framework.np
    state = [(each, np.array(each)) for each in variables_of(framework, layer)]
    args, kwargs = running.inputs_of(plan)

    def outputs(args: Any, kwargs: Any) -> Any:
        with with_an_end():  # a loop may wait for a number that was moved
            return numbers(framework, layer(*args, **kwargs | more))

    try:
        expected = outputs(args, kwargs)
        for draw in range(_DRAWS):
            random = np.random.RandomState(draw)
            for variable, value in state:
                if value.dtype == np.float32:
                    variable.assign(_moved(np, random, value))
            moved = framework.tree.map_structure(lambda leaf: _moved_input(framework, random, leaf), [args, kwargs])  # noqa: B023
            if difference(outputs(*moved), expected):
                return True
    except Exception:
        return False
    finally:
        for variable, value in state:
            variable.assign(value)
    return False


def _moved_input(framework: Framework, random: Any, leaf: Any) -> Any:
    if not framework.is_tensor(leaf) or "float32" not in str(getattr(leaf, "dtype", "")):
        return leaf
    try:
        moved = leaf * _moved(framework.np, random, framework.np.ones(leaf.shape, "float32"))
    except Exception:  # sparse or ragged
        return leaf
    if (mask := getattr(leaf, "_keras_mask", None)) is not None:
        moved._keras_mask = mask
    return moved


def _moved(np: Any, random: Any, value: Any) -> Any:
    return (value * (1 + _MOVED_BY * random.choice([-1.0, 1.0], value.shape))).astype("float32")
