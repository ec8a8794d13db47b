"""What Keras traces besides `call`: steps of a Model, losses, metrics and the like, run by `fit` as users run it."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from keras_layer_lint.confirm.framework import Framework
from keras_layer_lint.confirm.oracles import running
from keras_layer_lint.confirm.oracles.objects import place_of
from keras_layer_lint.confirm.planning.inputs import Tensor
from keras_layer_lint.keras.kinds import ClassKind
from keras_layer_lint.keras.methods import TRACED

if TYPE_CHECKING:
    from keras_layer_lint.confirm.planning.plan import Plan

_WIDTH, _OUTPUTS = 8, 4
FIT = "fit"
"""What an error of such a run is said to come from."""
_RUNS = {"test_step": "evaluate", "predict_step": "predict"}
"""The method of a model that calls a step; `fit` calls the others."""


@dataclass(frozen=True, slots=True)
class Fitting:
    """A model that is made anew for each run, and what it is run on."""

    model: Callable[[], tuple[Any, dict[str, Any]]]
    """Makes it, and what it is compiled with."""
    data: tuple[Any, ...]
    """What a batch consists of: inputs, and what is expected."""
    methods: tuple[str, ...] = ("fit",)

    def run(self, *, eager: bool = False, epochs: int = 1, callbacks: Sequence[Any] = (), **options: Any) -> Any:
        """Compile a new model and run it; the model. `callbacks`: for `fit`."""
        model, compiled = self.model()
        model.compile(**compiled, **({"run_eagerly": True} if eager else {}), **options)
        for method in self.methods:
            data = self.data[:1] if method == "predict" else self.data
            more = {"epochs": epochs, "callbacks": list(callbacks)} if method == "fit" else {}
            getattr(model, method)(*data, batch_size=len(self.data[-1]), verbose=0, **more)
        return model


def steps_of(cls: Any, framework: Framework) -> tuple[str, ...]:
    """The methods that the class, or a base of the project, defines beside `call` and Keras traces in `fit`."""
    if not issubclass(cls, framework.keras.Model):
        return ()
    own = [base for base in cls.__mro__ if not framework.is_its_own(base)]
    return tuple(name for name in TRACED[ClassKind.MODEL] if name != "call" and any(name in vars(base) for base in own))


def is_fitted(framework: Framework, cls: Any) -> bool:
    """Whether `fit` alone shows what Keras traces of a class: it is no layer."""
    return bool(place_of(framework, cls))


def fitting_of(framework: Framework, plan: Plan) -> Fitting | None:
    """How `fit` comes to run methods of the class beside `call`; None where it runs none."""
    place = place_of(framework, plan.cls)
    if place:
        return _around(framework, plan, place)
    steps = steps_of(plan.cls, framework)
    return _of_model(framework, plan, steps) if steps else None


def of_model(framework: Framework, plan: Plan) -> Fitting | None:
    """How `fit` comes to run a model, whether it has steps of its own or not."""
    return _of_model(framework, plan, steps_of(plan.cls, framework) or ("train_step",))


def _around(framework: Framework, plan: Plan, place: str) -> Fitting:
    """A model that holds an instance; a loss or metric gets what the plan calls it on, where that is two tensors."""
    keras = framework.keras
    random = framework.np.random.default_rng(7)
    inputs, expected = [random.uniform(0.1, 0.9, (3, width)).astype("float32") for width in (_WIDTH, _OUTPUTS)]
    if place in ("loss", "metrics") and (given := _two_tensors(plan)) is not None:
        expected, inputs = given

    def model() -> tuple[Any, dict[str, Any]]:
        made = plan.make()
        entry = keras.Input(inputs.shape[1:])
        width = inputs.shape[-1] if place in ("loss", "metrics") else expected.shape[-1]
        options = {place: made} if place.startswith("kernel") else {}
        compiled = {"optimizer": "sgd", "loss": "mse"} | _places(keras, place, made)
        return keras.Model(entry, keras.layers.Dense(width, **options)(entry)), compiled

    return Fitting(model, (inputs, expected))


def _places(keras: Any, place: str, made: Any) -> dict[str, Any]:
    """What `compile` gets of an instance."""
    if place == "learning_rate":
        return {"optimizer": keras.optimizers.SGD(made)}
    if place == "metrics":
        return {"metrics": [made]}
    return {place: made} if place in ("optimizer", "loss") else {}


def _two_tensors(plan: Plan) -> tuple[Any, Any] | None:
    given = plan.given.positional
    if len(given) < 2 or not all(isinstance(each, Tensor) and each.rank >= 2 for each in given[:2]):
        return None
    expected, predicted = plan.arrays(plan.given.batch or 3)[0][:2]
    if predicted.dtype.kind != "f" or len(expected) != len(predicted):
        return None
    return expected, predicted


def _of_model(framework: Framework, plan: Plan, steps: tuple[str, ...]) -> Fitting | None:
    methods = tuple(dict.fromkeys(_RUNS.get(step, "fit") for step in steps))
    inputs = running.model_inputs(framework, plan)
    if not inputs:
        return None
    given = inputs[0] if len(inputs) == 1 else inputs
    expected = framework.values(running.eager(plan))[0]

    def model() -> tuple[Any, dict[str, Any]]:
        made = plan.make()
        running.eager(plan, made)
        return made, _compile_arguments(framework, plan.cls)

    both = Fitting(model, (given, expected), methods)
    alone = Fitting(model, (given,), methods)
    for fitting in (both, alone):
        with suppress(Exception):
            fitting.run(eager=True)
            return fitting
    return both


def _compile_arguments(framework: Framework, cls: Any) -> dict[str, Any]:
    """Optimizers, losses and metrics for the parameters of `compile` that are called so."""
    keras = framework.keras
    found: dict[str, Any] = {}
    for name, parameter in inspect.signature(cls.compile).parameters.items():
        is_keras = name in ("optimizer", "loss")
        if name == "self" or parameter.kind in (parameter.VAR_KEYWORD, parameter.VAR_POSITIONAL):
            continue
        if parameter.default is not parameter.empty and not is_keras:
            continue
        if "optim" in name or name.endswith("_opt"):
            found[name] = keras.optimizers.SGD(0.01)
        elif "loss" in name:
            found[name] = keras.losses.MeanSquaredError()
        elif "metric" in name:
            found[name] = []
    return found
