"""Which items there are: found without a framework, and without importing what is linted."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.frameworks import needs
from tests.pytest_plugin.conftest import run_pytest

pytestmark = pytest.mark.slow

WAYS = ("graph", "build", "reload", "train", "xla", "purity")
OTHERS = """\
import sys


def test_what_is_imported():
    assert "keras_layer_lint.pytest_plugin" in sys.modules
    parts = {name for name in sys.modules if name.startswith("keras_layer_lint")}
    assert parts == {"keras_layer_lint", "keras_layer_lint.pytest_plugin"}
    assert not {"libcst", "click", "rich", "numpy", "keras", "tensorflow", "jax"} & set(sys.modules)
"""


def names(done: subprocess.CompletedProcess[str]) -> list[str]:
    return [line for line in done.stdout.splitlines() if "::" in line]


def test_without_the_flag_nothing_happens_and_nothing_is_imported(shop: Path) -> None:
    (shop / "test_others.py").write_text(OTHERS, encoding="utf-8")
    done = run_pytest(shop, "test_others.py", "-p", "no:hypothesispytest")
    assert done.returncode == 0, done.stdout
    with_plugin = names(run_pytest(shop, "--collect-only", "-q", "-p", "no:hypothesispytest", "test_others.py"))
    assert with_plugin == ["test_others.py::test_what_is_imported"]


def test_items(shop: Path) -> None:
    needs("3")
    done = run_pytest(shop, "--klint-confirm", "--collect-only", "-q", "src", "tests")
    assert names(done) == [
        *(f"src/shop/layers.py::{name}::{way}" for name in ("Scale", "Gate", "Rows", "Wide", "Masked") for way in WAYS),
        "tests/test_twice.py::test_twice",
        *(f"tests/test_twice.py::Twice::{way}" for way in WAYS),
    ], done.stdout
    assert not (shop / "imported").exists()
    selected = run_pytest(shop, "--klint-confirm", "--collect-only", "-q", "src", "-k", "Gate and not xla")
    assert names(selected) == [f"src/shop/layers.py::Gate::{way}" for way in WAYS if way != "xla"]


CASTS = """\
import keras
import tensorflow as tf


class Casts(keras.layers.Layer):
    def call(self, inputs):
        return inputs + tf.ones((4,))
"""


def test_a_finding_adds_the_oracle_that_decides_it(shop: Path) -> None:
    needs("3")
    (shop / "src" / "casts.py").write_text(CASTS, encoding="utf-8")
    (shop / "src" / "klint.toml").write_text('keras = "3"\nextend-select = ["KLL161"]\n', encoding="utf-8")
    done = run_pytest(shop, "--klint-confirm", "--collect-only", "-q", "src/casts.py")
    assert [name.rpartition("::")[2] for name in names(done)] == [*WAYS, "mixed_precision"]


OLD = """\
import keras


class Old(keras.layers.Layer):
    def call(self, inputs):
        print "x"
"""


def test_a_named_file_of_layers_is_not_imported(shop: Path) -> None:
    needs("3")
    path = shop / "src" / "shop" / "layers.py"
    path.write_text("raise SystemExit(3)\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    done = run_pytest(shop, "--klint-confirm", "--collect-only", "-q", "src/shop/layers.py::Scale::graph")
    assert names(done) == ["src/shop/layers.py::Scale::graph"]


def test_a_file_that_cannot_be_read_fails(shop: Path) -> None:
    needs("3")
    (shop / "src" / "old.py").write_text(OLD, encoding="utf-8")
    done = run_pytest(shop, "--klint-confirm", "src/old.py")
    assert done.returncode == 1
    assert "src/old.py:6:9: error KLL001 (unreadable-file): not analysed: syntax error" in done.stdout
    assert "FAILED src/old.py::unread" in done.stdout


@pytest.mark.parametrize("more", [(), ("-n", "2")], ids=["alone", "xdist"])
def test_a_wrong_configuration_is_an_error_of_usage(shop: Path, more: tuple[str, ...]) -> None:
    (shop / "pyproject.toml").write_text("[tool.klint]\nkeras = 5\n", encoding="utf-8")
    done = run_pytest(shop, "--klint-confirm", "src", *more)
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert "ERROR: klint: " in done.stderr
    assert "pyproject.toml:2: keras: " in done.stderr


def test_it_can_be_switched_off(shop: Path) -> None:
    done = run_pytest(shop, "-p", "no:klint", "--klint-confirm", "src")
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert "unrecognized arguments: --klint-confirm" in done.stderr


def test_the_entry_point_imports_pytest_alone() -> None:
    more = "sorted(set(sys.modules) - old)"
    command = f"import sys, pytest; old = set(sys.modules); import keras_layer_lint.pytest_plugin; print(*{more})"
    done = subprocess.run([sys.executable, "-c", command], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["keras_layer_lint", "keras_layer_lint.pytest_plugin"]
