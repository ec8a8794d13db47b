"""Which Keras a project allows at the newest, from its lock files and its metadata."""

from __future__ import annotations

from pathlib import Path

import pytest

from keras_layer_lint.keras.tables import TABLES, read_stamp
from keras_layer_lint.keras.versions import LATEST
from keras_layer_lint.lint import lint_paths
from keras_layer_lint.model.class_graph import Project
from keras_layer_lint.model.requirements import parsed
from keras_layer_lint.model.versions import allowed, allowed_of
from keras_layer_lint.settings import Settings
from keras_layer_lint.source.module_index import ModuleIndex
from keras_layer_lint.target import Generation, newest_of

KERAS_2, KERAS_3 = Generation.KERAS2, Generation.KERAS3
NEWEST = None
"""The newest there is."""
NOTHING = "says nothing"

REQUIRED = [
    (KERAS_3, ["keras==3.6.0"], (3, 6)),
    (KERAS_3, ["keras==3.6.*"], (3, 6)),
    (KERAS_3, ["keras>=3.3,<3.7"], (3, 6)),
    (KERAS_3, ["keras<=3.6"], (3, 6)),
    (KERAS_3, ["keras~=3.6.0"], (3, 6)),
    (KERAS_3, ["keras<3.6,!=3.5.*"], (3, 4)),
    (KERAS_3, ["keras<3.10"], (3, 9)),
    (KERAS_3, ["keras~=3.6"], NEWEST),
    (KERAS_3, ["keras>=3.6"], NEWEST),
    (KERAS_3, ["keras!=3.6"], NEWEST),
    (KERAS_3, ["keras"], NEWEST),
    (KERAS_3, ["keras<4"], NEWEST),
    (KERAS_3, ["keras==3.15.1"], NEWEST),
    (KERAS_3, ["keras<3"], NOTHING),
    (KERAS_3, ["keras==2.12.0", "numpy"], NOTHING),
    (KERAS_3, ["tensorflow==2.16.1"], NOTHING),
    (KERAS_3, ["keras==3.3.3", "keras>=3"], NEWEST),
    (KERAS_3, ["keras==3.3.3", "keras==3.6.0"], (3, 6)),
    (KERAS_2, ["tensorflow==2.12.1"], (2, 12)),
    (KERAS_2, ["tensorflow-cpu<2.16"], (2, 15)),
    (KERAS_2, ["tensorflow>=2.4"], NEWEST),
    (KERAS_2, ["tensorflow==2.12.1", "tensorflow-gpu==2.10.0"], (2, 12)),
    (KERAS_2, ["tensorflow>=2.4", "keras==2.9.0"], (2, 9)),
    (KERAS_2, ["tensorflow==2.18.0", "tf-keras"], (2, 18)),
    (KERAS_2, ["tf_keras~=2.16.0"], (2, 16)),
    (KERAS_2, ["keras==3.6.0"], NOTHING),
    (KERAS_2, ["tensorflow-gpu==2.1.0rc1"], (2, 1)),
    (KERAS_2, ["tensorflow==1.14"], (1, 15)),
    (KERAS_2, ["tensorflow<2"], (1, 15)),
    (KERAS_2, ["keras==2.2.4"], (2, 2)),
    (KERAS_2, ["tensorflow>=2.16"], NEWEST),
    (KERAS_3, ["tensorflow==2.1.0rc1", "keras===of-my-own"], NOTHING),
]


@pytest.mark.parametrize(("generation", "requirements", "newest"), REQUIRED)
def test_newest(generation: Generation, requirements: list[str], newest: object) -> None:
    found = allowed(generation, parsed(requirements))
    assert (NOTHING if found is None else found.newest) == newest
    if found is not None and found.newest is not None:
        assert found.why in map(str, parsed(requirements))


def test_the_latest_are_those_of_the_tables() -> None:
    stamps = {(stamp["keras"], stamp["tf_keras"]) for name in TABLES if "keras" in (stamp := read_stamp(name))}
    (versions,) = stamps
    measured = {tuple(map(int, version.split(".")[:2])) for version in versions}
    assert measured == set(LATEST.values())


LOCKED = '[[package]]\nname = "{name}"\nversion = "{version}"\ndescription = ""\n'
POETRY = "# made by Poetry\n\n" + LOCKED.format(name="keras", version="3.6.0")
FILES = [
    ({"requirements.txt": "keras==3.6.0 --hash=sha256:00\n"}, (3, 6), "keras==3.6.0"),
    ({"pyproject.toml": '[project]\nname = "x"\ndependencies = ["keras>=3.3,<3.7"]\n'}, (3, 6), "keras<3.7,>=3.3"),
    ({"pyproject.toml": '[tool.poetry.dependencies]\nkeras = "3.6.0"\n'}, (3, 6), "keras==3.6.0"),
    ({"pyproject.toml": '[tool.poetry.dependencies]\nkeras = "^3.6.0"\n'}, NEWEST, ""),
    ({"environment.yml": "dependencies:\n  - keras=3.6\n"}, (3, 6), "keras==3.6"),
    ({"Pipfile": '[packages]\nkeras = "==3.6.0"\n'}, (3, 6), "keras==3.6.0"),
    ({"poetry.lock": POETRY}, (3, 6), "keras==3.6.0"),
    ({"poetry.lock": POETRY.replace("\n", "\r\n")}, (3, 6), "keras==3.6.0"),
    ({"uv.lock": "version = 1\n\n" + LOCKED.format(name="keras", version="3.6.0")}, (3, 6), "keras==3.6.0"),
    ({"pdm.lock": LOCKED.format(name="keras", version="3.6.0")}, (3, 6), "keras==3.6.0"),
    ({"pylock.toml": '[[packages]]\nname = "keras"\nversion = "3.6.0"\n'}, (3, 6), "keras==3.6.0"),
    ({"Pipfile.lock": '{"default": {"keras": {"hashes": [], "version": "==3.6.0"}}}'}, (3, 6), "keras==3.6.0"),
    ({"Pipfile.lock": '{"default": [{}], "develop": {"keras": {"path": "."}}}'}, NEWEST, ""),
    ({"Pipfile.lock": "[" * 9}, NEWEST, ""),
    ({"Pipfile.lock": "[]"}, NEWEST, ""),
    # A lock file counts more than what lies beside it, a nearer folder more than either.
    ({"poetry.lock": POETRY, "pyproject.toml": '[tool.poetry.dependencies]\nkeras = ">=3"\n'}, (3, 6), "keras==3.6.0"),
    ({"uv.lock": POETRY, "requirements.txt": "keras==3.3.3\n"}, (3, 6), "keras==3.6.0"),
    ({"uv.lock": LOCKED.format(name="numpy", version="2.0"), "requirements.txt": "keras==3.3.3\n"}, (3, 3), None),
    ({"uv.lock": POETRY, "pkg/requirements.txt": "keras==3.3.3\n"}, (3, 3), None),
    ({"uv.lock": POETRY, "pkg/requirements.txt": "keras\n"}, NEWEST, ""),
    ({"uv.lock": POETRY, "pkg/requirements.txt": "tensorflow==2.18.0\n"}, (3, 6), None),
    # One lock file may pin a version for each Python.
    ({"uv.lock": POETRY + LOCKED.format(name="keras", version="3.9.2")}, (3, 9), "keras==3.9.2"),
    # What is only told to people binds nobody.
    ({"README.md": "pip install keras==3.6.0\n"}, NEWEST, ""),
]


@pytest.mark.parametrize(("files", "newest", "why"), FILES)
def test_by_files(tmp_path: Path, files: dict[str, str], newest: object, why: str | None) -> None:
    module = project(tmp_path, files)
    found = allowed_of(module, KERAS_3, Project(tmp_path))
    assert found.newest == newest
    assert why is None or found.why == why


README = "- TensorFlow 2.3.1\n"
OLD = "import tensorflow as tf\nfrom tensorflow import keras\ntf.Session(), tf.placeholder(1), tf.log(2)\n"


@pytest.mark.parametrize(
    ("files", "newest"),
    [
        # Keras 2 has no new releases: who names one runs it, if nothing is installed from there.
        ({"README.md": README}, (2, 3)),
        ({"README.md": README + "- tensorflow==2.4\n"}, (2, 4)),
        ({"README.md": README, "requirements.txt": "tensorflow>=2.3\n"}, NEWEST),
        ({"README.md": README, "setup.py": ""}, NEWEST),
        ({"README.md": "pip install tensorflow>=2.3\n"}, NEWEST),
        ({"Dockerfile": "FROM tensorflow/tensorflow:2.3.1-gpu\n"}, (2, 3)),
        ({"pkg/m.py": OLD}, (1, 15)),
    ],
)
def test_of_keras_2(tmp_path: Path, files: dict[str, str], newest: object) -> None:
    assert allowed_of(project(tmp_path, files), KERAS_2, Project(tmp_path)).newest == newest


def project(root: Path, files: dict[str, str]) -> ModuleIndex:
    for name, text in {"pkg/__init__.py": "", "pkg/m.py": "import keras\n", **files}.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, newline="")
    return Project(root).module_at(root / "pkg" / "m.py")


LAYER = "import keras\n\nclass A(keras.layers.Layer):\n    def call(self, x):\n        return keras.ops.abs(x)\n"
OPS = "only Keras 3 has `keras.ops`"


@pytest.mark.parametrize(
    ("files", "newest", "why"),
    [
        ({"requirements.txt": "keras==3.6.0\n"}, "3.6", f"{OPS}; `keras==3.6.0` allows no newer one"),
        ({"requirements.txt": "keras>=3\n"}, "", OPS),
        ({"pkg/m.py": LAYER.replace("keras.ops.abs(x)", "x"), "requirements.txt": "keras==3.6.0\n"}, "3.6",
         "the project requires `keras==3.6.0`"),
    ],
)  # fmt: skip
def test_the_summary_says_it(tmp_path: Path, files: dict[str, str], newest: str, why: str) -> None:
    project(tmp_path, {"pkg/m.py": LAYER, **files})
    ((chosen, count),) = lint_paths([tmp_path], Settings(root=str(tmp_path))).chosen
    assert (chosen.keras, chosen.newest, chosen.why, count) == (("3",), newest, why, 1)


BRANCHES = """\
import keras


class Branches(keras.layers.Layer):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.branches = {branches}

    def call(self, x):
        return keras.ops.abs(x)
"""
IN_SET = BRANCHES.format(branches="{keras.layers.Dense(4)}")
IN_LIST = BRANCHES.format(branches="[[keras.layers.Dense(4)]]")


@pytest.mark.parametrize(
    ("source", "required", "asked", "found"),
    [
        (IN_SET, "keras>=3.3", None, True),
        (IN_SET, "keras==3.3.3", None, False),
        (IN_SET, "keras==3.3.3", "3", True),
        (IN_SET, "keras==3.3.3", "3.15", True),
        (IN_SET, "keras==3.15.1", "3.6", False),
        (IN_SET, "keras==3.15.1", "3.6,3.15", True),
        (IN_LIST, "keras>=3.3", None, False),
        (IN_LIST, "keras==3.3.3", None, True),
        (IN_LIST, "keras==3.3.3", "3", False),
        (IN_LIST, "keras", "3.6", True),
    ],
)
def test_findings_follow(tmp_path: Path, source: str, required: str, asked: str | None, found: bool) -> None:
    project(tmp_path, {"pkg/m.py": source, "requirements.txt": required})
    settings = Settings(
        keras=None if asked is None else tuple(asked.split(",")), root=str(tmp_path), select=("KLL206",)
    )
    assert [each.code for each in lint_paths([tmp_path], settings).diagnostics] == ["KLL206"] * found


@pytest.mark.parametrize(
    ("words", "generation", "newest"),
    [
        (["3"], KERAS_3, None),
        (["3.6"], KERAS_3, (3, 6)),
        (["3.6", "3.10"], KERAS_3, (3, 10)),
        (["3", "3.6"], KERAS_3, None),
        (["2.12", "3"], KERAS_2, (2, 12)),
        (["2.12"], KERAS_3, None),
    ],
)
def test_newest_of_what_is_asked_for(words: list[str], generation: Generation, newest: object) -> None:
    assert newest_of(words, generation) == newest
