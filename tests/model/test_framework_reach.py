"""A module that cannot be of Keras is told by text alone; where text leaves it open, it is looked at."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from keras_layer_lint import Settings, lint_paths
from keras_layer_lint.model.framework_reach import FrameworkReach
from keras_layer_lint.source.module_index import index_module

METHOD = "    def call(self, x):\n        if x > 0:\n            return x\n"
BASE = "import keras\n\n\nclass Base(keras.layers.Layer):\n" + METHOD
FILES: dict[str, str | bytes] = {
    "pkg/__init__.py": "",
    "pkg/base.py": BASE,
    "pkg/plain.py": "class Plain: ...\n",
    "pkg/through.py": "from .base import Base\n",
    "pkg/round.py": "from . import about\n",
    "pkg/about.py": "from . import round\nfrom .through import Base\n",
    "pkg/sub/__init__.py": "from ..through import *\n",
    "pkg/sub/other.py": "",
    "space/inner/base.py": BASE,
    "src/lib.py": BASE,
    "alone.py": BASE,
    "wide.py": BASE.encode("utf-16"),
}


def write(folder: Path) -> None:
    (folder / "pyproject.toml").write_text("")
    for name, content in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())


def holds(folder: Path, name: str, source: str) -> bool:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(source, encoding="utf-8")
    return FrameworkReach(folder).holds(index_module(source, path))


@pytest.mark.parametrize(
    "source",
    [
        "import keras",
        "from tensorflow import float32",
        "from \N{FULLWIDTH LATIN SMALL LETTER K}eras import layers",
        "import pkg.base",
        "import pkg\nBase = pkg.base.Base",
        "import pkg as p\nBase = p.base.Base",
        "from pkg import base",
        "from pkg.base import Base",
        "from pkg import (  # (what else)\n    plain,\n    through as t,\n)",
        "from pkg \\\n    import base",
        "from pkg.sub import Base",
        "from pkg import sub as s\nBase = s.Base",
        "from pkg.round import Base",
        "from space.inner import base",
        "import space.inner.base",
        "from space import inner\nBase = inner.base.Base",
        "import lib",
        "from alone import *",
        "import os, alone",
        "import os; import alone",
        "if 1: import alone",
        "def f():\n    from alone import Base\n    return Base",
        "class A:\n    import alone",
        "try:\n    import alone\nexcept ImportError:\n    pass",
        "import importlib\nalone = importlib.import_module('alone')",
        "lazy = LazyLoader('alone', globals(), 'alone')",
        "import wide",
    ],
)
def test_reached(tmp_path: Path, source: str) -> None:
    write(tmp_path)
    assert holds(tmp_path, "module.py", source + "\n")
    assert holds(tmp_path, "module.py", source.replace("\n", "\r\n") + "\r\n")


@pytest.mark.parametrize(
    "source",
    [
        "from .base import Base",
        "from.base import Base",
        "from . import base",
        "from . base import Base",
        "from .. import alone",
        "from ..pkg import base",
        "from .sub import Base",
        "from . import sub\nBase = sub.Base",
    ],
)
def test_reached_from_within(tmp_path: Path, source: str) -> None:
    write(tmp_path)
    assert holds(tmp_path, "pkg/module.py", source)


@pytest.mark.parametrize(
    "source",
    [
        "",
        "import os\nimport numpy as np\nnp.linalg.norm",
        "from pkg.plain import Plain",
        "from pkg import plain\nplain.Plain",
        "import pkg\npkg.plain.Plain",
        "from pkg import *",
        "from .missing import Base",
        "import space",
        "# import alone",
        "x.alone.Base",
    ],
)
def test_not_reached(tmp_path: Path, source: str) -> None:
    write(tmp_path)
    assert not holds(tmp_path, "module.py", source)


def test_the_source_of_the_framework_need_not_name_itself(tmp_path: Path) -> None:
    assert holds(tmp_path, "keras/engine/layer.py", "class Layer: ...")


def test_a_class_far_from_the_word_is_linted(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "pkg/far.py").write_text("from .about import Base\n\n\nclass Far(Base):\n" + METHOD)
    report = lint_paths([tmp_path / "pkg/far.py"], Settings(root=os.fspath(tmp_path), select=("KLL101",)))
    assert [diagnostic.span.line for diagnostic in report.diagnostics] == [6]
