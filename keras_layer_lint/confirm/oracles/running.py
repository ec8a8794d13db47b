"""The ways a layer is run: as Keras and users do, each on a layer of its own."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

from keras_layer_lint.confirm.framework import Framework
from keras_layer_lint.confirm.oracles.converted import calling, calling_and_training, training_step
from keras_layer_lint.confirm.oracles.on_jax import Jitted, Training
from keras_layer_lint.confirm.planning.inputs import is_named
from keras_layer_lint.confirm.time_limit import with_an_end
from keras_layer_lint.target import Generation

if TYPE_CHECKING:
    from keras_layer_lint.confirm.planning.plan import Plan


def takes(method: Any, name: str) -> bool:
    """Whether a function has a parameter of the name."""
    try:
        return name in inspect.signature(method).parameters
    except (TypeError, ValueError):
        return False


def ways(plan: Plan) -> list[dict[str, Any]]:
    """What to call a layer with: as it stands, and in training, where it takes that."""
    is_open = takes(getattr(plan.cls, "call", None), "training") and "training" not in plan.given.named
    return [{}, {"training": True}] if is_open else [{}]


def eager(plan: Plan, layer: Any | None = None, **more: Any) -> Any:
    """Call the layer on values."""
    layer = plan.make() if layer is None else layer
    args, kwargs = inputs_of(plan)
    with with_an_end():
        return layer(*args, **kwargs | more)


def symbolic(plan: Plan, layer: Any | None = None) -> Any:
    """Call the layer as a functional model does: nothing but shapes is known, and of the batch not even that."""
    layer = plan.make() if layer is None else layer
    args, kwargs = plan.symbolic(None)
    try:
        return layer(*args, **kwargs)
    except Exception:
        if _hides_errors(plan):
            _symbolic_of_known_batch(plan)
        raise


def works_with_one_batch(plan: Plan) -> bool:
    """Whether a layer of several inputs can be called in a functional model where only the first has an open batch."""
    if len(plan.given.tensors()) < 2:
        return False
    args, kwargs = plan.symbolic(None, first_only=True)
    try:
        plan.make()(*args, **kwargs)
    except Exception:
        return False
    return True


def _hides_errors(plan: Plan) -> bool:
    """Whether an error in a functional model with an open batch size says nothing of what was raised.

    Up to 3.3, Keras on JAX tries again with None for the batch size, at which JAX raises an error of its own.
    """
    keras, tf = plan.framework.keras, plan.framework.tf
    return tf is None and tuple(map(int, keras.__version__.split(".")[:2])) <= (3, 3)


def _symbolic_of_known_batch(plan: Plan) -> None:
    """Trace as often as Keras does for an open batch size, where it has one: this raises what that hides."""
    layer = plan.make()
    args, kwargs = plan.symbolic(plan.given.batch or 2)
    for _ in range(2):
        layer(*args, **kwargs)


def model_of(framework: Framework, plan: Plan, layer: Any | None = None) -> Any:
    """A functional model around the layer; None where its inputs or outputs are not those of a model.

    Or where the model holds what the layer computes, and not the layer: one of another Keras, or with a `__call__`.
    """
    layer = plan.make() if layer is None else layer
    args, kwargs = plan.symbolic(None)
    inputs = [leaf for leaf in framework.tree.flatten([args, kwargs]) if framework.is_symbolic(leaf)]
    outputs = layer(*args, **kwargs)
    if not all(framework.is_symbolic(leaf) for leaf in framework.tree.flatten(outputs)):
        return None
    model = framework.keras.Model(inputs, outputs)
    return model if any(each is layer for each in model._flatten_layers()) else None


def model_to_save(framework: Framework, plan: Plan, layer: Any | None = None) -> Any:
    """As `model_of`; None for a layer on a named tuple, too: a saved model has a list in its place, whatever it holds.

    That is so in Keras 2.21 and 3.15.
    """
    if any(map(is_named, (*plan.given.positional, *plan.given.named.values()))):
        return None
    return model_of(framework, plan, layer)


def model_inputs(framework: Framework, plan: Plan) -> list[Any]:
    """The values for a model of `model_of`."""
    args, kwargs = plan.arrays(plan.given.batch or 2)
    return [leaf for leaf in framework.tree.flatten([args, kwargs]) if isinstance(leaf, framework.np.ndarray)]


def traced(
    framework: Framework, plan: Plan, layer: Any | None = None, *, unknown_batch: bool = False, **more: Any
) -> Any:
    """Run the layer in a traced function, on values."""
    layer = plan.make() if layer is None else layer
    args, kwargs = inputs_of(plan)
    if framework.tf is None:
        return Jitted(framework, layer, args, kwargs | more)()

    function = _graph_function(framework, calling(layer, more))
    if unknown_batch:
        specs, named = plan.specs(None)
        function = function.get_concrete_function(*specs, **named)
    return function(*args, **kwargs)


def function(framework: Framework, plan: Plan, layer: Any, *, jit_compile: bool = False, **more: Any) -> Any:
    """The layer as a traced function without arguments: the first call traces it."""
    args, kwargs = inputs_of(plan)
    if framework.tf is None:
        return Jitted(framework, layer, args, kwargs | more)

    made = _graph_function(framework, calling(layer, more), jit_compile=jit_compile or None)
    return lambda: made(*args, **kwargs)


def operations_at(
    framework: Framework, plan: Plan, layer: Any, path: str, first: int, last: int, **more: Any
) -> set[str]:
    """The kinds of operations that lines of a file make when the layer is traced, those of nested graphs left out."""
    args, kwargs = inputs_of(plan)
    made = _graph_function(framework, calling(layer, more))
    return {
        operation.type
        for operation in made.get_concrete_function(*args, **kwargs).graph.get_operations()
        if any(frame.filename == path and first <= frame.lineno <= last for frame in operation.traceback)
    }


def _graph_function(framework: Framework, function: Any, **options: Any) -> Any:
    """A traced function around a layer; Keras 3 keeps `call` from being converted, and the rest need not be."""
    return framework.tf.function(function, autograph=framework.generation is Generation.KERAS2, **options)


def inputs_of(plan: Plan) -> tuple[Any, Any]:
    """The arguments of a call, of the batch size that the plan names."""
    found: tuple[Any, Any] = plan.call_inputs(plan.given.batch or 2)
    return found


def in_a_model(framework: Framework, plan: Plan) -> None:
    """Call a subclassed model twice, which builds the layer in a graph first."""
    layer = plan.make()
    given = inputs_of(plan)
    leaves = framework.tree.flatten(given)
    tensors = [leaf for leaf in leaves if framework.is_tensor(leaf)]
    if not tensors:
        return

    class Outer(framework.keras.Model):  # type: ignore[misc, name-defined]
        def __init__(self) -> None:
            super().__init__()
            self.layer = layer

        def call(self, inputs: Any) -> Any:
            # Keras 3 takes tensors only in the first argument of a call; flags and the like stay outside.
            waiting = iter(inputs)
            packed = [next(waiting) if framework.is_tensor(leaf) else leaf for leaf in leaves]
            args, kwargs = framework.tree.pack_sequence_as(given, packed)
            return self.layer(*args, **kwargs)

    outer = Outer()
    for _ in range(2):
        outer(tensors)


def train(framework: Framework, plan: Plan, layer: Any | None = None, **options: Any) -> Any:
    """One step of training: the loss, and the gradient of each trainable weight."""
    layer = plan.make() if layer is None else layer
    more = _in_training(plan, layer)
    args, kwargs = inputs_of(plan)
    if framework.tf is None:
        return Training(framework, layer, args, kwargs | more)()
    if not layer.built:
        layer(*args, **kwargs)

    return _graph_function(framework, training_step(layer, more, *_taped(framework, layer)), **options)(args, kwargs)


def step(framework: Framework, plan: Plan, layer: Any, **options: Any) -> Any:
    """A traced function of no arguments: the outputs, the loss of training, whether its gradients are finite."""
    args, kwargs = inputs_of(plan)
    more = _in_training(plan, layer)
    if framework.tf is None:
        return lambda: _step_jax(framework, plan, layer, more)
    tf = framework.tf
    before, after = _taped(framework, layer)

    def check(gradients: list[Any]) -> Any:
        found = [tf.math.is_finite(tf.convert_to_tensor(gradient)) for gradient in gradients]
        return tf.reduce_all([tf.reduce_all(each) for each in found]) if found else tf.constant(value=True)

    all_finite = tf.autograph.experimental.do_not_convert(check)
    made = _graph_function(framework, calling_and_training(layer, more, before, after, all_finite), **options)
    return lambda: made(args, kwargs)


def operations(framework: Framework, plan: Plan, layer: Any) -> set[str]:
    """The kinds of operations that the traced layer consists of."""
    args, kwargs = inputs_of(plan)

    graph = _graph_function(framework, calling(layer, {})).get_concrete_function(*args, **kwargs).graph.as_graph_def()
    nodes = [*graph.node, *(node for function in graph.library.function for node in function.node_def)]
    return {node.op for node in nodes}


def without_gradient(framework: Framework, plan: Plan, layer: Any) -> list[Any]:
    """The trainable weights that the outputs of a call in training do not depend on; none where that cannot be told.

    On JAX a weight without influence has a gradient of zeros, as one with influence may have.
    """
    if framework.tf is None:
        return []
    args, kwargs = inputs_of(plan)
    layer(*args, **kwargs)
    with framework.tf.GradientTape() as tape:
        loss = _loss(framework.tf, layer(*args, **kwargs, **_in_training(plan, layer)))
    weights = list(layer.trainable_variables)
    values = [getattr(weight, "value", weight) for weight in weights]
    values = [weight if inspect.ismethod(value) else value for weight, value in zip(weights, values, strict=True)]
    found = tape.gradient(loss, values) if values else []
    return [weight for weight, gradient in zip(weights, found, strict=True) if gradient is None]


def _taped(framework: Framework, layer: Any) -> tuple[Any, Any]:
    """What stands around a call to get its loss and gradients, and is kept from AutoGraph, which converts the call."""
    tf = framework.tf

    def begin(args: Any, kwargs: Any) -> tuple[Any, list[Any]]:
        leaves = [leaf for leaf in tf.nest.flatten([args, kwargs]) if _differentiable(tf, leaf)]
        tape = tf.GradientTape()
        tape.__enter__()
        tape.watch(leaves)
        return tape, leaves

    def finish(tape: Any, leaves: list[Any], outputs: Any) -> Any:
        loss = _loss(tf, outputs)
        tape.__exit__(None, None, None)
        # A variable of Keras 3 holds that of TensorFlow; that of TensorFlow has a method of the name.
        held = [(weight, getattr(weight, "value", weight)) for weight in layer.trainable_variables]
        weights = [weight if inspect.ismethod(value) else value for weight, value in held]
        found = tape.gradient(loss, [*weights, *leaves])
        return loss, [gradient for gradient in found if gradient is not None]

    opaque = tf.autograph.experimental.do_not_convert
    return opaque(begin), opaque(finish)


def _step_jax(framework: Framework, plan: Plan, layer: Any, more: dict[str, Any]) -> Any:
    args, kwargs = inputs_of(plan)
    outputs = Jitted(framework, layer, args, kwargs)()
    loss, gradients = Training(framework, layer, args, kwargs | more)()
    leaves = framework.tree.flatten(gradients)
    finite = all(bool(framework.np.isfinite(framework.np.asarray(leaf, "float32")).all()) for leaf in leaves)
    return outputs, loss, finite


def _in_training(plan: Plan, layer: Any) -> dict[str, Any]:
    is_open = takes(type(layer).call, "training") and "training" not in plan.given.named
    return {"training": True} if is_open else {}


def _differentiable(tf: Any, leaf: Any) -> bool:
    return bool(tf.is_tensor(leaf)) and leaf.dtype.is_floating


def _loss(tf: Any, outputs: Any) -> Any:
    found = [leaf for leaf in tf.nest.flatten(outputs) if tf.is_tensor(leaf) and leaf.dtype.is_floating]
    return sum((tf.reduce_mean(tf.square(tf.cast(leaf, tf.float32))) for leaf in found), tf.constant(0.0))
