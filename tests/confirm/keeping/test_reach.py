"""What counts for the outcome of a class: each change of a project changes it for those that reach the change."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from keras_layer_lint.confirm.keeping.reach import Reach, Sources

PROJECT = {
    "pack/__init__.py": "from .layers import Gate, Other\n",
    "pack/base.py": '''\
"""What layers derive from."""
import keras

from . import helpers


class Base(keras.layers.Layer):
    def scale(self, x):
        return helpers.twice(x)


class Unused(Base):
    pass
''',
    "pack/helpers.py": """\
LIMIT = 3


def twice(x):
    return x * 2 + LIMIT


def never(x):
    return x


if __name__ == "__main__":
    print(never(1))
""",
    "pack/layers.py": '''\
"""Layers."""
import os
from functools import wraps

import keras
from keras import layers

from .base import Base as Root

__all__ = ["Gate", "Other"]
WIDTH = 4


def logged(function):
    @wraps(function)
    def inner(*arguments):
        return function(*arguments)

    return inner


@keras.saving.register_keras_serializable()
class Gate(Root):
    """A gate, unlike Other."""

    def __init__(self, units=4, **kwargs):
        super().__init__(**kwargs)
        self.units = units

    def call(self, x):
        return self.scale(x)


class Other(layers.Layer):
    MODE = "fast"

    def call(self, x):
        return x if os.environ.get("OTHER_MODE") else x + 1


class Pair(layers.Layer):
    def build(self, shape):
        self.gate = Gate(3)

    @logged
    def call(self, x):
        return self.gate(x)
''',
}
CLASSES = ("Gate", "Other", "Pair")
ALL = set(CLASSES)

Edit = tuple[str, str, str]


def written(folder: Path, *edits: Edit) -> Path:
    for name, text in PROJECT.items():
        for of, before, after in edits:
            if of == name:
                assert before in text, before
                text = text.replace(before, after, 1)
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def reach_of(folder: Path, name: str, *texts: str) -> Reach:
    found = Sources().reach_of(str(folder / "pack" / "layers.py"), name, [str(folder)], texts)
    assert found is not None
    return found


def changed(tmp_path: Path, *edits: Edit) -> set[str]:
    written(tmp_path)
    before = {name: reach_of(tmp_path, name).digest for name in CLASSES}
    written(tmp_path, *edits)
    return {name for name in CLASSES if reach_of(tmp_path, name).digest != before[name]}


LAYERS = "pack/layers.py"


@pytest.mark.parametrize(
    ("edit", "classes"),
    [
        # Code in a method counts for those who name its class, and for what derives from it.
        ((LAYERS, "return self.scale(x)", "return self.scale(x + 1)"), {"Gate", "Pair"}),
        ((LAYERS, "else x + 1", "else x + 2"), {"Other"}),
        ((LAYERS, "Gate(3)", "Gate(4)"), {"Pair"}),
        ((LAYERS, "A gate", "The gate"), {"Gate", "Pair"}),
        (("pack/base.py", "helpers.twice(x)", "helpers.twice(x) + 1"), {"Gate", "Pair"}),
        (("pack/helpers.py", "x * 2", "x * 3"), {"Gate", "Pair"}),
        (("pack/helpers.py", "    return x\n", "    return x + 1\n"), set()),
        (("pack/base.py", "    pass\n", "    x = 1\n"), set()),
        # A signature and plain values next door are nothing that importing can fail of.
        ((LAYERS, "units=4, **kwargs", "units=8, *, mode: str | None = None, **kwargs"), {"Gate", "Pair"}),
        ((LAYERS, 'MODE = "fast"', 'MODE = "slow"\n    SIZES = (1, 2)'), {"Other"}),
        ((LAYERS, "    def call(self, x):\n        return x if", "    def get_config(self):\n        return {}\n\n    def call(self, x):\n        return x if"), {"Other"}),  # noqa: E501
        # What runs at import counts for all.
        ((LAYERS, "WIDTH = 4", "WIDTH = 5"), set()),
        ((LAYERS, "WIDTH = 4", "WIDTH = {'gate': Gate}"), ALL),  # which is not there yet
        ((LAYERS, "WIDTH = 4", "WIDTH = os.sep"), ALL),
        ((LAYERS, "WIDTH = 4", "WIDTH += 4"), ALL),
        ((LAYERS, "WIDTH = 4", "WIDTH = max(4, 5)"), ALL),
        ((LAYERS, "WIDTH = 4", "def __getattr__(name):\n    return 4"), ALL),
        ((LAYERS, "WIDTH = 4", "keras.utils.set_random_seed(1)"), ALL),
        ((LAYERS, "import os\n", "import os\nimport json\n"), ALL),
        (("pack/helpers.py", "LIMIT = 3", "LIMIT = 4"), {"Gate", "Pair"}),
        (("pack/__init__.py", "from", "import os\nfrom"), ALL),
        ((LAYERS, 'MODE = "fast"', "MODE = os.getcwd()"), ALL),
        ((LAYERS, "units=4", "units=len('four')"), ALL),
        ((LAYERS, "units=4", "units=UNITS"), ALL),
        ((LAYERS, "units=4", "units: Wrong = 4"), ALL),
        ((LAYERS, "class Other(layers.Layer)", "class Other(layers.Layers)"), ALL),
        ((LAYERS, "class Other(layers.Layer)", "class Other(Pair)"), ALL),  # which is not there yet
        ((LAYERS, "register_keras_serializable()", "register_keras_serializable('mine')"), ALL),
        ((LAYERS, "class Other", "@logged\nclass Other"), ALL),
        ((LAYERS, "return function(*arguments)", "return function(*arguments, 1)"), ALL),  # it decorates at import
        # What is imported and gone makes all fail.
        (("pack/base.py", "class Base(", "class Bass("), ALL),
        (("pack/helpers.py", "def never", "def nevermore"), set()),
        # What nothing runs.
        ((LAYERS, '"""Layers."""', '"""The layers."""'), set()),
        ((LAYERS, "class Other", "# a comment\n\nclass Other"), set()),
        ((LAYERS, '__all__ = ["Gate", "Other"]', '__all__ = ["Gate"]'), set()),
        (("pack/helpers.py", "print(never(1))", "print(never(2))"), set()),
    ],
)  # fmt: skip
def test_who_reaches_a_change(tmp_path: Path, edit: Edit, classes: set[str]) -> None:
    assert changed(tmp_path, edit) == classes


BEYOND = [
    "globals()['Other']",
    "eval('Oth' + 'er')",
    "__import__('pack')",
    "vars(x)",
    "Root.__subclasses__()",
    "importlib.import_module('pack')",
    "sys.modules",
    "inspect.getmembers(x)",
    "getattr(helpers, x)",
    "collect(helpers)",
]


@pytest.mark.parametrize("code", BEYOND)
def test_where_code_goes_beyond_names_all_counts(tmp_path: Path, code: str) -> None:
    """But for what does not come to such code."""
    way = ("pack/base.py", "return helpers.twice(x)", f"return {code}")
    more = (LAYERS, "else x + 1", "else x + 2")
    written(tmp_path, way)
    before = {name: reach_of(tmp_path, name).digest for name in CLASSES}
    written(tmp_path, way, more)
    assert {name for name in CLASSES if reach_of(tmp_path, name).digest != before[name]} == ALL


@pytest.mark.parametrize(
    "code", ["vars(self)", "getattr(x, 'units')", "model.eval(x)", "helpers.twice(x)", "self.helpers", "f(helpers=x)"]
)
def test_what_only_looks_so_does_not(tmp_path: Path, code: str) -> None:
    way = ("pack/base.py", "return helpers.twice(x)", f"return {code}")
    more = (LAYERS, "else x + 1", "else x + 2")
    written(tmp_path, way)
    before = reach_of(tmp_path, "Gate").digest
    written(tmp_path, way, more)
    assert reach_of(tmp_path, "Gate").digest == before


@pytest.mark.parametrize(
    "hook",
    [
        "class Base(keras.layers.Layer):\n    def __init_subclass__(cls):\n        cls().scale(1)\n",
        "class Base(keras.layers.Layer, metaclass=Meta):\n    pass\n",
        "class Base(keras.layers.Layer):\n    def __set_name__(self, owner, name):\n        owner()\n",
    ],
)
def test_code_that_runs_where_a_class_is_made(tmp_path: Path, hook: str) -> None:
    way = ("pack/base.py", "class Base(keras.layers.Layer):\n", hook + "\n\nclass More:\n")
    written(tmp_path, way)
    before = reach_of(tmp_path, "Other").digest
    written(tmp_path, way, (LAYERS, "return self.scale(x)", "return self.scale(x + 1)"))
    assert reach_of(tmp_path, "Other").digest != before


def test_a_recipe_names_things_of_the_module(tmp_path: Path) -> None:
    written(tmp_path)
    alone, with_gate = reach_of(tmp_path, "Other"), reach_of(tmp_path, "Other", "Gate(2)")
    assert alone.digest != with_gate.digest
    written(tmp_path, (LAYERS, "return self.scale(x)", "return self.scale(x + 1)"))
    assert reach_of(tmp_path, "Other").digest == alone.digest
    assert reach_of(tmp_path, "Other", "Gate(2)").digest != with_gate.digest


def test_a_star_takes_what_is_exported(tmp_path: Path) -> None:
    star = ("pack/__init__.py", "import Gate, Other", "import *")
    written(tmp_path, star)
    before = reach_of(tmp_path, "Other").digest
    written(tmp_path, star, (LAYERS, '__all__ = ["Gate", "Other"]', '__all__ = ["Gate"]'))
    assert reach_of(tmp_path, "Other").digest != before


def test_a_module_that_comes_later(tmp_path: Path) -> None:
    """An import that failed, or meant something that is installed."""
    optional = (LAYERS, "WIDTH = 4", "try:\n    from . import fast\nexcept ImportError:\n    fast = None")
    written(tmp_path, optional)
    before = reach_of(tmp_path, "Other").digest
    (tmp_path / "pack" / "fast.py").write_text("")
    assert reach_of(tmp_path, "Other").digest != before


def test_the_same_code_in_another_place_is_the_same(tmp_path: Path) -> None:
    written(tmp_path)
    before = reach_of(tmp_path, "Other")
    written(tmp_path, (LAYERS, "A gate", "A gate\n\n    of three lines"))
    after = reach_of(tmp_path, "Other")
    assert before.digest == after.digest
    assert [stretch.first for stretch in after.stretches][-1] == [stretch.first for stretch in before.stretches][-1] + 2


def test_what_cannot_be_parsed_counts_as_a_whole(tmp_path: Path) -> None:
    written(tmp_path, ("pack/helpers.py", "LIMIT = 3", "LIMIT = ("))
    before = reach_of(tmp_path, "Other").digest
    written(tmp_path, ("pack/helpers.py", "LIMIT = 3", "LIMIT = (("))
    assert reach_of(tmp_path, "Other").digest != before


def test_words_hold_names_of_variables(tmp_path: Path) -> None:
    written(tmp_path)
    assert "OTHER_MODE" in reach_of(tmp_path, "Other").words
    assert "OTHER_MODE" not in reach_of(tmp_path, "Gate").words


def test_no_file(tmp_path: Path) -> None:
    assert Sources().reach_of(str(tmp_path / "none.py"), "Gate", [str(tmp_path)], []) is None


@pytest.mark.parametrize(
    "make", [lambda path: path.write_bytes(b"\xff\xfe"), lambda path: path.write_text("x = [" * 9999)]
)
def test_files_that_are_no_python(tmp_path: Path, make: Callable[[Path], object]) -> None:
    make(tmp_path / "layers.py")
    found = Sources().reach_of(str(tmp_path / "layers.py"), "Gate", [str(tmp_path)], [])
    assert found is not None
    assert list(found.files) == [str(tmp_path / "layers.py")]
