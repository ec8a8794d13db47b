"""Whether a project is for several backends of Keras 3."""

from __future__ import annotations

from pathlib import Path

import pytest

from keras_layer_lint.model.class_graph import Project
from keras_layer_lint.model.several_backends import several_backends
from keras_layer_lint.settings import Settings

KERAS = "[project]\nname = 'p'\ndependencies = ['keras>=3']\n"
MATRIX = "test:\n  strategy:\n    matrix:\n      {}\n  env:\n    KERAS_BACKEND: ${{{{ matrix.backend }}}}\n"


def why(root: Path, files: dict[str, str], settings: Settings | None = None) -> str | None:
    for name, text in {"pkg/sub/m.py": "import keras\n", **files}.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    project = Project(root)
    return several_backends(project.module_at(root / "pkg" / "sub" / "m.py"), settings or Settings(), project)


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (
            {"README.md": "All models of Keras run on JAX, TensorFlow, and PyTorch.\n\n`export KERAS_BACKEND=jax`\n"},
            "`README.md` names TensorFlow, JAX and PyTorch",
        ),
        (
            {"README.md": "Keras 3 with Tensorflow, PyTorch or\nJax as backend.\n"},
            "`README.md` names TensorFlow, JAX and PyTorch",
        ),
        (
            {"README.rst": "Multi-backend via Keras: [JAX](https://jax.dev) or [TensorFlow](https://tf.org).\n"},
            "`README.rst` names TensorFlow and JAX",
        ),
        (
            {"pkg-1.0.dist-info/METADATA": "Name: pkg\n\nOne layer of Keras for each backend: JAX/PyTorch.\n"},
            "the description of the distribution names JAX and PyTorch",
        ),
        (
            {"pyproject.toml": KERAS + "[project.optional-dependencies]\njax = ['jax']\ntf = ['tensorflow']\n"},
            "it can be installed with TensorFlow and JAX",
        ),
        (
            {"tox.ini": "[testenv]\nsetenv =\n    a: KERAS_BACKEND=jax\n    b: KERAS_BACKEND=torch\n"},
            "`KERAS_BACKEND` is set to JAX and PyTorch",
        ),
        (
            {".github/workflows/test.yml": MATRIX.format("backend: [tensorflow, jax, torch]")},
            "`KERAS_BACKEND` is set to TensorFlow, JAX and PyTorch",
        ),
        (
            {".github/workflows/test.yml": MATRIX.format("backend:\n          - tensorflow\n          - 'jax'")},
            "`KERAS_BACKEND` is set to TensorFlow and JAX",
        ),
    ],
)
def test_said(tmp_path: Path, files: dict[str, str], expected: str) -> None:
    assert why(tmp_path, files) == expected


@pytest.mark.parametrize(
    "files",
    [
        {},
        {"README.md": "Detectors for TensorFlow and PyTorch: choose the backend. Keras 2 only.\n"},
        {"README.md": "A loader for Keras. Its data can be used with JAX, TensorFlow and PyTorch.\n"},
        {"README.md": "A layer of Keras for the JAX backend.\n"},
        {"README.md": "Backends of this array library: JAX, TensorFlow and PyTorch.\n"},
        {"pyproject.toml": KERAS + "[project.optional-dependencies]\njax = ['jax']\ndocs = ['sphinx']\n"},
        {
            "pyproject.toml": "[project]\nname = 'p'\ndependencies = ['numpy']\n"
            "[project.optional-dependencies]\njax = ['jax']\ntorch = ['torch']\n"
        },
        {"requirements.txt": "keras>=3\njax\ntensorflow-cpu\n"},
        {"tox.ini": "[testenv]\nsetenv =\n    KERAS_BACKEND=jax\n"},
        {".github/workflows/test.yml": MATRIX.format("backend: [jax]")},
        {".github/workflows/test.yml": MATRIX.format("backend: [jax]") + "framework: [tensorflow, torch]\n"},
        {"other-1.0.dist-info/METADATA": "Name: other\n\nKeras on any backend: JAX, PyTorch.\n", "x-1.dist-info/W": ""},
    ],
)
def test_not_said(tmp_path: Path, files: dict[str, str]) -> None:
    assert why(tmp_path, files) is None


def test_settings_decide(tmp_path: Path) -> None:
    files = {"README.md": "Keras on JAX or PyTorch as backend.\n"}
    assert why(tmp_path, files, Settings(backend="jax")) is None
    several = Settings(backends=("tensorflow", "torch"))
    assert why(tmp_path, files, several) == "the settings name TensorFlow and PyTorch"


def test_a_project_above_counts_up_to_the_root_of_the_repository(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("Keras on JAX or PyTorch as backend.\n")
    assert why(tmp_path, {}) is not None
    (tmp_path / "own" / ".git").mkdir(parents=True)
    assert why(tmp_path / "own", {}) is None
