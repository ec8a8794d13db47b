"""Lists of objects of the project that describe columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

from keras_layer_lint.confirm.planning.arguments import Candidates
from keras_layer_lint.confirm.planning.reading import read
from tests.confirm.planning.fake_keras import Layer


class Sparse(NamedTuple):
    name: str
    vocabulary_size: int
    combiner: str = "mean"


@dataclass
class Dense:
    name: str
    dimension: int = 1


SPARSE = "Sparse(name='name_1', vocabulary_size=16), Sparse(name='name_2', vocabulary_size=16)"
DENSE = "Dense(name='name_{}'), Dense(name='name_{}')"


def places(columns: list[Any]) -> dict[str, int]:
    found = {}
    for column in columns:
        if isinstance(column, Sparse):
            found[column.name] = 1
        elif isinstance(column, Dense):
            found[column.name] = column.dimension
        else:
            raise TypeError
    return found


class Base(Layer):
    def __init__(self, linear: Any, deep: Any) -> None:
        super().__init__()
        self.places = places(linear + deep)


class Model(Base):
    def __init__(self, linear: Any, deep: Any, rate: float) -> None:
        super().__init__(linear, deep)


class Filtered(Layer):
    def __init__(self, columns: Any, annotated: list[Sparse], late: list[Sparse | Dense]) -> None:
        super().__init__()
        self.width = sum(each.dimension for each in filter(lambda each: isinstance(each, Dense), columns))
        self.first = [each for each in columns if isinstance(each, Sparse)] if columns else []


class Sizes(Layer):
    def __init__(self, width: Any, height: Any) -> None:
        super().__init__()
        self.size = width + height


def candidates(cls: type, name: str) -> tuple[str, ...]:
    return Candidates(cls, Layer, read(cls, Layer)).of(name)


def test_a_function_of_the_project_tells_which_classes_the_elements_of_lists_are_of() -> None:
    both = f"[{SPARSE}, {DENSE.format(3, 4)}]"
    assert candidates(Model, "linear")[:3] == (both, f"[{SPARSE}]", f"[{DENSE.format(1, 2)}]")
    assert candidates(Model, "deep")[0] == both
    assert candidates(Base, "deep")[0] == both


def test_so_do_filters_and_annotations() -> None:
    assert candidates(Filtered, "columns")[0].startswith("[Dense(")
    assert candidates(Filtered, "annotated")[0] == f"[{SPARSE}]"
    assert candidates(Filtered, "late")[0] == f"[{SPARSE}, {DENSE.format(3, 4)}]"


def test_numbers_that_are_added_are_no_lists() -> None:
    assert candidates(Sizes, "width")[0] == "4"


def test_what_such_an_object_is_made_with_can_be_evaluated() -> None:
    scope = {"Sparse": Sparse, "Dense": Dense}
    assert eval(candidates(Model, "linear")[0], scope)[2:] == [Dense("name_3"), Dense("name_4")]
