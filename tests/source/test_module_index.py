from __future__ import annotations

import re
import textwrap
import warnings
from pathlib import Path

import pytest

from keras_layer_lint.errors import UnreadableFile
from keras_layer_lint.source.module_index import ModuleIndex, dotted_name, index_module


def index(text: str, path: str | Path = "pkg/mod.py") -> ModuleIndex:
    return index_module(textwrap.dedent(text), Path(path))


def test_imports() -> None:
    module = index("""
        import tensorflow as tf, numpy
        import keras.layers
        from keras import layers as L, Model
        from keras.layers import *
        if TYPE_CHECKING:
            from typing import Any
        with suppress(ImportError):
            import jax
    """)
    assert module.imports == {
        "tf": ("tensorflow",),
        "numpy": ("numpy",),
        "keras": ("keras",),
        "L": ("keras.layers",),
        "Model": ("keras.Model",),
        "Any": ("typing.Any",),
        "jax": ("jax",),
    }
    assert module.star_imports == ("keras.layers",)


def test_the_first_branch_is_preferred() -> None:
    module = index("""
        try:
            import tf_keras as keras
        except ImportError:
            import keras
        if NEW:
            from a import X
        elif OTHER:
            from b import X
        else:
            from c import X
        from d import Y
        from e import Y
    """)
    assert module.imports["keras"] == ("tf_keras", "keras")
    assert module.imports["X"][0] == "a.X"
    assert set(module.imports["X"]) == {"a.X", "b.X", "c.X"}
    assert module.imports["Y"] == ("e.Y", "d.Y")


@pytest.mark.parametrize(
    ("path", "packages", "text", "name", "target"),
    [
        ("a/b/m.py", ["a", "a/b"], "from . import x", "a.b.m", "a.b.x"),
        ("a/b/m.py", ["a", "a/b"], "from ..c import x", "a.b.m", "a.c.x"),
        ("a/b/__init__.py", ["a", "a/b"], "from .c import x", "a.b", "a.b.c.x"),
        ("a/b/__init__.py", ["a", "a/b"], "from ..c import x", "a.b", "a.c.x"),
        # No import can name a folder with a dot: what it holds is imported from within.
        ("net-tf2.0/b/m.py", ["net-tf2.0", "net-tf2.0/b"], "from b.c import x", "b.m", "b.c.x"),
        ("a/b/m.py", ["a/b"], "from . import x", "b.m", "b.x"),
        ("a/b/m.py", [], "from .c import x", "b.m", "b.c.x"),  # a namespace package
        ("a/b/m.py", [], "from ..c import x", "a.b.m", "a.c.x"),
        ("a/b/m.py", [], "from c import x", "m", "c.x"),
    ],
)
def test_relative_imports(tmp_path: Path, path: str, packages: list[str], text: str, name: str, target: str) -> None:
    for package in packages:
        (tmp_path / package).mkdir(parents=True, exist_ok=True)
        (tmp_path / package / "__init__.py").touch()
    module = index(text, tmp_path / path)
    assert module.name == name
    assert module.imports["x"] == (target,)


def test_classes() -> None:
    module = index("""
        @register(
            "x")
        class A(tf.keras.layers.Layer, Generic[T], metaclass=M):
            class Inner(Base[int][str]): pass
            def call(self, x):
                pass
        def make(size):
            from keras.layers import Layer
            other = 1
            class B(Layer):
                def build(self, s): pass
            return B
        try:
            class C(six.with_metaclass(Meta, Base)): pass
        except Exception:
            class C(mixin(Base)): pass
        class D: pass
    """)
    assert list(module.classes) == ["A", "A.Inner", "make.<locals>.B", "C", "C#2", "D"]
    a = module.classes["A"]
    assert (a.line, a.end_line, a.node.lineno) == (2, 7, 4)
    assert a.bases == ("tf.keras.layers.Layer", "Generic")
    assert a.methods == {"call"}
    assert module.classes["A.Inner"].bases == ("Base",)
    b = module.classes["make.<locals>.B"]
    assert b.enclosing == "make.<locals>"
    assert b.imports == {"Layer": ("keras.layers.Layer",)}
    assert b.shadowed == {"size", "other"}
    assert module.classes["C"].bases == ("Base",)
    assert module.classes["C#2"].bases == (None,)
    assert module.classes["D"].bases == ()
    assert list(module.functions) == ["make"]


def test_assignments() -> None:
    module = index("layers = tf.keras.layers\na, b = 1, x.y\nc: int = 2\nd: int\ne, f = g()\n")
    assert {name: dotted_name(value) for name, value in module.assignments.items()} == {
        "layers": "tf.keras.layers",
        "a": None,
        "b": "x.y",
        "c": None,
    }


def test_lines_agree_with_ast_past_form_feeds() -> None:
    module = index_module("x = 1\x0c\ny = '\x85\u2028'\r\nclass A(B):\r    pass\n", Path("m.py"))
    assert module.lines[module.classes["A"].line - 1] == "class A(B):\r"


def test_no_warning_reaches_the_user() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        index(r"x = '\d'; y = 1 is 1; assert (1, 'x')")


N = 100_000
HOSTILE = {
    "minus": "x = " + "-" * N + "1",
    "not": "x = " + "not " * N + "1",
    "plus": "x = 1" + "+1" * N,
    "brackets": "x = " + "[" * N + "]" * N,
    "attributes": "x = a" + ".a" * N,
    "calls": "x = a" + "()" * N,
    "elif": "if a: pass\n" + "elif a: pass\n" * N,
    "lambda": "x = " + "lambda: " * N + "1",
    "power": "x = 1" + "**1" * N,
    "indents": "".join(" " * depth + "if a:\n" for depth in range(150)) + " " * 150 + "pass\n",
    "number": "x = " + "9" * N,
    "f-string": 'x = f"' + "{a}" * N + '"',
    "surrogate": "x = '\ud800'",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_source_is_refused_or_indexed(name: str) -> None:
    try:
        module = index_module(HOSTILE[name] + "\nclass A(B): pass\n", Path("m.py"))
    except UnreadableFile as error:
        reason = error.reason
    else:
        assert list(module.classes) == ["A"]
        reason = "nested too deeply"  # this version of Python takes it
    assert re.match(r"nested too deeply|syntax error: |too many replacement fields|cannot be parsed: ", reason)


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [("x = (\n", 1, 5), ("a = 1\nclass A(:\n", 2, 9), ("\tx = 1", 1, 1), ("x = 1\n  y\n", 2, 1)],
)
def test_syntax_errors_have_a_place(text: str, line: int, column: int) -> None:
    with pytest.raises(UnreadableFile, match="syntax error") as caught:
        index_module(text, Path("m.py"))
    assert caught.value.line == line
    assert caught.value.column >= 1
    if not text[0].isspace() and "  y" not in text:
        assert caught.value.column == column
