"""Code that is deep, huge, endless or no text: each file is linted or becomes a diagnostic, and harms no other."""

from __future__ import annotations

import ast
import json
import os
import random
import subprocess
import sys
import sysconfig
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from keras_layer_lint import Settings, lint_paths, lint_source
from keras_layer_lint.source.decode import split_lines
from tests.conftest import ROOT, Run

pytestmark = pytest.mark.slow

SECONDS = 120
"""For all hostile files together; each takes well under a second."""

GATE = """

class Gate(keras.layers.Layer):
    def call(self, x):
        if ops.mean(x) > 0:
            return x
        return -x
"""
FAULT = (7, "KLL101")
HEAD = "import keras\nfrom keras import ops\n"


def layer(body: str, after: str = "") -> str:
    """A layer with `body` in its `call`, other methods after it, and a second layer with a fault."""
    lines = "".join(f"        {line}\n" for line in body.split("\n"))
    return (
        f"{HEAD}\n\nclass Hostile(keras.layers.Layer):\n    def call(self, x):\n{lines}        return x\n{after}{GATE}"
    )


def joined(template: str, number: int, separator: str = "\n") -> str:
    """`template` for i = 0, 1, ...; `{i}` and `{next}` are filled in."""
    return separator.join(template.replace("{i}", str(i)).replace("{next}", str(i + 1)) for i in range(number))


def nested(opening: str, depth: int, body: str, closing: str = "") -> str:
    """Compound statements within each other, four spaces a level, around `body`."""
    lines = [f"{'    ' * i}{opening.replace('{i}', str(i))}" for i in range(depth)]
    lines += [f"{'    ' * depth}{body}"]
    if closing:
        lines += [f"{'    ' * i}{closing}\n{'    ' * i}    pass" for i in reversed(range(depth))]
    return "\n".join(lines)


def methods(template: str, number: int) -> str:
    """Methods `h0`, `h1`, ... that each call the next one; the last returns what it gets."""
    found = "".join(
        f"\n    def h{i}(self, x, k=0):\n        {template.replace('next', f'h{i + 1}')}\n" for i in range(number)
    )
    return f"{found}\n    def h{number}(self, x, k=0):\n        return x\n"


HOSTILE = {
    # deep
    "brackets": layer("x = " + "(" * 5000 + "x" + ")" * 5000),
    "brackets that Python takes": layer("x = " + "(" * 190 + "x" + ")" * 190),
    "lists": layer("x = " + "[" * 90 + "x" + "]" * 90),
    "unary operators": layer("x = " + "-" * 50_000 + "x"),
    "a few unary operators": layer("x = " + "-" * 300 + "x"),
    "not": layer("x = " + "not " * 3000 + "x"),
    "sum": layer("x = " + " + ".join(["x"] * 20_000)),
    "a shorter sum": layer("x = " + " + ".join(["x"] * 390)),
    "and": layer("if " + joined("self.a{i}", 5000, " and ") + ":\n    pass"),
    "a shorter and": layer("if " + joined("self.a{i}", 300, " and ") + ":\n    pass"),
    "comparison": layer("x = " + " < ".join(["x"] * 3000)),
    "elif": layer("if self.a:\n    x = 0\n" + joined("elif self.a{i}:\n    x = x + {i}", 800)),
    "fewer elifs": layer("if self.a:\n    x = 0\n" + joined("elif self.a{i}:\n    x = x + {i}", 150)),
    "conditional expressions": layer("x = " + joined("{i} if self.a{i} else (", 90, "") + "x" + ")" * 90),
    "attributes": layer("y = x" + ".a" * 5000),
    "calls": layer("y = x" + ".a()" * 3000),
    "strings": layer("y = (" + " ".join(["'a'"] * 5000) + ")"),
    "loops": layer(nested("for i{i} in range(self.n):", 18, "x = x + 1")),
    "loops over tensors": layer(nested("for x{i} in x:", 18, "x = x + x0")),
    "while": layer(nested("while self.n > {i}:", 18, "x = x + 1")),
    "try": layer(nested("try:", 18, "x = self.f(x)", "except ValueError:")),
    "branches": layer(nested("if self.a{i}:", 90, "x = x + 1")),
    "functions": layer(nested("def f{i}(a):", 60, "return a") + "\nx = f0(x)"),
    "lambdas": layer("f = " + joined("lambda a{i}: ", 80, "") + "x\nx = f(1)"),
    "comprehensions": layer("y = " + "[" * 30 + "x" + joined(" for a{i} in range(self.n)]", 30, "")),
    "for in a comprehension": layer("y = [x " + joined("for a{i} in range(self.n)", 20, " ") + "]"),
    "classes": HEAD + nested("class C{i}(keras.layers.Layer):", 40, "def call(self, x): return x") + GATE,
    # huge
    "f-string": layer("y = f'" + "{x}" * 4000 + "'"),
    "list": layer("y = [" + ", ".join(["0"] * 20_000) + "]"),
    "arguments": layer("y = ops.stack(" + ", ".join(["x"] * 3000) + ")"),
    "statements": layer("y0 = x\n" + joined("y{next} = ops.add(y{i}, x)", 1500)),
    "statements on a line": layer(";".join(["x = x + 1"] * 2000)),
    "assignment": layer(joined("a{i}", 1000, " = ") + " = x"),
    "match": layer("match self.k:\n" + joined("    case {i}:\n        y = {i}", 200)),
    "comments": layer(joined("# klint: ignore[KLL302]", 5000)),
    "decorators": HEAD
    + "@keras.saving.register_keras_serializable()\n" * 300
    + "class L(keras.layers.Layer): ...\n"
    + GATE,
    "bases": HEAD
    + "class C0(keras.layers.Layer):\n    def call(self, x): return x\n"
    + joined("class C{next}(C{i}):\n    def call(self, x): return super().call(x)\n", 120, "")
    + GATE,
    "diamonds": HEAD
    + "class A0(keras.layers.Layer): ...\nclass B0(A0): ...\n"
    + joined("class A{next}(A{i}, B{i}): ...\nclass B{next}(A{i}): ...\n", 40, "")
    + GATE,
    "arguments of init": HEAD
    + "class L(keras.layers.Layer):\n"
    + f"    def __init__(self, {joined('a{i}', 250, ', ')}, **kwargs):\n        super().__init__(**kwargs)\n"
    + "    def get_config(self):\n        config = super().get_config()\n"
    + joined("        if self.a{i}:\n            config['a{i}'] = self.a{i}\n", 250, "")
    + "        return config\n"
    + GATE,
    # endless, or exponential when followed path by path
    "branches in a row": layer(joined("if self.a{i}:\n    y{i} = x + {i}\nelse:\n    y{i} = None", 200)),
    "branches that read each other": layer(
        "y0 = 0\n" + joined("if self.a{i}:\n    y{next} = x\nelse:\n    y{next} = y{i}", 200)
    ),
    "mutual recursion": layer(
        "x = self.a(x)",
        "\n    def a(self, x): return self.b(self.a(x))\n\n    def b(self, x): return self.a(self.b(x))\n",
    ),
    "calls that double": layer("x = self.h0(x)", methods("return self.next(x) + self.next(x) + self.next(-x)", 30)),
    "calls that differ": layer(
        "x = self.h0(x, 1)", methods("return self.next(x, k * 2) + self.next(x, k * 2 + 1)", 25)
    ),
    "lambdas that double": layer("f = lambda a: a\n" + joined("f = lambda a, f=f: f(f(a))", 40) + "\nx = f(x)"),
    "numbers": layer(
        "a = 10 ** 10 ** 10\nb = [x] * 10 ** 12\nc = 'a' * 10 ** 12\nd = 1 << 10 ** 12\nlist(range(10 ** 12))"
    ),
    "base that is itself": HEAD + "class L(L, keras.layers.Layer):\n    def call(self, x): return x\n" + GATE,
    "bases in a circle": HEAD
    + "class A(B):\n    def call(self, x): return x\nclass B(A, keras.layers.Layer):\n    def call(self, x): return x\n"
    + GATE,
    "names in a circle": HEAD
    + "A = B\nB = A\nC = D = C\nclass L(A, C, keras.layers.Layer):\n    def call(self, x): return A\n"
    + GATE,
    # odd
    "no arguments": HEAD
    + "class L(keras.layers.Layer):\n    def __init__(): ...\n    def build(*a): ...\n    def call(**k): ...\n"
    + "    def get_config(): ...\n"
    + GATE,
    "no functions": HEAD
    + "class L(keras.layers.Layer):\n    call = None\n    build = lambda self, s: s\n    __init__ = object.__init__\n"
    + GATE,
    "asynchronous": layer(
        "async def f():\n    async for i in x:\n        await i\n    return [i async for i in x]\nx = f()"
    ),
    "stars": layer("a, *b = *x, *x\nself.f(*x, **x)\nc = [*a, *b], {**x}\n(d, [e, *f]), g[0], h.i = x\ndel a, b[0], c"),
    "old Mac line ends": layer("pass").replace("\n", "\r"),
    "form feeds": layer("pass").replace("\nclass", "\n\f\nclass").replace("\n    def", "\n\f    def"),
    "no line end": layer("pass").rstrip("\n"),
}

BYTES = {
    "nul": b"class A(B):\n    def call(self): ...\n\0",
    "not utf-8": b"class A(B):\n    def call(self): ...\n# \xff\n",
    "unknown encoding": b"# coding: klingon\nclass A(B):\n    def call(self): ...\n",
    "encoding that is none": b"# coding: zip\nclass A(B):\n    def call(self): ...\n",
    "larger than 5 MiB": b"class A(B):\n    def call(self): ...\n" + b"#" * 5 * 1024 * 1024,
}
"""Files that are no Python: exactly one KLL001 each."""


def klint(folder: Path, *arguments: str) -> dict[str, Any]:
    """The JSON report of a run in a process of its own, which a crash of native code would end."""
    run = subprocess.run(
        [sys.executable, "-m", "keras_layer_lint", "--isolated", "--output-format", "json", *arguments],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert run.returncode in (0, 1, 2), run.stderr
    report: dict[str, Any] = json.loads(run.stdout)
    return report


def by_path(report: dict[str, Any]) -> dict[str, list[tuple[int, str]]]:
    found: dict[str, list[tuple[int, str]]] = {}
    for diagnostic in report["diagnostics"]:
        found.setdefault(diagnostic["path"], []).append((diagnostic["line"], diagnostic["code"]))
    return found


def is_python(source: str) -> bool:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(source)
    except (SyntaxError, RecursionError, MemoryError):
        return False
    return True


def test_hostile_files_do_not_harm_each_other(tmp_path: Path) -> None:
    for name, source in HOSTILE.items():
        (tmp_path / f"{name}.py").write_bytes(source.encode())
    for name, data in BYTES.items():
        (tmp_path / f"{name}.py").write_bytes(data)
    for name in ("a neighbour", "m neighbour", "z neighbour"):
        (tmp_path / f"{name}.py").write_bytes((HEAD + GATE).encode())
    report = klint(tmp_path, "--jobs", "1")
    found = by_path(report)
    assert report["errors"] == []
    assert [found[f"{name} neighbour.py"] for name in "amz"] == [[FAULT]] * 3
    assert {name: found.get(f"{name}.py") for name in BYTES} == {
        name: [(found[f"{name}.py"][0][0], "KLL001")] for name in BYTES
    }
    for name, source in HOSTILE.items():
        codes = [code for _, code in found.get(f"{name}.py", [])]
        if is_python(source):
            line = len(split_lines(source)) - 2
            assert (line, "KLL101") in found[f"{name}.py"], name
        else:
            assert "KLL001" in codes, name
    assert by_path(klint(tmp_path, "--jobs", "2")) == found


DOUBLING = [
    joined("a = (a, a)", 60),
    joined("a, b = (a, b), (b, a)", 60),
    joined("a = a + a", 60),
    joined("a = [*a, *a]", 60),
    joined("a = {'l': a, 'r': a}", 60),
    joined("a.append(a)\na.extend(a)", 60),
    joined("self.a = (a, a)\na = self.a", 60),
    joined("if self.f:\n    a = (a, a)\nelse:\n    a = (a, a)", 60),
    joined("if self.f:\n    a = {'l': a, 'r': a}\nelse:\n    a = {'l': a, 'r': a}", 60),
    joined("a = list(zip(a, a))\na = list(enumerate(a))\na = [a, a]", 60),
    joined("a = dict(l=a, r=a)\na.update(b=a)\na['c'] = a", 60),
    joined("a = 'a' + a\na = a + a\na = f'{a}{a}'\na = a * 1000", 60),
    joined("a = a * a * 3", 60),
]
STARTS = ["a = b = x", "a = b = [x, x]", "a = 'a'", "a = 10"]


def test_values_that_double_stay_small(tmp_path: Path) -> None:
    """Followed to the letter, each ends in more values than there is memory for."""
    faults = {}
    for number, (start, body) in enumerate((start, body) for start in STARTS for body in DOUBLING):
        source = layer(f"{start}\n{body}")
        (tmp_path / f"{number}.py").write_text(source, encoding="utf-8")
        faults[f"{number}.py"] = len(split_lines(source)) - 2
    report = klint(tmp_path, "--select", "KLL001,KLL101", "--keras", "3")
    assert report["errors"] == []
    found = by_path(report)
    assert {path: [line for line, _ in found[path]][-1] for path in faults} == faults


@pytest.mark.skipif(sys.platform == "win32", reason="needs links and pipes")
def test_what_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "folder.py").mkdir()
    (tmp_path / "folder.py" / "inner.py").write_text(HEAD + GATE, encoding="utf-8")
    (tmp_path / "dangling.py").symlink_to(tmp_path / "nowhere.py")
    (tmp_path / "circle.py").symlink_to(tmp_path / "circle.py")
    (tmp_path / "again").symlink_to(tmp_path, target_is_directory=True)
    os.mkfifo(tmp_path / "pipe.py")
    report = klint(tmp_path, ".")
    assert by_path(report) == {"folder.py/inner.py": [FAULT]}
    assert report["errors"] == []


@pytest.mark.skipif(sys.platform == "win32", reason="needs pipes")
@pytest.mark.parametrize("name", ["pipe.py", "dangling.py", "circle.py", "nowhere.py", "zero"])
def test_what_is_no_file_but_named(tmp_path: Path, name: str) -> None:
    os.mkfifo(tmp_path / "pipe.py")
    (tmp_path / "dangling.py").symlink_to(tmp_path / "nowhere.py")
    (tmp_path / "circle.py").symlink_to(tmp_path / "circle.py")
    (tmp_path / "zero").symlink_to("/dev/zero")
    (tmp_path / "gate.py").write_text(HEAD + GATE, encoding="utf-8")
    report = klint(tmp_path, name, "gate.py")
    assert by_path(report)["gate.py"] == [FAULT]
    said = [error["path"] for error in report["errors"]] + [path for path in by_path(report) if path != "gate.py"]
    assert said == [name]


def test_exit_codes(klint: Callable[..., Run]) -> None:
    Path("nul.py").write_bytes(BYTES["nul"])
    assert klint("nul.py").code == 1
    assert klint("nul.py", "nowhere.py").code == 2


@pytest.mark.parametrize("name", sorted(BYTES))
def test_source_without_a_file(name: str) -> None:
    assert [found.code for found in lint_source(BYTES[name], "layers.py")] == ["KLL001"]


def variants(source: str, number: int, seed: int) -> list[str]:
    """`source` with lines cut, doubled, swapped or moved in or out; most of it still is Python."""
    chance = random.Random(seed)
    found = []
    for _ in range(number):
        lines = source.splitlines()
        for _ in range(chance.randint(1, 4)):
            here, there = chance.randrange(len(lines)), chance.randrange(len(lines))
            match chance.randrange(7):
                case 0:
                    del lines[here]
                case 1:
                    lines.insert(there, lines[here])
                case 2:
                    lines[here], lines[there] = lines[there], lines[here]
                case 3:
                    lines[here] = lines[here].removeprefix("    ")
                case 4:
                    lines[here] = "    " + lines[here]
                case 5:
                    del lines[min(here, there) : min(here, there) + 5]
                case 6:
                    words = lines[here].split(" ")
                    lines[here] = " ".join(
                        [*words[:-1], chance.choice(("x", "self", "None", "0", "ops", "super()", "[]"))]
                    )
            if not lines:
                break
        found.append("\n".join(lines) + "\n")
    return found


def test_mutated_fixtures_raise_nothing(tmp_path: Path) -> None:
    files = sorted((ROOT / "fixtures").glob("*/*/*.py"))
    parsed = total = 0
    for seed, path in enumerate(files):
        for number, source in enumerate(variants(path.read_text(encoding="utf-8"), 12, seed)):
            (tmp_path / f"{path.stem}_{seed}_{number}.py").write_text(source, encoding="utf-8")
            parsed += is_python(source)
            total += 1
    assert total > 200
    assert parsed > total / 4
    report = lint_paths([tmp_path], Settings(jobs=1, root=str(tmp_path)))
    assert report.errors == ()
    assert report.layers > 100


def test_standard_library_holds_no_layer() -> None:
    report = lint_paths([sysconfig.get_path("stdlib")], Settings(jobs=2))
    assert report.files > 500
    assert report.errors == ()
    assert report.layers == 0
    # It keeps files that are no valid Python on purpose.
    assert {found.code for found in report.diagnostics} <= {"KLL001"}
