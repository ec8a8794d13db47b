from __future__ import annotations

from pathlib import Path

import pytest

from keras_layer_lint.model.backend import backend_of
from keras_layer_lint.model.class_graph import Project
from keras_layer_lint.settings import Settings

LAYER = "import keras\nfrom keras import ops\nclass A(keras.layers.Layer): pass\n"
PYPROJECT = "[project]\nname = 'p'\ndependencies = [{}]\n"


def backend(root: Path, files: dict[str, str], source: str = LAYER, settings: Settings | None = None) -> str:
    for name, text in {"pkg/sub/m.py": source, **files}.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    project = Project(root)
    return backend_of(project.module_at(root / "pkg" / "sub" / "m.py"), settings or Settings(), project)


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({}, "tensorflow"),
        ({".env": "KERAS_BACKEND=jax\n"}, "jax"),
        ({".env": "KERAS_BACKEND=torch\n"}, "torch"),
        ({".env": "# KERAS_BACKEND=jax\n"}, "tensorflow"),
        ({"Dockerfile": "FROM python\nENV KERAS_BACKEND jax\n"}, "jax"),
        ({"tox.ini": "[testenv]\nsetenv =\n    KERAS_BACKEND = jax\n"}, "jax"),
        (
            {"tox.ini": "[testenv]\nsetenv =\n    jax: KERAS_BACKEND=jax\n    tf: KERAS_BACKEND=tensorflow\n"},
            "tensorflow",
        ),
        ({"pyproject.toml": '[tool.pytest_env]\nKERAS_BACKEND = "jax"\n'}, "jax"),
        ({".github/workflows/test.yml": "env:\n  KERAS_BACKEND: jax\n"}, "jax"),
        ({".github/workflows/test.yaml": "env:\n  KERAS_BACKEND: ${{ matrix.backend }}\n"}, "tensorflow"),
        ({"requirements.txt": "keras>=3\njax[cuda12]==0.4.30\n"}, "jax"),
        ({"requirements.txt": "keras>=3\njax\ntensorflow-cpu\n"}, "tensorflow"),
        ({"requirements.txt": "keras>=3\njax\ntorch>=2\n"}, "tensorflow"),
        ({"requirements.txt": "keras>=3\njaxtyping\n"}, "tensorflow"),
        ({"pyproject.toml": PYPROJECT.format("'keras>=3', 'jax>=0.4'")}, "jax"),
        ({"setup.py": "from setuptools import setup\nsetup(install_requires=['keras', 'jax[cpu]>=0.4'])\n"}, "jax"),
        ({"requirements.txt": "jax\n", ".env": "KERAS_BACKEND=tensorflow\n"}, "tensorflow"),
        ({"requirements.txt": "keras>=3\njax\ntorch\n", ".env": "KERAS_BACKEND=torch\n"}, "torch"),
        # It is to run on any of them: what one machine has says nothing.
        ({"requirements.txt": "keras>=3\njax\ntensorflow\ntorch\n", ".env": "KERAS_BACKEND=torch\n"}, "tensorflow"),
        # What a README alone tells.
        ({"README.md": "# Splat\nIt runs in Keras (Torch backend).\n"}, "torch"),
        ({"README.md": "Select the **PyTorch** backend for Keras.\n"}, "torch"),
        ({"README.md": "Backend: JAX\n"}, "jax"),
        ({"README.md": "No CUDA: it runs in Keras (Torch backend) - no setup.\n"}, "torch"),
        ({"README.md": "There is no JAX backend.\n"}, "tensorflow"),
        ({"README.md": "Keras 3 with the JAX or the PyTorch backend.\n"}, "tensorflow"),
        ({"README.md": "The JAX backend.\n\nThe TensorFlow backend.\n"}, "tensorflow"),
        ({"README.md": "The torch backend is not supported yet.\n"}, "tensorflow"),
        ({"README.md": "On TensorFlow; optionally the JAX backend.\n"}, "tensorflow"),
        ({"README.md": "The server is a backend of our torch app.\n"}, "tensorflow"),
        ({"README.md": "It runs in Keras (Torch backend).\n", "requirements.txt": "tensorflow\n"}, "tensorflow"),
        ({"README.md": "It runs in Keras (Torch backend).\n", ".env": "KERAS_BACKEND=jax\n"}, "jax"),
    ],
)
def test_metadata_decides(tmp_path: Path, files: dict[str, str], expected: str) -> None:
    assert backend(tmp_path, files) == expected


@pytest.mark.parametrize(
    ("files", "source", "expected"),
    [
        ({}, LAYER, "jax"),
        (
            {"tox.ini": "[testenv]\nsetenv =\n    a: KERAS_BACKEND=torch\n    b: KERAS_BACKEND=tensorflow\n"},
            LAYER,
            "jax",
        ),
        ({".env": "KERAS_BACKEND=tensorflow\n"}, LAYER, "tensorflow"),
        ({}, "import tensorflow as tf\n" + LAYER, "tensorflow"),
    ],
)
def test_the_default_is_what_is_left(tmp_path: Path, files: dict[str, str], source: str, expected: str) -> None:
    assert backend(tmp_path, files, source, Settings(default_backend="jax")) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("import tensorflow as tf\n" + LAYER, "tensorflow"),
        ("from tensorflow.data import Dataset\n" + LAYER, "tensorflow"),
        ('import os\nos.environ["KERAS_BACKEND"] = "tensorflow"\n' + LAYER, "tensorflow"),
        (LAYER, "jax"),
    ],
)
def test_the_module_decides_before_the_project(tmp_path: Path, source: str, expected: str) -> None:
    assert backend(tmp_path, {".env": "KERAS_BACKEND=jax\n"}, source) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('import os\nos.environ["KERAS_BACKEND"] = "jax"\n' + LAYER, "jax"),
        ('import os\nos.environ.setdefault("KERAS_BACKEND", "jax")\n' + LAYER, "jax"),
        ('import os\nif os.environ["KERAS_BACKEND"] == "jax":\n    pass\n' + LAYER, "tensorflow"),
        ("import jax.numpy as jnp\n" + LAYER, "jax"),
        ("import torch\n" + LAYER, "torch"),
        ("from torch import nn\n" + LAYER, "torch"),
        ("import jax\nimport torch\n" + LAYER, "tensorflow"),
        ("import tensorflow as tf\nimport torch\n" + LAYER, "tensorflow"),
        ("if keras.backend.backend() == 'torch':\n    import torch\n" + LAYER, "tensorflow"),
        ("if keras.backend.backend() == 'jax':\n    import jax\n" + LAYER, "tensorflow"),
    ],
)
def test_what_a_module_says_of_itself(tmp_path: Path, source: str, expected: str) -> None:
    assert backend(tmp_path, {}, source) == expected


def test_the_user_decides_before_all(tmp_path: Path) -> None:
    files = {".env": "KERAS_BACKEND=tensorflow\n"}
    assert backend(tmp_path, files, "import tensorflow\n" + LAYER, Settings(backend="jax")) == "jax"


def test_metadata_above_the_folder_counts_up_to_the_root_of_the_project(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("KERAS_BACKEND=jax\n")
    (tmp_path / "project" / ".git").mkdir(parents=True)
    assert backend(tmp_path / "project", {}) == "tensorflow"
    assert backend(tmp_path / "project", {"pkg/.env": "KERAS_BACKEND=jax\n"}) == "jax"
