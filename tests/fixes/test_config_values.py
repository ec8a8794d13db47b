"""KLL307 and KLL310: values of the config in another form, and what is left as it is."""

from __future__ import annotations

import pytest

from keras_layer_lint import Settings, lint_source
from keras_layer_lint.fixes.engine import fix_source

LAYER = """\
import keras
import numpy as np


class Gate(keras.layers.Layer):
    def __init__(self, inner{inner}, **kwargs):
        super().__init__(**kwargs)
        {keeps}

    def call(self, inputs):
        return self.inner(inputs)

    def get_config(self):
        return {{**super().get_config(), "inner": {value}}}
"""
OWN = """
    @classmethod
    def from_config(cls, config{more}):
        {first}return cls(**config)
"""


def fixed(source: str) -> str:
    made = fix_source(source, "layers.py", Settings(keras=("3",)), unsafe=True)
    assert isinstance(made, str)
    return made


@pytest.mark.parametrize("more", ["", ", custom_objects=None"])
def test_a_plain_from_config_turns_back(more: str) -> None:
    source = LAYER.format(inner="", keeps="self.inner = inner", value="self.inner")
    turned = """config = dict(config)
        if "inner" in config:
            config["inner"] = keras.saving.deserialize_keras_object(config["inner"])
        """
    assert fixed(source + OWN.format(more=more, first="")) == source.replace(
        '"inner": self.inner', '"inner": keras.saving.serialize_keras_object(self.inner)'
    ) + OWN.format(more=more, first=turned)


def test_the_dict_that_holds_the_config_stays() -> None:
    source = LAYER.format(
        inner="", keeps='self._config = {"inner": inner}\n        self.inner = inner', value="1"
    ).replace('{**super().get_config(), "inner": 1}', "{**super().get_config(), **self._config}")
    after = fixed(source)
    assert 'self._config = {"inner": inner}' in after
    assert '"inner": keras.saving.serialize_keras_object(self.inner)' in after
    assert [each.code for each in lint_source(after, "layers.py", Settings(keras=("3",)))] == []


@pytest.mark.parametrize(
    "first",
    ['config["inner"] = keras.layers.deserialize(config["inner"])\n        ', 'config.pop("inner")\n        '],
)
def test_what_from_config_says_of_the_key_stands(first: str) -> None:
    source = LAYER.format(inner="", keeps="self.inner = inner", value="self.inner") + OWN.format(more="", first=first)
    assert fixed(source) == source


def test_one_key_that_is_turned_back_says_nothing_of_others() -> None:
    """After the fix of one key the others are still told, and turned back as well."""
    source = LAYER.format(
        inner=", outer", keeps="self.inner, self.outer = inner, outer", value='self.inner, "outer": self.outer'
    )
    after = fixed(source.replace("self.inner(inputs)", "self.outer(self.inner(inputs))"))
    for name in ("inner", "outer"):
        assert f'"{name}": keras.saving.serialize_keras_object(self.{name})' in after
        assert f'config["{name}"] = keras.saving.deserialize_keras_object(config["{name}"])' in after
    assert after.count("config = dict(config)") == 1


@pytest.mark.parametrize(
    ("keeps", "value", "new"),
    [
        ("self.inner = np.array(inner)", "self.inner", "self.inner.tolist()"),
        ('self._table = np.asarray(inner, dtype="int32")', "self._table", "self._table.tolist()"),
    ],
)
def test_arrays_become_lists(keeps: str, value: str, new: str) -> None:
    source = LAYER.format(inner="=(1, 2)", keeps=keeps, value=value).replace("self.inner(inputs)", "inputs")
    assert fixed(source) == source.replace(f'"inner": {value}', f'"inner": {new}')


@pytest.mark.parametrize("keeps", ["self.inner = np.ones(inner)", "self.inner = np.zeros(inner)"])
def test_what_is_made_of_an_array_is_not_given_for_it(keeps: str) -> None:
    source = LAYER.format(inner="=2", keeps=keeps, value="self.inner").replace("self.inner(inputs)", "inputs")
    assert '"inner": self._inner' in fixed(source)
    assert "self._inner = inner\n" in fixed(source)


@pytest.mark.parametrize(
    ("value", "inverse"),
    [
        ("keras.layers.serialize(self.inner)", "keras.layers.deserialize"),
        ("keras.saving.serialize_keras_object(self.inner)", "keras.saving.deserialize_keras_object"),
    ],
)
def test_what_is_serialized_is_turned_back(value: str, inverse: str) -> None:
    source = LAYER.format(inner="", keeps="self.inner = inner", value=value)
    after = fix_source(source, "layers.py", Settings(keras=("3",)))
    test = 'config.get("inner") is not None' if "layers" in value else '"inner" in config'
    assert isinstance(after, str)
    assert after.startswith(source)
    assert f'        if {test}:\n            config["inner"] = {inverse}(config["inner"])\n' in after


@pytest.mark.parametrize("value", ["self.inner.get_config()", "mine(self.inner)"])
def test_what_says_nothing_of_its_class_is_not_turned_back(value: str) -> None:
    source = LAYER.format(inner="", keeps="self.inner = inner", value=value)
    assert fixed(source) == source


def test_what_a_base_keeps_of_an_argument_is_read() -> None:
    """The base gets it as it came, and the class itself does not assign the attribute."""
    source = """\
import keras


class Base(keras.layers.Layer):
    def __init__(self, size=4, **kwargs):
        super().__init__(**kwargs)
        self._length = size

    def call(self, inputs):
        return inputs * self._length


class Wide(Base):
    def __init__(self, size=4, **kwargs):
        super().__init__(size=size, **kwargs)
        {more}

    def get_config(self):
        return super().get_config()
"""
    plain = source.replace("{more}", "self.wide = True")
    assert fixed(plain) == plain.replace("get_config()\n", 'get_config(), "size": self._length}\n').replace(
        "return super()", "return {**super()"
    )
    changed = source.replace("{more}", "self._length = 5")
    assert "self._length}" not in fixed(changed)
