"""The checks of what a layer says of the shapes and dtypes of its outputs, and of the ranks that it takes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from keras_layer_lint.confirm.oracles import running
from keras_layer_lint.confirm.oracles.outputs import numbers
from keras_layer_lint.confirm.oracles.trial import Failed, Trial
from keras_layer_lint.confirm.planning.inputs import Tensor
from keras_layer_lint.confirm.subject import brief
from keras_layer_lint.testing.common import NotForThis, dtype_of


def of_shape(trial: Trial) -> Iterator[Failed]:
    """What the layer says its outputs will be is what they are: in a functional model, and asked by hand."""
    framework, plan = trial.framework, trial.plan
    layer = plan.make()
    called = [leaf for leaf in framework.tree.flatten(running.eager(plan, layer)) if hasattr(leaf, "shape")]
    found = [tuple(leaf.shape) for leaf in called]
    args, kwargs = plan.symbolic(plan.given.batch)
    try:
        outputs = plan.make()(*args, **kwargs)
    except Exception as error:
        yield Failed("shape", f"in a functional model: {brief(error)}", error)
        return
    told = [leaf for leaf in framework.tree.flatten(outputs) if hasattr(leaf, "shape")]
    said = [tuple(leaf.shape) for leaf in told]
    if len(said) != len(found) or not all(map(_agree, said, found)):
        yield Failed("shape", f"a functional model has outputs of shape {said}; called, the layer gives {found}")
    elif other := other_dtypes(told, called):
        yield Failed("shape", other)
    if len(args) != 1 or kwargs or not running.takes(type(layer).compute_output_shape, "input_shape"):
        return
    shape = framework.tree.map_structure(lambda leaf: tuple(leaf.shape), args[0])
    try:
        asked = layer.compute_output_shape(shape)
    except NotImplementedError:
        return
    except Exception as error:
        yield Failed("shape", f"`compute_output_shape({shape})`: {brief(error)}", error)
        return
    flat = [tuple(each) for each in _shapes(asked)]
    if len(flat) != len(found) or not all(map(_agree, flat, found)):
        yield Failed("shape", f"`compute_output_shape({shape})` says {flat}; called, the layer gives {found}")


def other_dtypes(told: list[Any], called: list[Any]) -> str:
    """How the dtypes of a functional model's outputs differ from those that a call gives; empty where they do not."""
    said, found = ([dtype_of(leaf) for leaf in leaves] for leaves in (told, called))
    return "" if said == found else f"a functional model has outputs of {said}; called, the layer gives {found}"


def _shapes(asked: Any) -> list[Any]:
    if hasattr(asked, "as_list"):
        return [asked.as_list()]
    if isinstance(asked, (tuple, list)) and all(axis is None or isinstance(axis, int) for axis in asked):
        return [asked]
    values = asked.values() if isinstance(asked, dict) else asked
    return [shape for each in values for shape in _shapes(each)]


def _agree(said: Any, found: Any) -> bool:
    return len(said) == len(found) and all(one is None or one == two for one, two in zip(said, found, strict=True))


def two_ranks(trial: Trial) -> Iterator[Failed]:
    """A layer that was called takes what a fresh one takes: inputs with one more axis behind the batch."""
    framework, plan = trial.framework, trial.plan
    wider = replace(plan, given=plan.given.map(_with_axis))
    if wider.given == plan.given:
        raise NotForThis("no input has a batch")
    args, kwargs = _widened(trial)
    try:
        expected = numbers(framework, plan.make()(*args, **kwargs))
    except Exception as error:
        raise NotForThis("a fresh layer takes no input of one rank more") from error
    layer = plan.make()
    running.eager(plan, layer)
    try:
        found = numbers(framework, layer(*args, **kwargs))
    except Exception as error:
        yield Failed("two_ranks_of_batch", f"called on one rank more, as a fresh layer can be: {brief(error)}", error)
        return
    shapes = [[each.shape for each in outputs or ()] for outputs in (found, expected)]
    if shapes[0] != shapes[1]:
        yield Failed("two_ranks_of_batch", f"called on one rank more: shapes {shapes[0]}, of a fresh layer {shapes[1]}")


def _with_axis(tensor: Tensor) -> Tensor:
    return replace(tensor, shape=(tensor.shape[0], 1, *tensor.shape[1:])) if tensor.shape else tensor


def _widened(trial: Trial) -> tuple[Any, Any]:
    framework, plan = trial.framework, trial.plan
    args, kwargs = plan.arrays(plan.given.batch)

    def wide(leaf: Any) -> Any:
        if isinstance(leaf, framework.np.ndarray) and leaf.ndim:
            leaf = leaf[:, None]
            return framework.tensor(leaf)
        return leaf

    changed = framework.tree.map_structure(wide, [args, kwargs])
    return changed[0], changed[1]
