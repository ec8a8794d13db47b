from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from keras_layer_lint.diagnostic import Diagnostic, Severity, Span
from keras_layer_lint.source.suppressions import Suppressions, read_suppressions

NAMES = {"tensor-if": "KLL101", "tensor-for": "KLL103"}


def at(line: int, code: str = "KLL101") -> Diagnostic:
    return Diagnostic(
        code=code, name="x", severity=Severity.ERROR, message="x", path="m.py", span=Span(line, 1, line, 2)
    )


def lines_silenced(found: Suppressions, count: int, code: str = "KLL101") -> list[int]:
    return [line for line in range(1, count + 1) if found.suppresses(at(line, code))]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("a\nb  # noqa\nc\n", [2]),
        ("a  # NoQA: KLL101\n", [1]),
        ("a  # noqa:KLL101,E501\n", [1]),
        ("a  # noqa: E501 KLL1\n", [1]),
        ("a  # noqa: E501\n", []),
        ("a  # noqa: because\n", [1]),
        ("a  # type: ignore # noqa: KLL101\n", [1]),
        ("a  # klint: ignore\n", [1]),
        ("a  #klint: ignore[KLL101] it is static\n", [1]),
        ("a  # klint: ignore[KLL2, kll101]\n", [1]),
        ("a  # klint: ignore[KLL2]\n", []),
        ("a  # klint: ignore[]\n", []),
        ("a  # klint: ignored\n", []),
        ("a  # klint: ignore KLL101\n", [1]),
        ("a  # klint: ignore KLL2 KLL3, for it is static\n", []),
        ("a  # klint: ignore: KLL101 it is static\n", [1]),
        ("a  # klint: ignore(KLL101)\n", [1]),
        ("a  # klint: ignore it is static\n", [1]),
        ("a  # klint: ignore[tensor-if]\n", [1]),
        ("a  # klint: ignore tensor-if\n", [1]),
        ("a  # klint: ignore[tensor-for]\n", []),
        ("a  # klint: ignroe[KLL101]\n", []),
        ("x = (1 +\n  2)  # klint: ignore\nb\n", [1, 2]),
        ("x = (1 +  # klint: ignore\n  2)\nb\n", [1, 2]),
        ("x = (\n  # klint: ignore\n  2)\nb\n", [1, 2, 3]),
        ("def f(a,  # klint: ignore\n  b):\n  a\n", [1, 2]),
        ("# klint: ignore\na\n", [1]),
        ("a\n# klint: disable\nb\nc\n", [2, 3, 4]),
        ("a\n# klint: disable[KLL101]\nb\n# klint: enable[KLL101]\nc\n", [2, 3, 4]),
        ("a\n# klint: disable[KLL2]\nb\n# klint: enable\nc\n", []),
        ("# klint: disable KLL1\na\n# klint: enable KLL2\nb\n", [1, 2, 3, 4]),
        ("# klint: disable\na\n# klint: enable[KLL101]\nb\n", [1, 2, 3]),
        ("x = '# noqa'\ny = '''\n# klint: ignore-file\n'''\n", []),
        ("x = '''\na\n'''  # noqa\nb\n", [1, 2, 3]),
        ("x = 1 + \\\n  2  # noqa\nb\n", [1, 2]),
        ("x = (1 +\n  2)  # noqa\n", [2]),
        ("a\n# klint: ignore-file\nb\n", [1, 2, 3]),
        ("a\n# klint: ignore-file[KLL1] generated\nb\n", [1, 2, 3]),
        ("a\n# klint: ignore-file[KLL2]\nb\n", []),
        ("a\n  # flake8: noqa\nb\n", [1, 2, 3]),
        ("a\n# flake8: noqa: KLL101\nb\n", [1, 2, 3]),
        ("a\n# flake8: noqa: E501\nb\n", []),
        ("a  # flake8: noqa\nb\n", []),
        ("a  # noqa", [1]),
        ("a  # noqa\nb = (\n", [1]),
    ],
)
def test_suppresses(text: str, lines: list[int]) -> None:
    assert lines_silenced(read_suppressions(text, None, NAMES), text.count("\n") + 1) == lines or (
        lines_silenced(read_suppressions(text, None, NAMES), text.count("\n")) == lines
    )


def test_unused() -> None:
    found = read_suppressions(
        "a  # noqa: KLL101, E501\n"
        "b  # klint: ignore[KLL101, KLL202]\n"
        "c  # noqa\n"
        "d  # klint: ignore\n"
        "e  # klint: ignore\n"
    )
    assert found.suppresses(at(2))
    assert found.suppresses(at(4))
    assert [(entry.span.line, codes) for entry, codes in found.unused()] == [
        (1, ("KLL101",)),
        (2, ("KLL202",)),
        (5, ()),
    ]
    assert found.unused()[0][0].span == Span(1, 4, 1, 24)


NOQA = '''\
from os import a; x = """
text
"""  # noqa
from os import b; x = 1 + \\
    2  # noqa: F401
from os import (c,
    d,  # noqa
    e)
from os import f  # NOQA : F401
from os import g  # noqa:F4,E501
from os import h  # noqa:E501
from os import i  #noqa
from os import j  # text noqa
'''


@pytest.mark.slow
def test_lines_agree_with_flake8(tmp_path: Path) -> None:
    pytest.importorskip("flake8")
    path = tmp_path / "m.py"
    path.write_text(NOQA.replace("F401", "KLL101").replace("F4", "KLL1"))
    ours = read_suppressions(path.read_text())
    path.write_text(NOQA)
    command = [sys.executable, "-m", "flake8", "--isolated", "--select=F401", "--format=%(row)d", str(path)]
    everything = subprocess.run([*command, "--disable-noqa"], capture_output=True, text=True, check=False).stdout
    left = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    assert everything.split()
    assert [line for line in everything.split() if not ours.suppresses(at(int(line)))] == left.split()
