"""`python -m tests.confirm.planning.provoke`: raises each sample of the repair tables anew, in one process.

A line of JSON for each: its number, and the error as `Type: text`, without what `cleaned` removes.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import os
from typing import Any

from keras_layer_lint.confirm.planning.trouble import cleaned
from tests.confirm.planning.replay import SAMPLES

NAMES = {"keras": "keras", "tf_keras": "tf_keras", "tf": "tensorflow", "jnp": "jax.numpy", "np": "numpy"}


def main() -> None:
    os.environ["KERAS_BACKEND"] = "tensorflow"
    names = {
        name: importlib.import_module(module)
        for name, module in NAMES.items()
        if importlib.util.find_spec(module.partition(".")[0])
    }
    for number, each in enumerate(SAMPLES):
        if each.sample.raised_by:
            print(json.dumps([number, raised(each.sample.raised_by, names)]), flush=True)


def raised(statements: str, names: dict[str, Any]) -> str:
    try:
        exec(statements, dict(names))
    except Exception as error:
        text = str(error.args[0]) if isinstance(error, KeyError) else str(error)
        return f"{type(error).__name__}: {cleaned(text)}"
    return "nothing was raised"


if __name__ == "__main__":
    main()
