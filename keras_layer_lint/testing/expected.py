"""What a test says that a layer has: the numbers that Keras's own tests of layers name, under the same names."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, TypedDict

from keras_layer_lint.confirm.framework import Framework
from keras_layer_lint.confirm.oracles import running
from keras_layer_lint.confirm.oracles.outputs import difference, numbers
from keras_layer_lint.confirm.oracles.trial import Failed, Trial
from keras_layer_lint.testing.common import dtype_of

if TYPE_CHECKING:
    from collections.abc import Mapping


class Expected(TypedDict, total=False):
    """Each is compared where it is given, after one call of the layer."""

    expected_output: Any
    """The values of the outputs: an array, or a structure of arrays."""
    expected_output_shape: Any
    """The shape of the output, or a structure of shapes, the batch included."""
    expected_output_dtype: Any
    """The dtype of the outputs: `"float32"`, or one for each output."""
    expected_num_trainable_weights: int
    expected_num_non_trainable_weights: int
    expected_num_non_trainable_variables: int
    expected_num_seed_generators: int
    expected_num_losses: int
    supports_masking: bool


def as_expected(trial: Trial, expected: Mapping[str, Any]) -> Iterator[Failed]:
    """Compare what the test says with what the layer has."""
    framework, plan = trial.framework, trial.plan
    layer = plan.make()
    outputs = framework.tree.flatten(running.eager(plan, layer))
    found: dict[str, Any] = {
        "expected_num_trainable_weights": lambda: len(layer.trainable_weights),
        "expected_num_non_trainable_weights": lambda: len(layer.non_trainable_weights),
        "expected_num_non_trainable_variables": lambda: len(layer.non_trainable_variables),
        "expected_num_seed_generators": lambda: len(_seed_generators(framework, layer)),
        "expected_num_losses": lambda: len(layer.losses),
        "supports_masking": lambda: bool(layer.supports_masking),
        "expected_output_dtype": lambda: [dtype_of(leaf) for leaf in outputs],
        "expected_output_shape": lambda: [tuple(leaf.shape) for leaf in outputs],
    }
    for name, wanted in expected.items():
        if name == "expected_output":
            values = [framework.np.asarray(leaf) for leaf in framework.tree.flatten(wanted)]
            if other := difference(numbers(framework, outputs), values):
                yield Failed("expected", f"outputs {other} that were expected")
            continue
        has = found[name]()
        if name == "expected_output_shape":
            wanted = _shapes(wanted)
        elif name == "expected_output_dtype":
            wanted = [wanted] * len(outputs) if isinstance(wanted, str) else list(wanted)
        if has != wanted:
            has, wanted = (each[0] if isinstance(each, list) and len(each) == 1 else each for each in (has, wanted))
            yield Failed("expected", f"{name.removeprefix('expected_')}: {has}, and {wanted} was expected")


def _shapes(wanted: Any) -> list[tuple[Any, ...]]:
    if isinstance(wanted, dict):
        return [shape for key in sorted(wanted) for shape in _shapes(wanted[key])]
    if all(axis is None or isinstance(axis, int) for axis in wanted):
        return [tuple(wanted)]
    return [shape for each in wanted for shape in _shapes(each)]


def _seed_generators(framework: Framework, layer: Any) -> list[Any]:
    generator = getattr(framework.keras.random, "SeedGenerator", None)
    if generator is None:
        return []
    layers = layer._flatten_layers() if hasattr(layer, "_flatten_layers") else [layer]
    held = [value for each in layers for value in vars(each).values()]
    found = {id(each): each for each in framework.tree.flatten(held) if isinstance(each, generator)}
    return list(found.values())
