"""A few cases for the quick tests, all of them for the whole run."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.sampling import first_of_each, is_left_out, leave_the_most


def values(case: Any) -> tuple[object, ...]:
    return tuple(getattr(case, "values", case))


def test_none_is_lost_and_the_first_of_each_kind_is_quick() -> None:
    cases = [(number, number % 3) for number in range(10)]
    found = first_of_each(cases, lambda case: case[1])
    assert list(map(values, found)) == cases
    assert [case for case in found if case in cases] == cases[:3]
    assert {mark.name for case in found[3:] for mark in case.marks} == {"slow"}


class Item(SimpleNamespace):
    """A test, or a case of one."""

    def __init__(self, name: str, *marks: pytest.Mark, parent: str = "a.py") -> None:
        super().__init__(name=name, originalname=name.partition("[")[0], parent=parent, marked=set())
        if "[" in name:
            self.callspec = SimpleNamespace(marks=list(marks))

    def add_marker(self, marker: pytest.MarkDecorator) -> None:
        self.marked.add(marker.name)


def quick(*items: Item) -> list[str]:
    """The names of those that are not marked slow."""
    leave_the_most(items)
    assert all(item.marked <= {"slow"} for item in items)
    return [item.name for item in items if not item.marked]


@pytest.mark.parametrize("number", [1, 2, 10])
def test_the_first_case_is_quick(number: int) -> None:
    assert quick(*(Item(f"test_a[{each}-b[0]]") for each in range(number))) == ["test_a[0-b[0]]"]


def test_a_test_is_of_its_module_and_name() -> None:
    items = [
        Item(f"{name}[{each}]", parent=parent)
        for each in range(3)
        for name, parent in (("test_a", "a.py"), ("test_b", "a.py"), ("test_a", "b.py"))
    ]
    assert len(quick(*items)) == 3
    assert len(quick(*(Item(f"test_{each}") for each in range(3)))) == 3


def test_what_says_itself_which_cases_are_slow_is_left() -> None:
    slow = Item("test_a[0]", pytest.mark.slow.mark)
    others = [Item(f"test_a[{each}]", pytest.mark.keras.mark) for each in range(1, 5)]
    assert quick(slow, *others) == [item.name for item in (slow, *others)]
    assert quick(*others) == [others[0].name]


@pytest.mark.parametrize(
    ("selected", "text", "is_out"),
    [
        ("not keras and not slow", "import pytest\n\npytestmark = pytest.mark.slow  # each starts a process\n", True),
        ("not keras", "import pytest\n\npytestmark = pytest.mark.slow\n", False),
        ("", "import pytest\n\npytestmark = pytest.mark.slow\n", False),
        ("not slow", "import pytest\n\n\n@pytest.mark.slow\ndef test_long() -> None:\n    pass\n", False),
    ],
)
def test_a_file_of_which_all_is_slow_is_not_imported(selected: str, text: str, is_out: bool, tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text(text)
    assert is_left_out(tmp_path / "test_it.py", selected) is is_out
    assert not is_left_out(tmp_path, selected)
