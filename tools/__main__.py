"""Refresh the tables: `python -m tools` all of them, `python -m tools layers` only one.

Each table is measured in a process of its own, since calling everything leaves a framework in an unknown state. All
take some twenty minutes on two idle cores. Needs tensorflow, tf_keras, keras 3, jax and scipy.
"""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
import tempfile
import warnings
from importlib.metadata import version
from typing import Any

from keras_layer_lint.keras.tables import FOLDER, PACKAGES, TABLES, read_stamp

LONG = 1200
"""Characters of what stands on one line."""


def stamp() -> dict[str, str]:
    """Return the installed versions of what is measured, by package."""
    return {package: version(package.replace("_", "-")) for package in PACKAGES}


def written(table: dict[str, Any], indent: int = 1) -> str:
    """Lay out a table so that a diff of it can be read: what is long has a line for each name or group of names."""
    rows = []
    for key, value in table.items():
        text = json.dumps(value)
        if isinstance(value, dict) and len(text) > LONG:
            text = written(value, indent + 1)
        rows.append(f"{' ' * indent}{json.dumps(key)}: {text}")
    return "{\n" + ",\n".join(rows) + "\n" + " " * (indent - 1) + "}"


def refresh(name: str) -> None:
    """Measure and write one table."""
    warnings.simplefilter("ignore")
    path = FOLDER / f"{name}.json"
    before = os.getcwd()  # noqa: PTH109
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)  # what is called may write files
        try:
            table = importlib.import_module(f"tools.{name}").measure()
        finally:
            os.chdir(before)
    path.write_text(written({"measured_with": stamp(), **table}) + "\n", encoding="utf-8")


def main(names: list[str]) -> int:
    """Refresh the tables of these names."""
    if len(names) == 1:
        refresh(names[0])
        return 0
    for name in names or TABLES:
        print(f"{name}, last measured with {read_stamp(name)}", flush=True)
        subprocess.run([sys.executable, "-m", "tools", name], check=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
