"""A `__call__` of the class's own: where it does not reach that of Keras, nothing traces `call`."""

from __future__ import annotations

import functools
from typing import Any

from keras_layer_lint.confirm.oracles import running
from keras_layer_lint.confirm.oracles.trial import Trial
from keras_layer_lint.rule import Oracle

NEEDS_KERAS: frozenset[Oracle] = frozenset({"graph", "purity", "train", "mask", "mixed precision", "xla"})
"""Oracles that decide by what becomes of a layer that Keras calls."""


def bypasses_keras(trial: Trial) -> str:
    """Why it is never traced: the layer is called, and Keras is not. Empty where Keras is."""
    framework, plan = trial.framework, trial.plan
    layer_class = framework.keras.layers.Layer
    own = [base for base in plan.cls.__mro__ if not framework.is_its_own(base)]
    if not framework.is_layer(plan.cls) or not any("__call__" in vars(base) for base in own):
        return ""
    called: list[Any] = []
    original = layer_class.__call__

    @functools.wraps(original)
    def recorded(self: Any, *args: Any, **kwargs: Any) -> Any:
        called.append(self)
        return original(self, *args, **kwargs)

    layer_class.__call__ = recorded
    try:
        layer = plan.make()
        running.eager(plan, layer)
    except Exception:
        return ""
    finally:
        layer_class.__call__ = original
    is_called = any(each is layer for each in called)
    return "" if is_called else "its own `__call__` does not call that of Keras, so that nothing traces `call`"
