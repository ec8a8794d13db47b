"""A package that registers each of its modules once: a module of it is changed, and imported anew with all of it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from keras_layer_lint.confirm.reimporting import import_anew

REGISTRY = """\
NAMES = {}


def register(name):
    def decorate(thing):
        assert name not in NAMES, f"{name} is there"
        NAMES[name] = thing
        return thing
    return decorate
"""
GATE = "from once_only.registry import register\n\n\n@register('gate')\nclass Gate:\n    size = 1\n"


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "once_only"
    folder.mkdir()
    (folder / "__init__.py").write_text("from once_only import gate\n", encoding="utf-8")
    (folder / "registry.py").write_text(REGISTRY, encoding="utf-8")
    (folder / "gate.py").write_text(GATE, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    for name in [name for name in sys.modules if name.partition(".")[0] == "once_only"]:
        monkeypatch.delitem(sys.modules, name)
    return folder


def test_all_of_the_package_is_anew(package: Path) -> None:
    path = str(package / "gate.py")
    first = import_anew("once_only.gate", path, GATE, {})
    changed = import_anew("once_only.gate", path, GATE.replace("size = 1", "size = klint_size"), {"klint_size": 2})
    assert (first.Gate.size, changed.Gate.size) == (1, 2)
    assert sys.modules["once_only.gate"] is changed
    assert {"gate": changed.Gate} == sys.modules["once_only.registry"].NAMES
    assert (package / "gate.py").read_text(encoding="utf-8") == GATE


def test_what_fails_leaves_things_as_they_were(package: Path) -> None:
    path = str(package / "gate.py")
    first = import_anew("once_only.gate", path, GATE, {})
    with pytest.raises(ZeroDivisionError):
        import_anew("once_only.gate", path, f"{GATE}\n1 / 0\n", {})
    assert sys.modules["once_only.gate"] is first
    assert not [finder for finder in sys.meta_path if "reimporting" in type(finder).__module__]
