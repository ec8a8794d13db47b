"""Modules of namespace packages are imported under a name that begins where their relative imports lead."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from keras_layer_lint.confirm.importable import Importable
from keras_layer_lint.source.module_index import index_module
from tests.confirm.test_command import klint_in
from tests.frameworks import needs

pytestmark = pytest.mark.usefixtures("zygotes_are_held")

SCALED = """\
import keras
from .scale import SCALE


class Gate(keras.layers.Layer):
    def call(self, inputs):
        if keras.ops.mean(inputs) > 0.5:
            return inputs * SCALE
        return inputs
"""


def named(folder: Path, files: dict[str, str], path: str) -> tuple[str, str]:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    root, name = Importable().name_of(index_module(files[path], folder / path))
    return root.relative_to(folder).as_posix(), name


@pytest.mark.parametrize(
    ("files", "found"),
    [
        ({"shop/layers/gate.py": "", "shop/layers/scale.py": "from ..x import y"}, ("shop/layers", "gate")),
        ({"shop/layers/gate.py": "from . import x"}, ("shop", "layers.gate")),
        (
            {"shop/layers/gate.py": "from . import x", "shop/layers/scale.py": "from ..ops import y"},
            (".", "shop.layers.gate"),
        ),
        (
            {"shop/layers/gate.py": "from . import x", "shop/layers/deep/scale.py": "from ..ops import y"},
            ("shop", "layers.gate"),
        ),
        (
            {"a/b/c/gate.py": "from . import x", "a/b/c/__init__.py": "", "a/b/c/d/e.py": "    from .... import y"},
            (".", "a.b.c.gate"),
        ),
        (
            {"no-name/layers/gate.py": "from . import x", "no-name/layers/scale.py": "from ..ops import y"},
            ("no-name", "layers.gate"),
        ),
    ],
)
def test_names(tmp_path: Path, files: dict[str, str], found: tuple[str, str]) -> None:
    assert named(tmp_path, files, next(iter(files))) == found


def test_a_module_of_a_namespace_package_is_run(tmp_path: Path) -> None:
    needs("3")
    files = {"layers/__init__.py": "", "layers/gate.py": SCALED, "layers/scale.py": "from ..ops import SCALE\n"}
    files |= {"ops/__init__.py": "SCALE = 2.0\n"}
    named(tmp_path, {f"lib/acme/vision/{name}": text for name, text in files.items()}, "lib/acme/vision/layers/gate.py")
    done = klint_in(tmp_path, "lib", "--confirm", "--device", "cpu", "--keras", "3", "--output-format", "json")
    document = json.loads(done.stdout)
    assert [item["verdict"]["status"] for item in document["diagnostics"]] == ["confirmed"]
    assert document["not_run"] == []
