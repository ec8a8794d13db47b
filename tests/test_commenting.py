"""`--add-noqa` and `--add-ignore`: what is found is silenced where it stands, and nothing else changes."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Run

Klint = Callable[..., Run]
OPTIONS = ("--isolated", "--keras", "3", "--select", "KLL001,KLL002,KLL101,KLL111,KLL306")
HEAD = "import keras\nimport numpy as np\nfrom keras import ops\n\n\nclass Gate(keras.layers.Layer):\n"
CALL = "    def call(self, x):\n"

CASES = [
    ("        if ops.mean(x) > 0:\n            x = -x\n        return x\n", {"> 0:": "> 0:  {KLL101}"}),
    # Behind a comment of another tool, and without the blanks that ended the line.
    (
        "        if ops.mean(x) > 0:  # pragma: no cover \n            x = -x\n        return x\n",
        {"no cover ": "no cover  {KLL101}"},
    ),
    # Behind what a backslash or a string joins with the line.
    (
        "        if ops.mean(x) > \\\n                0:\n            x = -x\n        return x\n",
        {"    0:": "    0:  {KLL101}"},
    ),
    (
        '        if (ops.mean(x) > 0) and """a\n        b""":\n            x = -x\n        return x\n',
        {'b""":': 'b""":  {KLL101}'},
    ),
    # On its own line within brackets.
    (
        "        return (\n            x\n            + np.abs(x)\n            + 1\n        )\n",
        {"np.abs(x)": "np.abs(x)  {KLL111}"},
    ),
    # Two findings of a line, one comment.
    (
        "        if np.abs(x) > ops.mean(x): return x\n        return x\n",
        {"return x\n        return": "return x  {KLL101, KLL111}\n        return"},
    ),
]


def lines_of(style: str, codes: str) -> str:
    return f"# noqa: {codes}" if style == "noqa" else f"# klint: ignore[{codes}] eager only"


def arguments_of(style: str) -> tuple[str, ...]:
    return ("--add-noqa",) if style == "noqa" else ("--add-ignore", "eager only")


@pytest.mark.parametrize("style", ["noqa", "ignore"])
@pytest.mark.parametrize(("body", "changes"), CASES)
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_comments(klint: Klint, tmp_path: Path, style: str, body: str, changes: dict[str, str], ends: str) -> None:
    path = tmp_path / "gate.py"
    before = HEAD + CALL + body
    path.write_bytes(before.replace("\n", ends).encode())
    run = klint("gate.py", *OPTIONS, *arguments_of(style))
    assert (run.code, run.out) == (0, "")
    expected = before
    for old, new in changes.items():
        start, _, rest = new.partition("{")
        codes, _, rest = rest.partition("}")
        assert expected.count(old) == 1
        expected = expected.replace(old, start + lines_of(style, codes) + rest)
    assert path.read_bytes().decode().replace(ends, "\n") == expected
    assert ast.dump(ast.parse(expected)) == ast.dump(ast.parse(before))
    again = klint("gate.py", *OPTIONS, "--output-format", "concise")
    assert (again.code, again.out) == (0, "")


@pytest.mark.slow
def test_flake8_reads_them_in_the_same_way(klint: Klint, tmp_path: Path) -> None:
    for number, (body, _) in enumerate(CASES):
        (tmp_path / f"gate{number}.py").write_text(HEAD + CALL + body)
    command = [sys.executable, "-m", "flake8", "--isolated", "--select", "KLL", "--klint-keras", "3", "."]
    found = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False).stdout
    assert found.count("KLL1") == 7
    assert (
        klint(".", "--isolated", "--keras", "3", "--add-noqa").err == "klint: 7 findings were silenced by a comment\n"
    )
    found = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False).stdout
    assert found == ""


@pytest.mark.parametrize(
    ("style", "there", "then"),
    [
        ("noqa", "# noqa: E501", "# noqa: E501, KLL101"),
        ("noqa", "# noqa: E501,F401 why", "# noqa: E501,F401, KLL101 why"),
        ("noqa", "# klint: ignore[KLL111]", "# klint: ignore[KLL111]  # noqa: KLL101"),
        ("ignore", "# klint: ignore[KLL111] why", "# klint: ignore[KLL111, KLL101] why"),
        ("ignore", "# klint: ignore KLL111 why", "# klint: ignore KLL111, KLL101 why"),
        ("ignore", "# noqa: E501", "# noqa: E501  # klint: ignore[KLL101] eager only"),
    ],
)
def test_comments_that_are_there(klint: Klint, tmp_path: Path, style: str, there: str, then: str) -> None:
    path = tmp_path / "gate.py"
    path.write_text(f"{HEAD}{CALL}        if ops.mean(x) > 0:  {there}\n            x = -x\n        return x\n")
    assert klint("gate.py", *OPTIONS, *arguments_of(style)).code == 0
    assert f"> 0:  {then}\n" in path.read_text()
    assert "error KLL101" not in klint("gate.py", *OPTIONS).out


def test_diff_changes_nothing(klint: Klint, tmp_path: Path) -> None:
    path = tmp_path / "gate.py"
    path.write_text(HEAD + CALL + CASES[0][0])
    run = klint("gate.py", *OPTIONS, "--add-noqa", "--diff")
    assert "+        if ops.mean(x) > 0:  # noqa: KLL101\n" in run.out
    assert run.err == "klint: 1 finding would be silenced by a comment\n"
    assert "noqa" not in path.read_text()


def test_what_no_comment_mends(klint: Klint, tmp_path: Path) -> None:
    (tmp_path / "bad.py").write_text(HEAD + CALL + "        if (")
    (tmp_path / "idle.py").write_text("import keras  # klint: ignore[KLL101] why\n")
    run = klint(".", *OPTIONS, "--add-noqa")
    assert run.err.splitlines() == [
        "klint: 0 findings were silenced by a comment",
        "klint: 2 findings of KLL001 and KLL002 left: no comment mends these",
    ]
    assert "noqa" not in (tmp_path / "idle.py").read_text()


def test_an_encoding_without_the_letters_of_the_reason(klint: Klint, tmp_path: Path) -> None:
    path = tmp_path / "gate.py"
    before = ("# coding: latin-1\n" + HEAD + CALL + CASES[0][0]).encode("latin-1")
    path.write_bytes(before)
    run = klint("gate.py", *OPTIONS, "--add-ignore", "\u4e2d")
    assert path.read_bytes() == before
    assert "gate.py:9: KLL101 is not silenced: " in run.err


def test_only_what_the_baseline_does_not_know(klint: Klint, tmp_path: Path) -> None:
    path = tmp_path / "gate.py"
    path.write_text(HEAD + CALL + CASES[0][0])
    assert klint("gate.py", *OPTIONS, "--write-baseline", "--baseline", "known.json").code == 0
    run = klint("gate.py", *OPTIONS, "--add-noqa", "--baseline", "known.json")
    assert run.err == "klint: 0 findings were silenced by a comment\n"


def test_a_file_that_cannot_be_written(klint: Klint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "gate.py"
    path.write_text(HEAD + CALL + CASES[0][0])

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("keras_layer_lint.commenting.replace_module", fail)
    run = klint("gate.py", *OPTIONS, "--add-noqa")
    assert (run.code, run.err.splitlines()[0]) == (2, "klint: gate.py: cannot be written: No space left on device")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--add-noqa", "--add-ignore", "x"), "--add-noqa and --add-ignore exclude each other"),
        (("--add-ignore", " "), "--add-ignore needs a reason, in one line: what a reader of the code has to know"),
        (("--add-ignore", "a\nb"), "--add-ignore needs a reason, in one line: what a reader of the code has to know"),
        (("--add-noqa", "--fix"), "--add-noqa is for a run that lints files and does nothing else"),
        (("--add-noqa", "--confirm"), "--add-noqa is for a run that lints files and does nothing else"),
        (("--add-noqa", "--write-baseline"), "--write-baseline is for a run that lints files and does nothing else"),
        (("--add-noqa", "-"), "--add-noqa is for a run that lints files and does nothing else"),
    ],
)
def test_what_does_not_go_together(klint: Klint, arguments: tuple[str, ...], message: str) -> None:
    run = klint("--isolated", *arguments)
    assert (run.code, run.out, run.err) == (2, "", f"klint: {message}\n")
