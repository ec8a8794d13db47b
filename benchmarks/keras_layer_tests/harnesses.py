"""The two that are compared: Keras's private test case and `check_layer`. Each says what it saw fail."""

from __future__ import annotations

import importlib.util
import sys
import unittest
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from keras.src.testing import TestCase

import keras
from benchmarks.keras_layer_tests.ports import Port
from keras_layer_lint.testing import check_layer
from keras_layer_lint.testing.checks import chosen

_LONGEST = 160


def loaded(text: str, folder: Path) -> Any:
    """The module of a layer."""
    path = folder / "layer_under_test.py"
    path.write_text(text, encoding="utf-8")
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    return module


def of_keras(port: Port, cls: Any) -> str:
    """What `run_layer_test` raises."""
    shapes, dtypes = port.keras_shapes

    class Ported(TestCase):  # type: ignore[misc]
        def runTest(self) -> None:  # noqa: N802
            self.run_layer_test(
                cls,
                init_kwargs=_arguments(port),
                input_shape=shapes,
                input_dtype=dtypes,
                call_kwargs=dict(port.call),
                expected_output_shape=port.shape,
                **port.expected,
                **port.private,
            )

    result = unittest.TestResult()
    Ported().run(result)
    problems = [*result.errors, *result.failures]
    return _short(problems[0][1].strip().splitlines()[-1]) if problems else ""


def of_klint(port: Port, cls: Any, wanted: Callable[[str], bool] = lambda name: True) -> dict[str, str]:
    """What `check_layer` says of each check that fails, up to the first of those that are `wanted`."""
    given = port.parsed
    inputs: Any = port.inputs if not given.named else port.inputs.replace("query=", "", 1)
    found: dict[str, str] = {}
    for name in chosen(None):
        try:
            report = check_layer(
                lambda: cls(**_arguments(port)),
                inputs,
                call=port.call,
                checks=[name],
                raise_on_failure=False,
                expected_output_shape=port.shape,
                **port.expected,
            )
            failures = [str(replace(failure, path=Path(failure.path).name)) for failure in report.failures]
        except Exception as error:  # the layer cannot be made
            failures = [f"{type(error).__name__}: {error}"]
        if failures:
            found[name] = _short(failures[0].splitlines()[0])
            if wanted(name):
                break
    return found


def _arguments(port: Port) -> dict[str, Any]:
    made: dict[str, Any] = eval(f"dict({port.arguments})", {"keras": keras})
    return made


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."
