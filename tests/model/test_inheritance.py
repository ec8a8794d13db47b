"""Python's own classes say what the order of bases is; chains of any length take no recursion and no order of files."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from keras_layer_lint import Settings, lint_paths
from keras_layer_lint.model.class_graph import ClassInfo, ClassRef, Project
from keras_layer_lint.model.inheritance import MAX_INHERITANCE, components, merged

Graph = Mapping[str, Sequence[str]]


def order_by_python(name: str, graph: Graph, made: dict[str, type | None]) -> list[str] | None:
    """The order that Python gives, None where it refuses the bases."""
    for item, bases in graph.items():
        parents = [made.get(base) for base in bases]
        try:
            made[item] = None if None in parents else type(item, tuple(filter(None, parents)), {})
        except TypeError:
            made[item] = None
    found = made[name]
    return None if found is None else [cls.__name__ for cls in found.__mro__[:-1]]


def test_orders_are_those_of_python() -> None:
    for seed in range(200):
        order_at_random(seed)


def order_at_random(seed: int) -> None:
    chance = random.Random(seed)
    names = [f"C{number}" for number in range(10)]
    graph = {
        name: chance.sample(names[:number], min(number, chance.choice([0, 1, 1, 2, 3])))
        for number, name in enumerate(names)
    }
    orders: dict[str, list[str]] = {}
    made: dict[str, type | None] = {}
    for name, bases in graph.items():
        orders[name] = [name, *merged([*(orders[base] for base in bases), bases])]
        expected = order_by_python(name, {name: bases}, made)
        if expected is not None:
            assert orders[name] == expected
        assert sorted(set(orders[name])) == sorted(orders[name])


def test_where_python_refuses_each_class_stands_where_it_is_first_met() -> None:
    assert merged([["A", "B"], ["B", "A"], ["A", "B"]]) == ["A", "B"]
    assert merged([["A"], ["B", "A"], ["A", "B"]]) == ["A", "B"]
    assert merged([[]]) == []


def test_components_come_bases_first_and_circles_together() -> None:
    graph = {"A": "BC", "B": "D", "C": "DE", "D": "", "E": "FC", "F": "E", "G": "G"}
    found = [sorted(component) for component in components("A", lambda name: list(graph[name]), ())]
    assert found == [["D"], ["B"], ["C", "E", "F"], ["A"]]
    assert [list(component) for component in components("G", lambda name: list(graph[name]), ())] == [["G"]]
    assert list(components("A", lambda name: list(graph[name]), {"A"})) == []


@pytest.mark.slow
def test_a_chain_of_any_length_is_gone_through_without_recursion() -> None:
    found = list(components(0, lambda number: [number + 1] if number < 100_000 else [], ()))
    assert found == [[number] for number in range(100_000, -1, -1)]


def chain(folder: Path, length: int, step: int) -> None:
    """A chain of layers, one a file; a fault in each. Bases stand in the file that is `step` away."""
    for number in range(length):
        base = number + step
        has_base = 0 <= base < length
        head = f"from m{base:04} import A{base}\n" if has_base else ""
        (folder / f"m{number:04}.py").write_text(
            f"import keras\n{head}\n\nclass A{number}({f'A{base}' if has_base else 'keras.layers.Layer'}):\n"
            "    def call(self, x):\n        return keras.layers.Dense(3)(x)\n"
        )


@pytest.mark.slow
@pytest.mark.parametrize("step", [1, -1])
def test_long_chains_across_files_are_linted_in_any_order(tmp_path: Path, step: int) -> None:
    chain(tmp_path, 81, step)
    report = lint_paths([tmp_path], Settings(jobs=1, root=str(tmp_path)))
    assert ({d.code for d in report.diagnostics}, len(report.diagnostics), report.limits) == ({"KLL132"}, 81, ())


@pytest.mark.slow
@pytest.mark.parametrize("step", [1, -1])
def test_what_is_beyond_the_limit_is_told_in_any_order(tmp_path: Path, step: int) -> None:
    length = MAX_INHERITANCE + 3
    chain(tmp_path, length, step)
    files = [tmp_path / f"m{number:04}.py" for number in range(length)]
    random.Random(step).shuffle(files)
    report = lint_paths(files, Settings(jobs=1, root=str(tmp_path)))
    assert len(report.diagnostics) == MAX_INHERITANCE
    deepest = [0, 1, 2] if step == 1 else [length - 3, length - 2, length - 1]
    assert [(limit.line, limit.class_name) for limit in report.limits] == [(5, f"A{number}") for number in deepest]
    assert {limit.what for limit in report.limits} == {"it inherits through more than 200 classes"}


@pytest.mark.parametrize("seed", range(20))
def test_facts_of_classes_do_not_depend_on_which_is_asked_for_first(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    names = [f"C{number}" for number in range(12)]
    bases = [*names, "keras.Layer", "keras.Model", "gone.X"]
    classes = [f"class {name}({', '.join(chance.sample(bases, chance.randint(1, 2)))}): pass" for name in names]
    path = tmp_path / "m.py"
    path.write_text("import keras, gone\n" + "\n".join(classes))

    def facts(order: Sequence[str]) -> dict[str, tuple[object, ...]]:
        project = Project(tmp_path)
        module = project.module_at(path)
        infos: dict[str, ClassInfo] = {
            name: project.class_info(ClassRef(module, module.classes[name])) for name in order
        }
        return {
            name: (infos[name].kind, infos[name].root, infos[name].complete, tuple(map(str, infos[name].mro)))
            for name in names
        }

    expected = facts(names)
    for _ in range(5):
        assert facts(chance.sample(names, len(names))) == expected
