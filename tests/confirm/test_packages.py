"""What modules of a project import from elsewhere, told by their text."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from keras_layer_lint.confirm.packages import Packages
from keras_layer_lint.confirm.probe import Package
from tests.confirm.conftest import probe

HELPER = {"helper.py": "import networkx\n", "data/__init__.py": "", "data/reading.py": "from pandas import read_csv\n"}


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"nets.py": "import scipy.stats as stats, einops\n"}, ["scipy.stats", "einops"]),
        ({"nets.py": "from scipy.stats import norm, t as student\n"}, ["scipy.stats:norm,t"]),
        ({"nets.py": "from einops import *\n"}, ["einops"]),
        ({"nets.py": "import os, json\nimport keras, tensorflow as tf\nfrom tf_keras import layers\n"}, []),
        ({"nets.py": "try:\n    import einops\nexcept ImportError:\n    import other\n"}, ["einops"]),
        ({"nets.py": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import einops\n"}, []),
        ({"nets.py": "if keras.backend() == 'jax':\n    import jax\n"}, []),
        ({"nets.py": "def plot():\n    import matplotlib\n"}, []),
        ({"nets.py": "class Gate:\n    import matplotlib\n"}, []),
        ({"nets.py": "from helper import x\n", **HELPER}, ["networkx"]),
        ({"nets.py": "def build():\n    import helper\n", **HELPER}, []),
        ({"nets.py": "from data import reading\nimport helper\n", **HELPER}, ["networkx", "pandas:read_csv"]),
        ({"nets.py": "from data.reading import x\nimport einops\n", **HELPER}, ["einops", "pandas:read_csv"]),
        ({"nets.py": "import einops\n", "einops/__init__.py": "import networkx\n"}, ["networkx"]),
        ({"nets.py": "import einops\n", "einops/layers.py": "import networkx\n"}, []),
        ({"nets.py": "import nets\nimport einops\nimport einops\n"}, ["einops"]),
        ({"nets.py": "import einops\nthis is no Python\n"}, []),
    ],
)
def test_what_a_module_imports(tmp_path: Path, files: Mapping[str, str], expected: list[str]) -> None:
    for name, text in files.items():
        (path := tmp_path / name).parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert [_spelled(each) for each in Packages().of(probe(tmp_path / "nets.py", "Gate"))] == expected


def test_a_file_that_is_gone_imports_nothing(tmp_path: Path) -> None:
    assert Packages().of(probe(tmp_path / "nets.py", "Gate")) == ()


def _spelled(package: Package) -> str:
    return ":".join(filter(None, [package.module, ",".join(package.names)]))
