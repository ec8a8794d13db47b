"""Processes that hold a framework serve one run after another."""

from __future__ import annotations

from pathlib import Path

import pytest

from keras_layer_lint.confirm.pool import Pool
from keras_layer_lint.confirm.zygotes import Zygotes, environment
from keras_layer_lint.target import Generation
from tests.confirm.conftest import probe
from tests.frameworks import needs

LAYERS = """\
import keras


class Twice(keras.layers.Layer):
    def call(self, inputs):
        return inputs * 2


class Half(Twice):
    def call(self, inputs):
        return inputs / 2
"""


def test_one_zygote_for_several_runs(tmp_path: Path) -> None:
    needs("3")
    (path := tmp_path / "layers.py").write_text(LAYERS, encoding="utf-8")
    with Zygotes() as zygotes:
        held = []
        for name in ("Twice", "Half"):
            pool = Pool([probe(path, name)], jobs=1, timeout=60, progress=lambda *_: None, zygotes=zygotes)
            (result,) = pool.run()
            assert (result.reason, result.keras[:2]) == ("", "3.")
            held.append(list(zygotes.started.values()))
        assert held[0] == held[1]
        assert len(held[0]) == 1
        folder = zygotes.folder
    assert not folder.exists()


@pytest.mark.parametrize(
    ("device", "gpus", "users", "expected"),
    [
        ("cpu", ["nvidia0"], "", "--xla_backend_optimization_level=0"),
        ("auto", [], "", "--xla_backend_optimization_level=0"),
        ("auto", [], "--xla_dump_to=x", "--xla_backend_optimization_level=0 --xla_dump_to=x"),
        ("auto", ["nvidia0"], "--xla_dump_to=x", "--xla_dump_to=x"),
        ("gpu", ["nvidia0"], None, None),
    ],
)
def test_xla_spends_no_time_on_fast_code_for_a_processor(
    device: str, gpus: list[str], users: str | None, expected: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("keras_layer_lint.confirm.device.gpu_files", lambda: gpus)
    if users is None:
        monkeypatch.delenv("XLA_FLAGS", raising=False)
    else:
        monkeypatch.setenv("XLA_FLAGS", users)
    assert environment(Generation.KERAS3, "tensorflow", device).get("XLA_FLAGS") == expected
