"""Files that a project has put away, and such as nothing can import any more."""

from __future__ import annotations

from pathlib import Path

import pytest

from keras_layer_lint import Settings, lint_paths

GATE = """\
import keras
from keras import ops
class Gate(keras.layers.Layer):
    def call(self, inputs):
        if ops.mean(inputs) > 0:
            return inputs
        return -inputs
"""
TRAIN = "model.fit(x, y)\n"
BROKEN = "if x:\ny = 1\n"


def count(folder: Path, files: dict[str, str], *, any_use: bool = False) -> int:
    """How many findings there are, in a project with some files."""
    for name, text in {"requirements.txt": "keras\n", **files}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    settings = Settings(keras=("3",), root=str(folder), select=("KLL101",), jobs=1, any_use=any_use)
    return len(lint_paths([folder], settings).diagnostics)


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"archive/gate.py": GATE, "train.py": TRAIN}, 0),
        ({"net/Archived_ideas/more/gate.py": GATE, "train.py": TRAIN}, 0),
        ({"_old/gate.py": GATE, "_old/net.py": "from gate import Gate\n", "train.py": TRAIN, "test.py": TRAIN}, 0),
        ({"archive/gate.py": GATE, "gate.py": TRAIN, "train.py": "from gate import x\n"}, 0),
        ({"archive/gate.py": GATE, "train.py": f"from archive.gate import Gate\n{TRAIN}"}, 1),
        ({"archive/gate.py": GATE, "train.py": f"from gate import Gate\n{TRAIN}"}, 1),
        ({"archive/gate.py": GATE, "train.py": f"import archive\n{TRAIN}"}, 1),
        ({"archive/gate.py": GATE, "archive/train.py": TRAIN, "archive/a.py": "", "setup_all.py": ""}, 1),
        ({"archive/gate.py": GATE, "archive/train.py": TRAIN}, 1),
        ({"archives_of_news/gate.py": GATE, "train.py": TRAIN}, 0),
        ({"older/gate.py": GATE, "train.py": TRAIN}, 1),
        ({"archivers/gate.py": GATE, "train.py": TRAIN}, 1),
        ({"pyproject.toml": "", "archive/__init__.py": "", "archive/gate.py": GATE, "train.py": TRAIN, "x.py": ""}, 1),
    ],
)
def test_archives(tmp_path: Path, files: dict[str, str], expected: int) -> None:
    assert count(tmp_path, files) == expected
    assert count(tmp_path, files, any_use=True) == 1


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"gate.py": GATE, "net.py": f"from gate import Gate\n{BROKEN}"}, 0),
        ({"gate.py": GATE, "net.py": f"from .gate import Gate\n{BROKEN}", "train.py": TRAIN}, 0),
        ({"gate.py": GATE, "net.py": f"from gate import Gate\n{BROKEN}", "train.py": "import gate\n"}, 1),
        ({"gate.py": f"{GATE}if __name__ == '__main__':\n    run()\n", "net.py": f"import gate\n{BROKEN}"}, 1),
        ({"gate.py": GATE, "net.py": f"import other\n{BROKEN}"}, 1),
        ({"gate.py": GATE}, 1),
    ],
)
def test_what_only_broken_files_import(tmp_path: Path, files: dict[str, str], expected: int) -> None:
    assert count(tmp_path, files) == expected


TWO = """\
import keras
from keras import ops
class Gate(keras.layers.Layer):
    def call(self, inputs):
        if ops.mean(inputs) > 0:
            return inputs
        return -inputs


{between}
class Gate:
    pass
"""
NET = "class Net(keras.Model):\n    def __init__(self):\n        super().__init__()\n        self.gate = Gate()\n"


@pytest.mark.parametrize(
    ("between", "expected"),
    [
        ("", 0),
        (NET, 0),
        (f"import os\nSIZE = 4\n\n\n{NET}", 0),
        ("def make():\n    return Gate()\n", 0),
        (f"{NET}\n\nNet()(x)\n", 1),
        ("class Own(Gate):\n    pass\n", 1),
        ("class Own(keras.Model):\n    made = Gate\n", 1),
        ("def make(of=Gate):\n    return of()\n", 1),
        ("KNOWN = [Gate]\n", 1),
    ],
)
def test_a_class_whose_name_a_later_one_takes(tmp_path: Path, between: str, expected: int) -> None:
    assert count(tmp_path, {"gate.py": TWO.format(between=between)}) == expected
