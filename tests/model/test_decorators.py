"""Decorators of the project are read: a class is linted as it stands where they return it as it is."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from tests.checks.cases import messages, write

CODE = "KLL302"
LEFT_OUT = ["warning: `Gate.get_config()` leaves out `rate`: a reload silently brings the default"]
CLASS = """
{decorator}
class Gate(layers.Layer):
    def __init__(self, units, rate=0.5, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.rate = rate

    def get_config(self):{mark}
        return {{**super().get_config(), "units": self.units}}

    def call(self, inputs):
        return inputs * self.rate
"""
ALONE = {
    "registers": "def mark(cls):\n    keras.utils.get_custom_objects()[cls.__name__] = cls\n    return cls",
    "hands it on": "def mark(cls):\n    keras.saving.register_keras_serializable('a')(cls)\n    return cls",
    "with a table": "TABLE = {}\n\ndef mark(cls):\n    if cls.__name__ in TABLE:\n"
    "        raise ValueError(f'{cls} twice')\n    TABLE[cls.__name__] = cls\n    return cls",
    "by a function of its own": "def note(name, symbol):\n    if hasattr(symbol, 'get_config'):\n"
    "        keras.saving.register_keras_serializable('a')(symbol)\n\n"
    "def mark(cls):\n    note('a', symbol=cls)\n    note('b', cls)\n    return cls",
}
CHANGED = {
    "sets a method": "def mark(cls):\n    cls.get_config = get_config\n    return cls",
    "sets by name": "def mark(cls):\n    setattr(cls, 'get_config', get_config)\n    return cls",
    "another class": "def mark(cls):\n    class Made(cls):\n        pass\n    return Made",
    "rebinds it": "def mark(cls):\n    cls = wrapped(cls)\n    return cls",
    "hands it to somebody": "def mark(cls):\n    finish(cls)\n    return cls",
    "a function sets it": "def note(symbol):\n    symbol.get_config = None\n\n"
    "def mark(cls):\n    note(cls)\n    return cls",
    "a function of anything": "def note(*symbols):\n    finish(*symbols)\n\n"
    "def mark(cls):\n    note(cls)\n    return cls",
    "a function without end": "def note(symbol):\n    note(symbol)\n    finish(symbol)\n\n"
    "def mark(cls):\n    note(cls)\n    return cls",
    "one way only": "def mark(cls):\n    if DEBUG:\n        return wrapped(cls)\n    return cls",
    "calls a method": "def mark(cls):\n    cls.prepare()\n    return cls",
    "returns nothing": "def mark(cls):\n    TABLE['a'] = cls",
    "decorated itself": "@wraps_all\ndef mark(cls):\n    return cls",
    "unknown": "from elsewhere import mark",
}


@pytest.mark.parametrize("function", ALONE.values(), ids=ALONE)
def test_what_returns_the_class_leaves_it_alone(function: str) -> None:
    assert messages(CODE, function + "\n" + CLASS.format(decorator="@mark", mark="  # KLL302"), "2") == LEFT_OUT


@pytest.mark.parametrize("function", CHANGED.values(), ids=CHANGED)
def test_what_may_change_the_class_does_not(function: str) -> None:
    assert messages(CODE, function + "\n" + CLASS.format(decorator="@mark", mark=""), "2") == []


def test_a_decorator_with_arguments_is_the_function_that_it_returns() -> None:
    alone = "def mark(name):\n    def of(cls):\n        TABLE[name] = cls\n        return cls\n    return of"
    assert messages(CODE, f"{alone}\n{CLASS.format(decorator='@mark(1)', mark='  # KLL302')}", "2") == LEFT_OUT
    wraps = "def mark(name):\n    def of(cls):\n        return type(name, (cls,), {})\n    return of"
    assert messages(CODE, f"{wraps}\n{CLASS.format(decorator='@mark(1)', mark='')}", "2") == []
    either = alone.replace("    return of", "    return of if name else other")
    assert messages(CODE, f"{either}\n{CLASS.format(decorator='@mark(1)', mark='')}", "2") == []


def test_it_may_stand_in_another_file(tmp_path: Path) -> None:
    write(tmp_path, {"marks.py": f"import keras\n\n\n{ALONE['registers']}\n"})
    source = "import marks\n" + CLASS.format(decorator="@marks.mark", mark="  # KLL302")
    assert messages(CODE, source, "2", tmp_path / "example.py") == LEFT_OUT


AS_CLASS = """
class mark{bases}:
    def __init__(self, path):
        self.path = path

    def __call__(self, symbol):
        {does}
        return symbol
"""


@pytest.mark.parametrize(
    ("bases", "does", "is_alone"),
    [
        ("", "TABLE[self.path] = symbol", True),
        ("(object)", "keras.saving.register_keras_serializable(self.path)(symbol)", True),
        ("", "symbol.get_config = None", False),
        ("", "self.finish(symbol)", False),
        ("(Exporter)", "TABLE[self.path] = symbol", False),
        ("(namex.export)", "return super().__call__(symbol)", True),
        ("(Exporter)", "return super().__call__(symbol)", False),
    ],
)
def test_an_object_that_decorates(bases: str, does: str, is_alone: bool) -> None:
    source = AS_CLASS.format(bases=bases, does=does) + CLASS
    mark = "  # KLL302" if is_alone else ""
    told = messages(
        CODE,
        source.replace("{decorator}", "@mark('a')").replace("{mark}", mark).replace("{{", "{").replace("}}", "}"),
        "2",
    )
    assert told == LEFT_OUT * is_alone


def test_one_of_two_that_decorate() -> None:
    one = AS_CLASS.format(bases="", does="TABLE[self.path] = symbol")
    source = f"exporter = None\nif exporter:\n    import exporter\nelse:\n{textwrap.indent(one, ' ' * 4)}\n"
    assert messages(CODE, source + CLASS.format(decorator="@mark('a')", mark="  # KLL302"), "2") == LEFT_OUT
