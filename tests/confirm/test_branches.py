"""What modules import from elsewhere is imported once for all layers, which are run as if each imported it."""

from __future__ import annotations

import os
import re

import pytest

from keras_layer_lint.confirm.probe import ProbeResult
from tests.confirm.conftest import probe, ran
from tests.frameworks import needs

pytestmark = pytest.mark.slow

ONCE = "import uuid\nNUMBER = uuid.uuid4().hex\n"
UNFIT = {
    "threads": "import threading, time\nthreading.Thread(target=time.sleep, args=(600,), daemon=True).start()\n",
    "operation": "import tensorflow as tf\nONE = tf.constant(1.0)\n",
    "raises": "import os\nif not hasattr(os, 'was'):\n    os.was = 1\n    raise RuntimeError\n",
    "exits": "raise SystemExit\n",
    "ends": "import os\nos.abort()\n",
}
INSTALLED = {
    "once": ONCE,
    "more": ONCE,
    "brings": "import helper\n",
    "helper": "NAME = 'installed'\n",
    "writes": "try:\n    open({elsewhere!r}, 'w')\n    DONE = 'written'\nexcept OSError:\n    DONE = 'kept'\n",
    "homes": "from pathlib import Path\n(Path.home() / 'x').write_text('x')\nDONE = 'home'\n",
    **UNFIT,
}
TRIES = "import once\ntry:\n    import {name}\n    SAYS = 'there'\nexcept RuntimeError:\n    SAYS = 'raised'\n"
LAYERS = {
    "A": ("import once\n", "once.NUMBER"),
    "B": ("import once\nimport more\n", "once.NUMBER"),
    "C": ("from through import once\n", "once.NUMBER"),
    "D": ("import sys\n", "sorted({'once', 'more'} & set(sys.modules))"),
    "Hidden": ("import brings\nimport helper\n", "helper.NAME"),
    "Writes": ("import writes\n", "writes.DONE"),
    "Homes": ("import homes\n", "homes.DONE"),
    **{f"With_{name}": (TRIES.format(name=name), "SAYS") for name in UNFIT},
}
LAYER = """{imports}
import keras

class {name}(keras.layers.Layer):
    def call(self, x):
        raise ValueError(f"<{{{says}}}>")
"""
SAID = re.compile("<(.*)>")


@pytest.fixture(scope="module")
def heard(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What each layer says, all run by one process that holds Keras."""
    needs("3")
    folder = tmp_path_factory.mktemp("branches")
    for name in ("installed", "project"):
        (folder / name).mkdir()
    for name, text in INSTALLED.items():
        text = text.format(elsewhere=str(folder / "written")) if "{elsewhere" in text else text
        (folder / "installed" / f"{name}.py").write_text(text, encoding="utf-8")
    project = folder / "project"
    (project / "through.py").write_text("import once\n", encoding="utf-8")
    (project / "helper.py").write_text("NAME = 'of the project'\n", encoding="utf-8")
    for name, (imports, says) in LAYERS.items():
        text = LAYER.format(imports=imports, name=name, says=says)
        (project / f"{name}.py").write_text(text, encoding="utf-8")
    path = os.pathsep.join(filter(None, [str(folder / "installed"), os.environ.get("PYTHONPATH", "")]))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", path)
        probes = [probe(project / f"{name}.py", name, everything=True) for name in LAYERS]
        results, _ = ran(probes, alone=True)
    said = {name: _said(result) for name, result in zip(LAYERS, results, strict=True)}
    return {**said, "written": str((folder / "written").exists())}


def _said(result: ProbeResult) -> str:
    texts = [result.reason, *(failure.evidence for failure in result.failures)]
    return next((found[1] for text in texts if (found := SAID.search(text))), " ".join(texts))


def test_a_package_is_imported_once(heard: dict[str, str]) -> None:
    assert len(heard["A"]) == 32
    assert heard["A"] == heard["B"] == heard["C"]


def test_a_layer_gets_what_its_module_imports(heard: dict[str, str]) -> None:
    assert heard["D"] == "[]"


def test_a_module_of_the_project_is_not_hidden(heard: dict[str, str]) -> None:
    assert heard["Hidden"] == "of the project"


def test_an_import_writes_nowhere_else(heard: dict[str, str]) -> None:
    assert (heard["Writes"], heard["Homes"], heard["written"]) == ("kept", "home", "False")


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("threads", "there"),
        ("operation", "there"),
        ("raises", "raised"),
        ("exits", "importing `With_exits` calls `sys.exit`"),
        ("ends", "the process died"),
    ],
)
def test_what_cannot_be_held_is_imported_by_each_child(heard: dict[str, str], name: str, says: str) -> None:
    assert heard[f"With_{name}"].startswith(says)
