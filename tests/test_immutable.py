"""Classes of values and facts are the same, be they frozen or only treated so."""

from __future__ import annotations

import subprocess
import sys

import pytest

from keras_layer_lint.immutable import dataclass
from tests.conftest import ROOT

CODE = """
import dataclasses
import json
import sys
from keras_layer_lint.immutable import dataclass

@dataclass(frozen=True, slots=True)
class Early:
    x: int

from keras_layer_lint.processes import own
own()

@dataclass(frozen=True, slots=True)
class Late:
    x: int
    y: tuple[int, ...] = ()

@dataclass(frozen=True, slots=True)
class Derived(Early):
    z: int = 0

@dataclass(frozen=True, slots=True, eq=False)
class ByIdentity:
    x: int

@dataclass(frozen=True, slots=True)
class OwnHash:
    x: int
    def __hash__(self):
        return 7

late = Late(1)
late.x = 2  # not frozen
assert late == Late(2) and hash(late) == hash(Late(2)) and late != Late(3)
assert dataclasses.replace(late, y=(1,)) == Late(2, (1,))
assert repr(late) == "Late(x=2, y=())"
assert not hasattr(late, "__dict__")
assert ByIdentity(1) != ByIdentity(1) and len({ByIdentity(1), ByIdentity(1)}) == 2
assert hash(OwnHash(1)) == 7
try:
    Derived(1).x = 2
except dataclasses.FrozenInstanceError:
    print("frozen")
"""


def test_a_class_is_frozen_in_processes_of_others() -> None:
    @dataclass(frozen=True, slots=True)
    class Point:
        x: int

    with pytest.raises(AttributeError):
        Point(1).x = 2  # type: ignore[misc]
    assert Point(1) == Point(1)
    assert hash(Point(1)) == hash(Point(1))


def test_a_class_is_the_same_in_own_processes() -> None:
    run = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, cwd=ROOT, check=False)
    assert (run.stdout, run.stderr) == ("frozen\n", "")


FLOORS = ("source", "model", "values", "serialization")


@pytest.mark.parametrize("folder", FLOORS)
def test_all_of_a_floor_is_made_in_one_way(folder: str) -> None:
    """A frozen class cannot derive from one that is not, and it would show in klint's own processes only."""
    paths = (ROOT / "keras_layer_lint" / folder).rglob("*.py")
    frozen = {path.name: text for path in paths if "frozen=True" in (text := path.read_text(encoding="utf-8"))}
    assert frozen
    ours = "from keras_layer_lint.immutable import dataclass\n"
    assert [name for name, text in frozen.items() if ours not in text] == []
