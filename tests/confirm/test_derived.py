"""A base class that cannot be run by itself: its findings come true in a class that derives from it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Run
from tests.frameworks import needs

pytestmark = pytest.mark.usefixtures("zygotes_are_held")

BASE = """\
import keras


class Base(keras.layers.Layer):
    def __init__(self, *, scale, **kwargs):
        super().__init__(**kwargs)
        self.scale = scale

    def call(self, inputs):
        if keras.ops.sum(inputs) > 0:  # KLL101
            inputs = inputs * 2.0
        return self.step(inputs)

    def step(self, inputs):
        raise NotImplementedError
"""
OWN = """

class Small(Base):
    def __init__(self, **kwargs):
        super().__init__(scale=2.0, **kwargs)

    def step(self, inputs):
        return inputs * self.scale
"""
ELSEWHERE = f"from layers.base import Base\n{OWN}"
SILENT = ELSEWHERE.replace(
    "        return inputs * self.scale",
    "        return inputs * self.scale\n\n    def call(self, inputs):\n        return inputs",
)

MEASURED = """\
import tensorflow as tf


class _BaseMeasured(tf.keras.layers.Layer):
    def __init__(self, *args, metrics=None, **kwargs):
        self.custom_metrics = metrics
        super().__init__(*args, **kwargs)

    def call(self, inputs):
        return inputs


class First(_BaseMeasured):
    def __init__(self, size=1, **kwargs):
        self.size = size
        super().__init__(**kwargs)

    def get_config(self):
        return {**super().get_config(), "size": self.size}


class Second(_BaseMeasured):
    def __init__(self, size=1, **kwargs):
        self.size = size
        super().__init__(**kwargs)

    def get_config(self):
        return {**super().get_config(), "size": self.size}
"""

Confirmed = Callable[..., str]


@pytest.fixture
def confirmed(klint: Callable[..., Run], tmp_path: Path) -> Confirmed:
    """What is said of the base, in a package with these files."""
    needs("3")
    project = '[project]\nname = "x"\nversion = "1"\ndependencies = ["keras>=3"]\n'
    (tmp_path / "pyproject.toml").write_text(project, encoding="utf-8")
    (tmp_path / "layers").mkdir()

    def run(**files: str) -> str:
        for name, text in {"__init__": "", **files}.items():
            (tmp_path / "layers" / f"{name}.py").write_text(text, encoding="utf-8")
        return klint("--confirm", "layers/base.py").out

    return run


@pytest.mark.parametrize("files", [{"base": BASE + OWN}, {"base": BASE, "other": ELSEWHERE}])
def test_a_derived_class_shows_it(confirmed: Confirmed, files: dict[str, str]) -> None:
    seen = "confirmed: run as `Small`, which derives from it: OperatorNotAllowedInGraphError"
    assert seen in confirmed(**files)


def test_what_it_does_otherwise_refutes_nothing(confirmed: Confirmed) -> None:
    found = confirmed(base=BASE, other=SILENT)
    assert "inconclusive: it leaves a part of its work to classes that derive from it, such as `Small`: " in found


def test_the_derived_class_counts_when_it_changes(confirmed: Confirmed) -> None:
    assert "run as" not in confirmed(base=BASE, other=SILENT)
    assert "run as `Small`" in confirmed(base=BASE, other=ELSEWHERE)
    assert "run as `Small`" in confirmed(base=BASE, other=ELSEWHERE)


def test_what_derived_classes_lose_is_asked_of_them(klint: Callable[..., Run], tmp_path: Path) -> None:
    """The automatic config of the base keeps it: that refutes nothing."""
    needs("2")
    (tmp_path / "measured.py").write_text(MEASURED, encoding="utf-8")
    found = klint("--confirm", "--keras", "2", "--select", "KLL302", "measured.py").out
    assert "in 2 classes that derive from it" in found
    assert "confirmed: run as `First`, which derives from it: " in found
