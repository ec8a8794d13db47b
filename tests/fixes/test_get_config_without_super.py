"""KLL304: where the config of the base is meant for the class, and where the comments of a dict stay."""

from __future__ import annotations

from keras_layer_lint import Settings
from keras_layer_lint.fixes.engine import fix_source

LAYER = """\
import keras


class Base(keras.layers.Layer):
    pass


class Gate({base}):
    def __init__(self, size=4, **kwargs):
        super().__init__({given}**kwargs)
        self.size = size

    def call(self, inputs):
        return inputs

    def get_config(self):
        return {{
            # What `__init__` takes.
            "size": self.size,
        }}
"""
THREE = Settings(keras=("3",))


def test_comments_are_not_doubled() -> None:
    source = LAYER.format(base="keras.layers.Layer", given="")
    made = fix_source(source, "layers.py", THREE)
    assert isinstance(made, str)
    assert made.count("# What") == 1
    assert made.count("**super().get_config(),\n") == 1
    assert made.replace("            **super().get_config(),\n", "") == source


def test_another_base_is_unsafe() -> None:
    source = LAYER.format(base="Base", given="")
    assert fix_source(source, "layers.py", THREE) == source
    assert "**super().get_config()" in str(fix_source(source, "layers.py", THREE, unsafe=True))


def test_the_config_of_a_functional_model_is_for_no_other() -> None:
    source = LAYER.format(base="keras.Model", given="inputs=1, outputs=2, ")
    assert fix_source(source, "layers.py", THREE) == source
    assert "**super().get_config()" in str(fix_source(source, "layers.py", THREE, unsafe=True))
    assert fix_source(source, "layers.py", Settings(keras=("2",)), unsafe=True) == source


def test_what_cannot_be_looked_into_goes_over_the_config_of_the_base() -> None:
    source = LAYER.format(base="keras.layers.Layer", given="")
    kept = source.replace("self.size = size", 'self.size = size\n        self._config = {"size": size}')
    kept = kept[: kept.index("return {")] + "return self._config\n"
    after = fix_source(kept, "layers.py", THREE)
    assert after == kept.replace("return self._config", "return {**super().get_config(), **self._config}")


def test_kwargs_are_taken_with_it() -> None:
    source = LAYER.format(base="keras.layers.Layer", given="").replace(", **kwargs", "").replace("**kwargs", "")
    after = str(fix_source(source, "layers.py", Settings(keras=("2",))))
    assert after == source.replace("size=4", "size=4, **kwargs").replace("__init__()", "__init__(**kwargs)").replace(
        "takes.\n", "takes.\n            **super().get_config(),\n"
    )
