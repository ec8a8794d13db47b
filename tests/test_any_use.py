"""Notes on uses that a project does not make: counted, and told where they are asked for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from keras_layer_lint import Settings, lint_paths, lint_source
from tests.conftest import Run

Klint = Callable[..., Run]

LIBRARY = {"setup.py": "", "pkg/__init__.py": ""}
BUILT = """\
import keras
class Scale(keras.layers.Layer):
    def build(self, shape):
        self.scale = self.add_weight(shape=(shape[-1],), name="scale")

    def call(self, inputs):
        return inputs * self.scale
"""
SEGMENTS = """\
import tensorflow as tf
class Pool(tf.keras.layers.Layer):
    def call(self, inputs):
        return tf.math.segment_sum(inputs[0], inputs[1])
"""


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def write(files: dict[str, str]) -> None:
    for name, text in files.items():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(text)


@pytest.mark.parametrize(
    ("source", "more", "code"),
    [
        (BUILT, {}, "KLL202"),
        (SEGMENTS, {}, "KLL151"),
        (BUILT, {"train.py": "model.fit(x)\n"}, "KLL202"),
    ],
)
def test_what_nothing_in_a_library_does_is_counted(source: str, more: dict[str, str], code: str) -> None:
    write({**LIBRARY, "pkg/layers.py": source, **more})
    report = lint_paths(["."], Settings(keras=("2",), jobs=1))
    assert (report.diagnostics, report.elsewhere) == ((), 1)
    report = lint_paths(["."], Settings(keras=("2",), jobs=1, any_use=True))
    assert [(one.code, one.severity.label, one.is_elsewhere) for one in report.diagnostics] == [(code, "note", True)]
    assert report.elsewhere == 0


def test_a_use_that_is_seen_is_told() -> None:
    write({**LIBRARY, "pkg/layers.py": SEGMENTS, "tests/test_pool.py": "model.compile(jit_compile=True)\n"})
    (found,) = lint_paths(["."], Settings(keras=("2",), jobs=1)).diagnostics
    assert (found.code, found.is_elsewhere) == ("KLL151", False)


def test_of_a_file_that_stands_alone_no_use_is_known() -> None:
    (found,) = lint_source(SEGMENTS, "layers.py", Settings(keras=("2",)))
    assert (found.code, found.is_elsewhere) == ("KLL151", False)


def test_the_summary_says_how_to_see_them(klint: Klint) -> None:
    write({**LIBRARY, "pkg/layers.py": BUILT})
    run = klint("--keras", "2", ".")
    told = "1 note more with `--any-use`, on uses that the project does not make"
    assert run.out.startswith(f"No problems in 3 files, 1 layer; {told}\n")
    assert "KLL202" in klint("--keras", "2", "--any-use", ".").out
    write({"klint.toml": "any-use = true\n"})
    assert "KLL202" in klint("--keras", "2", ".").out


def test_a_variable_of_the_environment_that_nothing_sets() -> None:
    source = "import os\n" + SEGMENTS.replace(
        "tf.math.segment_sum(inputs[0], inputs[1])", "inputs * len(os.getenv('A'))"
    )
    write({**LIBRARY, "pkg/layers.py": source})
    report = lint_paths(["."], Settings(keras=("2",), jobs=1))
    assert (report.diagnostics, report.elsewhere) == ((), 1)
    write({"train.py": "def later():\n    os.environ['A'] = '1'\n"})
    (found,) = lint_paths(["."], Settings(keras=("2",), jobs=1)).diagnostics
    assert (found.code, found.severity.label) == ("KLL114", "warning")
