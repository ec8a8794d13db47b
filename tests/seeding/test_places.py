"""What a place makes of code computes what the code computes in `call`."""

from __future__ import annotations

import sys
import types
from typing import Any

import libcst as cst
import pytest

from benchmarks.seeding.places import IN_CALL, ON_CLASS, OTHER_FILE, Planted, edited, planted, spots
from benchmarks.seeding.registry import Edited, Snippet
from benchmarks.seeding.source import LayerSource, prepended, statements, unmarked, with_methods

pytestmark = pytest.mark.slow  # together they take as long as a third of the rest

TEXT = '''\
"""A module."""

from __future__ import annotations

from place_layers import Layer

SHIFT = 1.0


class Shifted(Layer):
    """A layer."""

    def __init__(self, factor=2.0, **kwargs):
        super().__init__(**kwargs)
        self.factor = factor

    def build(self, input_shape):
        """Build."""
        self.size = input_shape[-1]
        super().build(input_shape)

    def call(self, inputs):
        """Compute."""
        outputs = abs(inputs)
        more = outputs + 2.0
        return more * self.factor
'''
LAYERS = """\
class Layer:
    def __init__(self, **kwargs):
        self.kwargs = kwargs
        self.built = False

    def build(self, input_shape):
        self.built = True
"""
SNIPPETS = {
    "expression": Snippet(call="$x = $x * 3.0 + 1.0"),
    "statements": Snippet(call="if $x > 0.0:\n    $x = $x + 5.0\nelse:\n    $x = $x - 5.0"),
    "self": Snippet(call="$x = $x + self.extra", init="self.extra = 7.0"),
    "module": Snippet(call="$x = $math.sqrt(abs($x))"),
    "build": Snippet(call="$x = $x + self.offset", build="self.offset = 0.25", is_planted_in="build"),
}


def source() -> LayerSource:
    found = LayerSource.read(TEXT, "Shifted")
    assert found is not None
    return found


def made(planted_: Planted, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A layer of the class."""
    for name, text in (("place_layers", LAYERS), ("place_other", planted_.other), ("place_main", planted_.text)):
        module = types.ModuleType(name)
        monkeypatch.setitem(sys.modules, name, module)
        clean, _ = unmarked(text.replace(OTHER_FILE, "place_other"))
        exec(compile(clean, name, "exec", dont_inherit=True), vars(module))
    layer = sys.modules["place_main"].Shifted()
    layer.build((2, 3))
    return layer


@pytest.mark.parametrize("number", range(3))
@pytest.mark.parametrize("place", IN_CALL)
@pytest.mark.parametrize("name", SNIPPETS)
def test_a_place_computes_the_same(name: str, place: str, number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    snippet = SNIPPETS[name]
    spot = list(spots(source(), rank=1))[number]
    here = planted(source(), snippet, spot, "call", "2")
    there = planted(source(), snippet, spot, place, "2")
    assert here is not None
    if there is None:
        assert (name, place) == ("statements", "comprehension")
        return
    for value in (4.0, -9.0):
        assert made(there, monkeypatch).call(value) == made(here, monkeypatch).call(value)


def test_spots_are_in_order() -> None:
    found = [(spot.variable, spot.at, spot.is_returned) for spot in spots(source(), rank=1)]
    assert found == [("inputs", 1, False), ("outputs", 3, True), ("outputs", 2, False)]
    assert "inputs" not in {spot.variable for spot in spots(source(), rank=None)}


@pytest.mark.parametrize("place", ON_CLASS)
def test_an_edited_class_is_the_same_elsewhere(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    here = source()
    build = next(
        each for each in here.node.body.body if isinstance(each, cst.FunctionDef) and each.name.value == "build"
    )
    edit = Edited(node=with_methods(here.node, prepended(build, statements("self.depth = len(input_shape)"))))
    there = edited(here, edit, place)
    assert there is not None
    layer = made(there, monkeypatch)
    assert (layer.depth, layer.size, layer.built, layer.call(-1.0)) == (2, 3, True, 6.0)


def test_what_needs_names_of_the_module_stays() -> None:
    text = TEXT.replace("factor=2.0", "factor=SHIFT")
    found = LayerSource.read(text, "Shifted")
    assert found is not None
    assert edited(found, Edited(node=found.node), "base") is None


def test_marks_are_taken_off_and_counted() -> None:
    text, lines = unmarked("a = 1\nb = 2  #@\n    c = 3  #@\n")
    assert text == "a = 1\nb = 2\n    c = 3\n"
    assert lines == {2, 3}
