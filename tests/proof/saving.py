"""Saving and loading, as a whole model and as a configuration."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any

from tests.proof.example import Example
from tests.proof.plans import Plan

Profile = Callable[[FrameType, str, object], None]


def custom_objects(module: ModuleType) -> dict[str, Any]:
    return {
        name: value
        for name, value in vars(module).items()
        if (inspect.isclass(value) or inspect.isfunction(value)) and value.__module__ == module.__name__
    }


def save_and_load(example: Example, module: ModuleType, plan: Plan, cls: Any) -> tuple[str, Exception | None, Any, Any]:
    """A functional model around the layer through a `.keras` file: the phase it got to, the error, both models."""
    framework = example.framework
    inputs = plan.symbolic_inputs(framework)
    return save_and_load_model(
        example, module, framework.keras.Model(inputs, plan.call(framework, plan.make(cls), inputs))
    )


def save_and_load_model(example: Example, module: ModuleType, model: Any) -> tuple[str, Exception | None, Any, Any]:
    path = Path(example.file).with_suffix(".keras")
    phase = "saving"
    try:
        model.save(path)
        phase = "loading"
        load_model = example.framework.keras.models.load_model
        loaded = load_model(path, custom_objects=custom_objects(module), compile=False)
    except Exception as error:
        return phase, error, model, None
    return "loaded", None, model, loaded


def round_trip(example: Example, module: ModuleType, layer: Any, profile: Profile | None = None) -> Any:
    """The layer from its configuration, as a saved model holds it, without weights."""
    saving = example.framework.keras.saving
    config = saving.serialize_keras_object(layer)
    sys.setprofile(profile)
    try:
        return saving.deserialize_keras_object(config, custom_objects=custom_objects(module))
    finally:
        sys.setprofile(None)
