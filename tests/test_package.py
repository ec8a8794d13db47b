from __future__ import annotations

import tarfile
import zipfile
from email import message_from_string
from pathlib import Path

import pytest
from hatchling.builders.sdist import SdistBuilder
from hatchling.builders.wheel import WheelBuilder

from keras_layer_lint import __version__
from tests.conftest import ROOT

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    folder = tmp_path_factory.mktemp("wheel")
    (path,) = WheelBuilder(str(ROOT)).build(directory=str(folder), versions=["standard"])
    return zipfile.ZipFile(path)


def test_wheel_holds_the_package_and_its_data(wheel: zipfile.ZipFile) -> None:
    data = {".py", ".json", ".typed", ".css", ".js"}
    wanted = {
        path.relative_to(ROOT).as_posix() for path in (ROOT / "keras_layer_lint").rglob("*") if path.suffix in data
    }
    pages = {f"keras_layer_lint/rule_pages/{page.name}" for page in (ROOT / "rules").glob("*.md")}
    assert "keras_layer_lint/py.typed" in wanted
    assert len(pages) > 1
    held = {name for name in wheel.namelist() if ".dist-info/" not in name}
    assert held == wanted | pages


def test_wheel_metadata(wheel: zipfile.ZipFile) -> None:
    folder = f"keras_layer_lint-{__version__}.dist-info"
    metadata = message_from_string(wheel.read(f"{folder}/METADATA").decode())
    assert (metadata["Name"], metadata["Version"]) == ("keras-layer-lint", __version__)
    assert metadata["License-Expression"] == "Apache-2.0"
    assert metadata["Requires-Python"] == ">=3.10"
    assert f"{folder}/licenses/LICENSE" in wheel.namelist()
    assert wheel.read(f"{folder}/entry_points.txt").decode().split("\n\n") == [
        "[console_scripts]\nklint = keras_layer_lint.__main__:main",
        "[flake8.extension]\nKLL = keras_layer_lint.flake8_plugin:KerasLayerPlugin",
        "[pytest11]\nklint = keras_layer_lint.pytest_plugin\n",
    ]


def test_source_distribution_can_build_the_wheel(tmp_path: Path) -> None:
    (path,) = SdistBuilder(str(ROOT)).build(directory=str(tmp_path), versions=["standard"])
    with tarfile.open(path) as archive:
        held = {name.partition("/")[2] for name in archive.getnames()}
    assert {
        "pyproject.toml",
        "LICENSE",
        "README.md",
        "keras_layer_lint/__init__.py",
        "keras_layer_lint/py.typed",
    } <= held
    assert {f"rules/{page.name}" for page in (ROOT / "rules").glob("*.md")} <= held
