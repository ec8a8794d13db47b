from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from keras_layer_lint.config import COMMAND_LINE, DEFAULT, Options, find_file, resolve
from keras_layer_lint.diagnostic import Severity
from keras_layer_lint.errors import KlintError
from keras_layer_lint.option_table import IN_FILE
from keras_layer_lint.settings import Settings


def options(folder: Path, text: str, name: str = "klint.toml", **command_line: Any) -> Options:
    (folder / "other").mkdir(exist_ok=True)
    (folder / "other" / "klint.toml").touch()
    (folder / name).write_text(text, encoding="utf-8")
    return resolve({key.replace("_", "-"): value for key, value in command_line.items()}, find_file(folder))


ALL_KEYS = """\
select = ["KLL1", "missing-super-build"]
extend-select = "KLL301,KLL302"
ignore = ["kll122"]
fixable = ["KLL3"]
unfixable = ["KLL302"]
exclude = ["old layers", "gen_*.py"]
extend-exclude = "more"
extend = "other/klint.toml"
keras = "2,3"
backend = "jax"
output-format = "concise"
min-severity = "warning"
fail-on = "error"
notes = "brief"
any-use = true
jobs = 2
cache-dir = "kept"
baseline = "known.json"
respect-gitignore = false
force-exclude = true

[per-file-ignores]
"tests/*" = ["KLL2"]

[[overrides]]
files = ["legacy/"]
keras = "2"

[recipes]
"pkg.Gate" = { arguments = "units=4" }
"""


def test_every_key_of_a_file(tmp_path: Path) -> None:
    found = options(tmp_path, ALL_KEYS)
    assert found.settings() == Settings(
        select=("KLL1", "KLL202"),
        extend_select=("KLL301", "KLL302"),
        ignore=("KLL122",),
        per_file_ignores={"tests/*": ("KLL2",)},
        keras=("2", "3"),
        backend="jax",
        exclude=("old layers", "gen_*.py", "more"),
        respect_gitignore=False,
        force_exclude=True,
        root=str(tmp_path),
        min_severity=Severity.WARNING,
        any_use=True,
        jobs=2,
    )
    assert found["output-format"] == ("concise",)
    assert found["fail-on"] is Severity.ERROR
    assert found["recipes"] == {"pkg.Gate": {"arguments": "units=4"}}
    assert {value.source for value in found.values.values()} == {str(tmp_path / "klint.toml")}
    assert set(found.values) == set(IN_FILE)


def test_pyproject_table(tmp_path: Path) -> None:
    text = "[tool.other]\nselect = 3\n\n" + ALL_KEYS.replace("[per-file", "[tool.klint.per-file")
    text = text.replace("select = [", "[tool.klint]\nselect = [", 1)
    assert options(tmp_path, text, "pyproject.toml").settings() == options(tmp_path, ALL_KEYS).settings()


def test_command_line_beats_file_beats_default(tmp_path: Path) -> None:
    found = options(tmp_path, 'keras = 2\nignore = ["KLL2"]\n', keras="3", select=("KLL1,KLL2", "KLL301"))
    assert {key: (found[key], found.values[key].source) for key in ("keras", "select", "ignore", "jobs")} == {
        "keras": (("3",), COMMAND_LINE),
        "select": (("KLL1", "KLL2", "KLL301"), COMMAND_LINE),
        "ignore": (("KLL2",), str(tmp_path / "klint.toml")),
        "jobs": (0, DEFAULT),
    }


def test_defaults_are_those_of_settings() -> None:
    assert resolve({}, None).settings() == Settings()


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("auto", None),
        ("2", ("2",)),
        (3, ("3",)),
        ("3, 2", ("2", "3")),
        ([2, 3], ("2", "3")),
        (["3"], ("3",)),
        ("3.6", ("3.6",)),
        ("3.10,2.12", ("2.12", "3.10")),
    ],
)
def test_keras(value: object, expected: tuple[str, ...] | None) -> None:
    assert resolve({"keras": value}, None)["keras"] == expected


def test_per_file_ignores_of_the_command_line() -> None:
    found = resolve({"per-file-ignores": ("a:b/*.py:KLL1,KLL2", "x.py:KLL301", "x.py:KLL302")}, None)
    assert found["per-file-ignores"] == {"a:b/*.py": ("KLL1", "KLL2"), "x.py": ("KLL301", "KLL302")}


def test_nearest_file_wins(tmp_path: Path) -> None:
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    (tmp_path / "klint.toml").write_text("jobs = 1\n", encoding="utf-8")
    (tmp_path / "a" / "pyproject.toml").write_text("[tool.klint]\njobs = 2\n", encoding="utf-8")
    (inner / "pyproject.toml").write_text("[project]\nname = 'klint-user'\n", encoding="utf-8")
    assert resolve({}, find_file(inner))["jobs"] == 2
    (tmp_path / "a" / "klint.toml").write_text("jobs = 3\n", encoding="utf-8")
    assert resolve({}, find_file(inner))["jobs"] == 3


def test_broken_pyproject_of_someone_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "klint.toml").write_text("jobs = 1\n", encoding="utf-8")
    inner = tmp_path / "inner"
    inner.mkdir()
    (inner / "pyproject.toml").write_text("[tool.other\n", encoding="utf-8")
    assert resolve({}, find_file(inner))["jobs"] == 1


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("klint.toml", "\nselct = []\n", ":2: unknown key `selct`; did you mean `select`?"),
        ("klint.toml", "zzz = 1\n", ":1: unknown key `zzz`"),
        ("pyproject.toml", "[tool.x]\nselct=1\n[tool.klint]\nselct = 1\n", ":4: unknown key `selct`; did you mean"),
        ("pyproject.toml", "[tool.klint.selct]\n", ":1: unknown key `selct`"),
        ("pyproject.toml", "tool.klint.selct = 1\n", "unknown key `selct`"),
        ("klint.toml", "select = ['KLL106']\n", ":1: select: no rule has the code, prefix or name `KLL106`; did you"),
        ("klint.toml", "select = ['tensor-iff']\n", "name `tensor-iff`; did you mean `tensor-if`?"),
        ("klint.toml", "ignore = ['E501']\n", "name `E501`"),
        ("klint.toml", "select = 3\n", ":1: select: must be a list of strings, not 3"),
        ("klint.toml", "[per-file-ignores]\n'a' = ['KLL999']\n", ":1: per-file-ignores: no rule has"),
        ("klint.toml", "keras = 4\n", ":1: keras: must be auto, 2, 3 or 2,3, or a version such as 3.6, not 4"),
        ("klint.toml", "backend = 'tensorfow'\n", "backend: must be one of auto, tensorflow, jax, or"),
        ("klint.toml", "backend = ['jax', 2]\n", 'or several of tensorflow, jax, torch, not ["jax", 2]'),
        ("klint.toml", "keras = true\n", "keras: must be auto, 2, 3 or 2,3, or a version such as 3.6, not true"),
        ("klint.toml", "keras = 3.10\n", 'keras: must have versions in quotes, such as "3.6", not 3.1'),
        ("klint.toml", "keras = '3.x'\n", 'or a version such as 3.6, not "3.x"'),
        ("klint.toml", "keras = ''\n", 'keras: must be auto, 2, 3 or 2,3, or a version such as 3.6, not ""'),
        ("klint.toml", "fail-on = 'eror'\n", 'must be one of note, warning, error, not "eror"; did you mean `error`?'),
        ("klint.toml", "output-format = 'jsn'\n", "not `jsn`; did you mean `json`?"),
        ("klint.toml", "output-format = 'json='\n", "`json=` names no file"),
        ("klint.toml", "jobs = -1\n", "must be a whole number, 0 or more, not -1"),
        ("klint.toml", "jobs = true\n", "must be a whole number, 0 or more, not true"),
        ("klint.toml", "respect-gitignore = 1\n", "must be true or false, not 1"),
        ("klint.toml", "a = 1\nb = = 2\n", ":2:5: not valid TOML"),
        ("klint.toml", "a = [\n", ":2: not valid TOML"),
        ("klint.toml", "a = 1\na = 2\n", ":2:"),
        ("pyproject.toml", "[tool]\nklint = 3\n", "`tool.klint` must be a table"),
    ],
)
def test_mistakes_name_the_place_and_the_cure(tmp_path: Path, name: str, text: str, message: str) -> None:
    with pytest.raises(KlintError) as caught:
        options(tmp_path, text, name)
    assert str(caught.value).startswith(str(tmp_path / name))
    assert message in str(caught.value)


def test_file_that_is_not_utf8(tmp_path: Path) -> None:
    (tmp_path / "klint.toml").write_bytes(b"jobs = 1\n# \xff\n")
    with pytest.raises(KlintError, match=r"klint\.toml:2: is not UTF-8"):
        find_file(tmp_path)


def test_mistake_on_the_command_line() -> None:
    with pytest.raises(KlintError, match=r"^--per-file-ignores: must look like `tests/\*:KLL2,KLL301`, not `KLL1`$"):
        resolve({"per-file-ignores": ("KLL1",)}, None)


def test_description_is_a_configuration_file(tmp_path: Path) -> None:
    described = options(tmp_path, ALL_KEYS).describe()
    assert 'backend = "jax"  # ' + str(tmp_path / "klint.toml") in described
    assert 'backend = "auto"  # default' in options(tmp_path, "").describe()
    assert 'keras = "2,3"  # ' + str(tmp_path / "klint.toml") in described
    assert options(tmp_path, described).settings() == options(tmp_path, ALL_KEYS).settings()
    assert 'backend = "tensorflow,torch"  # ' in options(tmp_path, "backend = ['torch', 'tensorflow']\n").describe()
    assert "select: every rule that is on by default  # default" in resolve({}, None).describe()


@pytest.mark.parametrize(
    ("written", "one", "several"),
    [
        ("'auto'", None, ()),
        ("'jax'", "jax", ()),
        ("['jax']", "jax", ()),
        ("'torch,jax'", None, ("jax", "torch")),
        ("['torch', 'tensorflow']", None, ("tensorflow", "torch")),
    ],
)
def test_one_backend_or_several(tmp_path: Path, written: str, one: str | None, several: tuple[str, ...]) -> None:
    found = options(tmp_path, f"backend = {written}\n").settings()
    assert (found.backend, found.backends) == (one, several)
