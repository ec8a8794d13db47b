"""What parameters are made of, and a value made so."""

from __future__ import annotations

import ast
import textwrap
from typing import Any

import pytest

from keras_layer_lint.confirm.planning.arguments import Candidates
from keras_layer_lint.confirm.planning.forms import COLUMN_NAMES, spelled
from keras_layer_lint.confirm.planning.reading import Reading, read
from keras_layer_lint.confirm.planning.reading_forms import forms_of
from keras_layer_lint.confirm.planning.seeds import seeds
from keras_layer_lint.confirm.planning.uses import Use
from keras_layer_lint.confirm.planning.usual import ARRAY, COLUMNS
from tests.confirm.planning.fake_keras import Layer


def many(text: str) -> str:
    return f"[{', '.join([text] * COLUMNS)}]"


NAMED = "[" + ", ".join(f"{{'name': 'name_{number}'}}" for number in range(1, COLUMNS + 1)) + "]"


SPARSE = "tf.sparse.from_dense(np.eye(5, dtype='float32'))"


class Columns:
    def __init__(self, rate: float, columns: list[dict[str, int]]) -> None:
        self.sizes = [rate * column["dim"] for column in columns]


def value(code: str, **scope: Any) -> str:
    body = ast.parse(textwrap.dedent(code)).body
    methods = [each for each in body if isinstance(each, ast.FunctionDef)]
    form = forms_of(methods, scope)["given"]
    return spelled(form, "given") if form.is_nested or form.taken_as else ""


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("for one in given:\n    one['dim']", many("{'dim': 8}")),
        ("self.sizes = [one['dim'] for one in given]", many("{'dim': 8}")),
        (
            "self.a, self.b = given\nself.t = {i: one['name'] for i, one in enumerate(self.b)}",
            f"[{NAMED}, {NAMED}]",
        ),
        ("for one in given:\n    one.rate", many("klint.Settings(rate=0.25)")),
        ("for left, right in zip(given['left'], given['right']):\n    left['dim']", None),
        ("given['left']['dim']", "{'left': {'dim': 8}}"),
        ("[one['feat'] for one in self.x if one['feat'] in given]", "['feat_1', 'feat_2']"),
        ("for one in given:\n    one.shape", ""),
        ("for one in given:\n    tf.matmul(one, 1)", "[np.eye(4, dtype='float32'), np.eye(4, dtype='float32')]"),
        ("self.x = given\nfor one in self.x:\n    tf.gather(one, 1)", f"[{', '.join([ARRAY] * 2)}]"),
        ("assert all(type(one) is tf.SparseTensor for one in given)", f"[{', '.join([SPARSE] * 2)}]"),
        ("given['links'] @ 1", "{'links': np.eye(4, dtype='float32')}"),
        ("given @ 1", ""),
        ("given['left']", ""),
        ("given = given or []\nself.x = given.y['a']", ""),
    ],
)
def test_a_value_is_made_as_the_code_takes_it_apart(code: str, text: str | None) -> None:
    found = value(f"def __init__(self, given):\n{textwrap.indent(code, '    ')}")
    if text is None:
        assert found.startswith("{'left': [{'dim': ")
    else:
        assert found == text


def test_what_other_methods_do_with_an_attribute_counts() -> None:
    code = """
    def __init__(self, given):
        self.given = given
    def build(self, shape):
        for one in self.given:
            one["dim"]
    """
    assert value(code) == many("{'dim': 8}")


def test_what_the_constructor_of_another_class_takes_counts() -> None:
    code = """
    def __init__(self, given):
        self.columns = Columns(0.5, given)
    """
    assert value(code, Columns=Columns) == many("{'dim': 8}")
    assert not value(code)


def test_a_dict_that_is_gone_through_has_the_names_of_columns() -> None:
    code = """
    def __init__(self, given):
        self.first, self.second = given
        for key, value in self.first.items():
            value[0], value[1]
    """
    columns = "{" + ", ".join(f"'{name}': [4, 4]" for name in COLUMN_NAMES) + "}"
    assert value(code) == f"[{columns}, {columns}]"


class Users(Layer):
    def call(self, inputs: Any) -> Any:
        users, labels = inputs
        return [value for key, value in users.items()], labels


def test_inputs_hold_dicts_where_the_code_goes_through_them() -> None:
    first = next(seeds(Users(), read(Users, Layer)))
    columns = ", ".join(f"'{name}': int32[5,1]" for name in COLUMN_NAMES)
    assert str(first) == f"[{{{columns}}}, int32[5,4]]"


class Tables(Layer):
    def __init__(self, sizes: Any) -> None:
        self.tables = {name: Layer() for name in sizes}

    def embedded(self, columns: Any) -> Any:
        return [self.tables[name](columns[name]) for name in columns]

    def call(self, inputs: Any) -> Any:
        rows = [self.tables[name](inputs[name]) for name in inputs]
        for name, key in enumerate(self.tables):
            rows += [inputs[name], key]
        return rows


class HandedOn(Tables):
    def call(self, inputs: Any) -> Any:
        return self.embedded(inputs)


@pytest.mark.parametrize("cls", [Tables, HandedOn])
def test_a_dict_that_a_loop_looks_each_key_up_in_has_the_keys_of_the_layers(cls: type) -> None:
    assert str(next(seeds(cls(["101", "102"]), read(cls, Layer)))) == "{'101': int32[5,1], '102': int32[5,1]}"


class Unpacked(Layer):
    def call(self, io: Any) -> Any:
        (x, edge_index), (images, mask) = io
        return x, edge_index, images, mask


def test_what_is_unpacked_within_is_given_so() -> None:
    first = next(seeds(Unpacked(), read(Unpacked, Layer)))
    assert str(first) == "[[float32[5,8], int32[2,7] < 5], [float32[5,32,32,3], int32[5,4] < 2]]"


def made_of(self: Any, units: Any, rate: float = 0.5) -> Any: ...


OF_KERAS = type("Dense", (), {"__module__": "keras.layers", "__init__": made_of, "get_config": made_of})
OF_PROJECT = type("Dense", (), {"__init__": made_of, "get_config": made_of})


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("self.parts = [Dense(one) for one in given_layers]", "[8, 8]"),
        ("for number, one in enumerate(given_layers):\n    Dense(4, rate=one)", "[0.25, 0.25]"),
        ("for one, other in zip(names, given_layers):\n    Dense(other)", "[8, 8]"),
        ("for one in given_layers:\n    Dense(4 * one)", "[keras.layers.Dense(8)]"),
    ],
)
def test_elements_are_what_layers_of_keras_are_made_with(code: str, text: str) -> None:
    source = f"def __init__(self, names, given_layers):\n{textwrap.indent(code, '    ')}"
    [method] = ast.parse(source).body
    assert isinstance(method, ast.FunctionDef)
    for made in (OF_KERAS, OF_PROJECT):
        form = forms_of([method], {"Dense": made})["given_layers"]
        cls: Any = type("Subject", (Layer,), {"__init__": lambda self, names, given_layers: None})
        uses = {"given_layers": Use(kinds={"list": None})}
        first = Candidates(cls, Layer, Reading(uses, forms={"given_layers": form})).of("given_layers")[0]
        assert first == (text if made is OF_KERAS else "[keras.layers.Dense(8)]")


@pytest.mark.parametrize(("name", "made_as", "value"), [("dim_key", "units", "8"), ("num_heads", "rate", "0.25")])
def test_a_parameter_is_what_a_layer_of_keras_takes(name: str, made_as: str, value: str) -> None:
    """Its own name may speak of something else: a key is a word."""
    form = forms_of(methods_of(f"def __init__(self, {name}):\n    Dense({made_as}={name})"), {"Dense": OF_KERAS})
    cls: Any = type("Subject", (Layer,), {"__init__": lambda self, given: None})
    assert Candidates(cls, Layer, Reading(forms=form)).of(name)[0] == value


def methods_of(source: str) -> list[ast.FunctionDef]:
    return [each for each in ast.parse(source).body if isinstance(each, ast.FunctionDef)]
