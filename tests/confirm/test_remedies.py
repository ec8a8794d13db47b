"""Modules that cannot be imported as they are, and can once something is changed for them."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from keras_layer_lint.confirm import remedies
from keras_layer_lint.confirm.remedies import Remedies
from tests.confirm.test_command import klint_in
from tests.frameworks import needs

GATE = """\
import keras
{more}


class Gate(keras.layers.Layer):
    def call(self, inputs):
        return inputs * {factor}
"""


def ran(folder: Path, module: str) -> list[Any]:
    options = ("--confirm=all", "--device", "cpu", "--keras", "3", "--output-format", "json")
    document = json.loads(klint_in(folder, module, *options).stdout)
    return [(layer["class"], layer["reason"]) for layer in document["layers"]]


def written(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


@pytest.mark.skipif(sys.platform != "linux", reason="where nothing keeps a layer from writing, it stays where it is")
def test_data_is_read_from_the_folder_of_the_project(tmp_path: Path) -> None:
    needs("3")
    more = 'FACTOR = float(open("data/factor.txt").read())'
    written(tmp_path, {"layers.py": GATE.format(more=more, factor="FACTOR"), "data/factor.txt": "2.0"})
    assert ran(tmp_path, "layers.py") == [("Gate", "")]


def test_a_package_is_found_beside_a_script_of_its_name(tmp_path: Path) -> None:
    needs("3")
    layers = GATE.format(more="import shop.helpers\nfrom helpers.numbers import FACTOR", factor="FACTOR")
    scripts = {"shop/__init__.py": "", "shop/helpers.py": "", "helpers/numbers.py": "FACTOR = 2"}
    written(tmp_path, {**scripts, "shop/layers.py": layers})
    assert ran(tmp_path, "shop/layers.py") == [("Gate", "")]


def test_folders_are_tried_in_turn_where_nothing_can_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "inner").mkdir()
    places = [str(tmp_path), str(tmp_path / "inner"), str(tmp_path / "writable")]
    monkeypatch.setattr(remedies, "_cannot_be_written", lambda folder: not folder.endswith("writable"))
    found, before = Remedies(str(tmp_path / "layers.py"), places), Path.cwd()
    assert not found.found_for(NameError("name 'x' is not defined"), "shop")
    for place, error in zip(places, (OSError("no such file"), TypeError("'NoneType' object"), None), strict=False):
        assert found.found_for(error, "shop") is (error is not None)
        with found.in_place():
            assert str(Path.cwd()) == (place if error is not None else places[1])
        assert Path.cwd() == before
    assert not found.found_for(OSError("no such file"), "shop")
    with found.in_place():
        assert Path.cwd() == before


def test_a_folder_of_ones_own_can_be_written(tmp_path: Path) -> None:
    assert not remedies._cannot_be_written(str(tmp_path))
    assert not os.listdir(tmp_path)  # noqa: PTH208
