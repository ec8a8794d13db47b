"""KLL312: `build` takes the list that a loaded model passes for several shapes."""

from __future__ import annotations

from pathlib import Path

import pytest

from keras_layer_lint import Diagnostic, Settings, lint_paths, lint_source

SOURCE = """\
import keras


class Subject(keras.layers.Layer):
    def build(self, input_shape):
{build}
        super().build(input_shape)
{more}
    def call(self, inputs):
        return inputs
"""
MORE = """
    def build_from_config(self, config):
        self.build(tuple(config["input_shape"]))
"""

REPORTED = [
    "if isinstance(input_shape, list):\n    input_shape = input_shape[0]",
    "if type(input_shape) is list:\n    input_shape = input_shape[0]",
    "size = input_shape[0][-1] if isinstance(input_shape, list) else input_shape[-1]",
    "size = sum(s[-1] for s in input_shape) if isinstance(input_shape, list) else input_shape[-1]",
    "if not isinstance(input_shape, list):\n    size = 1\nelse:\n    size = input_shape[0][-1]",
    "first = input_shape if isinstance(input_shape, tuple) else input_shape[0]",
]

SILENT = [
    "if isinstance(input_shape, list):\n    input_shape = tuple(input_shape)",
    "if isinstance(input_shape, list) and len(input_shape) == 2:\n    input_shape = input_shape[0]",
    "if not isinstance(input_shape, list):\n    raise ValueError\nsize = input_shape[0][-1]",
    "if isinstance(input_shape, list):\n    size = input_shape[0][-1]\nelse:\n    raise ValueError",
    "if isinstance(input_shape, (list, tuple)):\n    size = input_shape[0]",
    "if isinstance(input_shape[0], list):\n    size = input_shape[0][-1]",
    "input_shape = tuple(input_shape)\nif isinstance(input_shape, list):\n    input_shape = input_shape[0]",
    "assert isinstance(input_shape, list)\nsize = input_shape[0][-1]",
]


def found(build: str, keras: str, more: str = "") -> tuple[Diagnostic, ...]:
    indented = "\n".join(f"        {line}" for line in build.splitlines())
    settings = Settings(keras=(keras,), select=("KLL312",))
    return lint_source(SOURCE.format(build=indented, more=more), "subject.py", settings)


@pytest.mark.parametrize("build", REPORTED)
def test_reported(build: str) -> None:
    (diagnostic,) = found(build, "3")
    assert diagnostic.severity.label == "error"
    assert diagnostic.message.endswith("so that loading raises TypeError")
    assert diagnostic.method == "build"


@pytest.mark.parametrize("build", REPORTED)
def test_keras_2_calls_what_it_loads(build: str) -> None:
    assert found(build, "2") == ()


@pytest.mark.parametrize("build", SILENT)
def test_silent(build: str) -> None:
    assert found(build, "3") == ()


def test_silent_where_the_class_says_how_it_is_built() -> None:
    assert found(REPORTED[0], "3", MORE) == ()


FROM_CONFIG = """
    @classmethod
    def from_config(cls, config):
        config = dict(config)
        {body}
"""


@pytest.mark.parametrize(
    ("body", "is_told"),
    [
        ("return cls(**config)", True),
        ("return super().from_config(config)", True),
        ("layer = cls(**config)\n        layer.build((None, 8))\n        return layer", False),
        ("return made(cls, config)", False),
    ],
)
def test_from_config(body: str, is_told: bool) -> None:
    assert len(found(REPORTED[0], "3", FROM_CONFIG.format(body=body))) == is_told


BASE = """\
class Pool(keras.layers.Layer):
    def build(self, input_shape):
{build}
        super().build(input_shape)
"""
PRODUCT = """\
class Product(Pool):
    def call(self, inputs):
        if {test}:
            left, right = inputs
            return left * right
        return inputs * 2.0
"""
PAIR = """\
if isinstance(input_shape, list) and len(input_shape) == 2:
    self.mode = "pair"
else:
    self.mode = "single" if len(input_shape) == 2 else "batch"
"""
FLAGS = [
    ("self.several = isinstance(input_shape, list)", "self.several"),
    ("if isinstance(input_shape, list):\n    self.several = True\nelse:\n    self.several = False", "self.several"),
    (PAIR, "self.mode == 'pair'"),
]
NO_FLAGS = [
    (PAIR, "self.mode == 'single'"),
    (PAIR, "not self.mode == 'pair'"),
    (PAIR.replace("len(input_shape) == 2 else", "len(input_shape) == 3 else"), "self.mode == 'pair'"),
    ("if isinstance(input_shape, list):\n    self.several = True", "self.several"),
    ("self.several = isinstance(input_shape, (list, tuple))", "self.several"),
    ("self.several = isinstance(input_shape, list)", "isinstance(inputs, list)"),
    ("self.several = isinstance(input_shape, list)", "inputs is None or self.several"),
]


def of_base(build: str, more: str) -> tuple[Diagnostic, ...]:
    indented = "\n".join(f"        {line}" for line in build.splitlines())
    settings = Settings(keras=("3",), select=("KLL312",))
    return lint_source(f"import keras\n\n\n{BASE.format(build=indented)}\n\n{more}", "subject.py", settings)


@pytest.mark.parametrize(("build", "test"), FLAGS)
def test_what_build_finds_out_is_asked_where_it_is_called(build: str, test: str) -> None:
    (diagnostic,) = of_base(build, PRODUCT.format(test=test))
    assert diagnostic.severity.label == "warning"
    assert diagnostic.class_name == "Product"
    assert diagnostic.span.line == 6
    name = test.split()[0]
    assert diagnostic.message.endswith(
        f"so that loading raises, or what is loaded takes its one input apart: by `{name}`"
    )


@pytest.mark.parametrize(("build", "test"), NO_FLAGS)
def test_what_is_not_asked_is_silent(build: str, test: str) -> None:
    assert of_base(build, PRODUCT.format(test=test)) == ()


def test_said_once_for_all_classes_that_inherit_it() -> None:
    other = PRODUCT.replace("Product", "Sum").replace("*", "+").replace("{test}", "self.mode == 'pair'")
    own_build = (
        other.replace("Sum", "Difference")
        + "\n    def build(self, input_shape):\n        super().build(input_shape)\n        self.made = True\n"
    )
    no_pair = "class Double(Pool):\n    def call(self, inputs):\n        return inputs * 2.0\n"
    (diagnostic,) = of_base(PAIR, "\n\n".join([PRODUCT.format(test="self.mode == 'pair'"), other, own_build, no_pair]))
    assert diagnostic.class_name == "Product"
    assert "takes it for several shapes (also of `Sum`, `Difference`), so" in diagnostic.message


def test_said_of_the_base_where_that_is_made() -> None:
    more = "class Named(Pool):\n    pass\n\n\npool = Pool()\n"
    (diagnostic,) = of_base(REPORTED[0], more)
    assert diagnostic.class_name == "Pool"
    assert "(also of `Named`)" in diagnostic.message


def test_base_in_another_file(tmp_path: Path) -> None:
    """Told where `call` takes the inputs apart; what stands in `build` is told in its own file."""
    (tmp_path / "__init__.py").touch()
    for build, places in ((PAIR, [("layers.py", 6, "Product")]), (REPORTED[0], [("pools.py", 6, "Pool")])):
        indented = "\n".join(f"        {line}" for line in build.splitlines())
        (tmp_path / "pools.py").write_text(f"import keras\n\n\n{BASE.format(build=indented)}")
        layers = "from .pools import Pool\n\n\n\n\n" + PRODUCT.format(test="self.mode == 'pair'")
        (tmp_path / "layers.py").write_text(layers)
        found = lint_paths([tmp_path], Settings(keras=("3",), select=("KLL312",))).diagnostics
        assert [(Path(each.path).name, each.span.line, each.class_name) for each in found] == places
