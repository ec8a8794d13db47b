"""A class under two generations of Keras: the same weights and inputs, and what it then gives and learns."""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass
from typing import Any

from keras_layer_lint.confirm.framework import Framework
from keras_layer_lint.confirm.judging import loaded
from keras_layer_lint.confirm.messages import CannotRun, Compared, Noted, PlanChosen, Send
from keras_layer_lint.confirm.oracles import running
from keras_layer_lint.confirm.oracles.outputs import difference, numbers, plain_parts
from keras_layer_lint.confirm.planning import Failure, Plan, first_working
from keras_layer_lint.confirm.probe import Comparison, Probe
from keras_layer_lint.confirm.subject import brief
from keras_layer_lint.target import Generation

_Weights = dict[str, Any]
"""Arrays by the names of variables, which are made unique."""
OUTPUTS = "outputs"
_MOST = 2_000_000
"""Numbers in a note: of more, nothing is compared."""


def run_across(framework: Framework, probe: Probe, send: Send) -> None:
    """Note what a class gives, or hold what it gives against a note."""
    assert probe.across is not None
    found = loaded(framework, probe, send)
    if found is None:
        return
    plan = first_working(found[1], probe, framework)
    if isinstance(plan, Failure):
        send(CannotRun(reason=plan.reason, help=plan.recipe))
        return
    send(PlanChosen(arguments=plan.arguments, inputs=plan.inputs, source=plan.source))
    if probe.across.note:
        given = _Outcome.read(framework, probe.across.note)
        nothing = Comparison()  # it runs, and that is all that can be said
        comparison = nothing if given.trouble else _compared(given, _outcome(framework, plan, given))
        send(Compared(comparison=comparison))
    else:
        send(Noted(note=_outcome(framework, plan, None).text(framework)))


@dataclass(frozen=True, slots=True)
class _Outcome:
    """Arrays: the weights that a layer was given, what it returns, and the gradients of the sum of that."""

    trainable: _Weights
    others: _Weights
    outputs: list[Any]
    gradients: _Weights
    trouble: str = ""
    """Why there is nothing to compare."""

    def text(self, framework: Framework) -> str:
        """All of it as text."""
        parts = {
            "trainable": list(self.trainable.values()),
            "others": list(self.others.values()),
            "outputs": self.outputs,
            "gradients": list(self.gradients.values()),
        }
        if self.trouble or sum(array.size for arrays in parts.values() for array in arrays) > _MOST:
            parts = {}
        named = {f"{name}_{number}": array for name, arrays in parts.items() for number, array in enumerate(arrays)}
        is_large = not self.trouble and not parts
        trouble = "it is too large to be compared" if is_large else self.trouble
        names = framework.np.array(["\n".join(self.trainable), "\n".join(self.others), trouble])
        stream = io.BytesIO()
        framework.np.savez_compressed(stream, names=names, **named)
        return base64.b64encode(stream.getvalue()).decode()

    @classmethod
    def read(cls, framework: Framework, text: str) -> _Outcome:
        """What was noted."""
        found: dict[str, list[Any]] = {name: [] for name in ("trainable", "others", "outputs", "gradients")}
        with framework.np.load(io.BytesIO(base64.b64decode(text)), allow_pickle=False) as archive:
            first, second, trouble = map(str, archive["names"])
            trainable, others = first.split("\n"), second.split("\n")
            for name in archive.files:
                if name != "names":
                    found[name.rpartition("_")[0]].append(archive[name])
        return cls(
            dict(zip(trainable, found["trainable"], strict=False)),
            dict(zip(others, found["others"], strict=False)),
            found["outputs"],
            dict(zip(trainable, found["gradients"], strict=False)),
            trouble,
        )


def _outcome(framework: Framework, plan: Plan, given: _Outcome | None) -> _Outcome:
    """Build a layer by a call, with the weights of another where they fit, and call it again."""
    framework.keras.backend.clear_session()
    layer = plan.make()
    running.eager(plan, layer)
    trainable = _named(getattr(layer, "trainable_weights", None) or [])
    all_weights = list(getattr(layer, "weights", None) or getattr(layer, "variables", None) or [])
    left_out = [*trainable.values(), *_of_metrics(framework, layer)]
    others = _named([each for each in all_weights if not any(each is own for own in left_out)])
    if given is not None:
        trouble = _take(trainable, given.trainable) or _take(others, given.others)
        if trouble:
            return _Outcome({}, {}, [], {}, trouble)
    own, more = ({name: framework.np.array(each) for name, each in part.items()} for part in (trainable, others))
    try:
        outputs = numbers(framework, plain_parts(framework, running.eager(plan, layer)))
    except Exception as error:
        return _Outcome({}, {}, [], {}, f"called again it raises {brief(error)}")
    if outputs is None:
        return _Outcome({}, {}, [], {}, "what it returns cannot be compared")
    again = numbers(framework, plain_parts(framework, running.eager(plan, layer)))
    if difference(outputs, again):
        return _Outcome({}, {}, [], {}, "each call gives something else")
    return _Outcome(own, more, outputs, _gradients(framework, plan, layer, trainable))


def _of_metrics(framework: Framework, layer: Any) -> list[Any]:
    """What the metrics of a layer have counted: Keras 2 has it among the weights of the layer, Keras 3 has not."""
    if isinstance(layer, framework.keras.metrics.Metric):
        return []
    return [each for metric in getattr(layer, "metrics", None) or [] for each in metric.variables]


def _named(variables: list[Any]) -> dict[str, Any]:
    """Variables by their names, as both generations write them."""
    found: dict[str, Any] = {}
    for variable in variables:
        name = str(getattr(variable, "path", None) or variable.name).removesuffix(":0")
        found[name if name not in found else f"{name} {len(found)}"] = variable
    return found


def _take(own: dict[str, Any], given: _Weights) -> str:
    """Give weights the values of others, by name, else in order. Why they do not fit; empty where they do."""
    if own.keys() == given.keys():
        pairs = [(own[name], given[name]) for name in own]
    else:
        pairs = list(zip(own.values(), given.values(), strict=False))
    fits = len(own) == len(given) and all(tuple(variable.shape) == value.shape for variable, value in pairs)
    if not fits:
        return f"its weights are {_listed(own)}, and were {_listed(given)}"
    for variable, value in pairs:
        variable.assign(value)
    return ""


def _listed(weights: dict[str, Any]) -> str:
    return ", ".join(f"{name} {tuple(map(int, each.shape))}" for name, each in weights.items()) or "none"


def _gradients(framework: Framework, plan: Plan, layer: Any, trainable: dict[str, Any]) -> _Weights:
    """Of the sum of the outputs by the trainable weights; zeros where there is none."""
    tf = framework.tf
    if tf is None or not trainable:
        return {}
    with tf.GradientTape() as tape:
        given = plain_parts(framework, running.eager(plan, layer))
        outputs = [tf.convert_to_tensor(each) for each in given]  # one may be a weight itself
        floats = [tf.reduce_sum(tf.cast(each, "float32")) for each in outputs if each.dtype.is_floating]
        total = tf.add_n(floats) if floats else tf.zeros(())
    is_keras_3 = framework.generation is Generation.KERAS3
    found = tape.gradient(total, [each.value if is_keras_3 else each for each in trainable.values()])
    return {
        name: framework.np.zeros(tuple(own.shape), "float32")
        if each is None
        else framework.np.asarray(tf.convert_to_tensor(each))
        for each, (name, own) in zip(found, trainable.items(), strict=True)
    }


def _compared(before: _Outcome, now: _Outcome) -> Comparison:
    if now.trouble:
        return Comparison(differences=(now.trouble,))
    same, differences = (["weights"] if before.trainable or before.others else []), []
    by_name = now.gradients.keys() == before.gradients.keys()
    gradients = [now.gradients[name] for name in before.gradients] if by_name else list(now.gradients.values())
    pairs = ((OUTPUTS, now.outputs, before.outputs), ("gradients", gradients, list(before.gradients.values())))
    for what, one, two in pairs:
        found = difference(one, two)
        if found:
            differences.append(f"{what} are {found}")
        elif one:
            same.append(what)
    return Comparison(same=tuple(same), differences=tuple(differences))
