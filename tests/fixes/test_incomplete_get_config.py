"""KLL302: which arguments a fix keeps in the config, and which of these fixes are safe."""

from __future__ import annotations

import pytest

from keras_layer_lint import Settings
from keras_layer_lint.fixes.engine import fix_source

LAYER = """\
import keras


class Gate(keras.layers.Layer):
    def __init__(self, size{size}, **kwargs):
        super().__init__(**kwargs)
        {keeps}

    def call(self, inputs):
        return inputs

    def get_config(self):
        return super().get_config()
"""


def fixed(source: str, *, unsafe: bool) -> str:
    made = fix_source(source, "layers.py", Settings(keras=("3",)), unsafe=unsafe)
    assert isinstance(made, str)
    return made


@pytest.mark.parametrize(
    "size", ["=4", '="a"', "=True", "=-0.5", ": int", ": int | None = None", ": Optional[str] = None"]
)
def test_plain_arguments_are_safe(size: str) -> None:
    source = LAYER.format(size=size, keeps="self.size = size")
    assert fixed(source, unsafe=False) == source.replace(
        "return super().get_config()", 'return {**super().get_config(), "size": self.size}'
    )


@pytest.mark.parametrize("size", ["", "=None", ": Layer", ': "Size"', ": list[int] = ()", "=keras.activations.relu"])
def test_others_are_unsafe(size: str) -> None:
    source = LAYER.format(size=size, keeps="self.size = size")
    assert fixed(source, unsafe=False) == source


def test_what_nothing_keeps_is_kept_first() -> None:
    source = LAYER.format(size="=4", keeps="self.twice = size * 2")
    assert fixed(source, unsafe=False) == source
    assert fixed(source, unsafe=True) == source.replace(
        "        self.twice", "        self.size = size\n        self.twice"
    ).replace("return super().get_config()", 'return {**super().get_config(), "size": self.size}')


@pytest.mark.parametrize(
    "keeps",
    [
        "self.twice = size * 2\n        self.size = self.twice",
        "self.twice = size * 2\n\n    @property\n    def size(self):\n        return 4",
        "if size:\n            self.size = size",
        "self.size = keras.layers.Dense(size)",
        "self.size = size\n\n    def build(self, shape):\n        self.size = shape[-1]",
        "self.size = size\n\n    def build(self, shape):\n        self.size += shape[-1]",
        "self.size = size\n\n    def build(self, shape):\n        for self.size in shape:\n            pass",
        "self.size = size\n\n    def build(self, shape):\n        self.size, _ = shape",
    ],
)
def test_an_attribute_that_is_something_else_stays_so(keeps: str) -> None:
    source = LAYER.format(size="=4", keeps=keeps)
    kept = source.replace("(**kwargs)\n", "(**kwargs)\n        self._size = size\n")
    assert fixed(source, unsafe=False) == source
    assert fixed(source, unsafe=True) == kept.replace(
        "return super().get_config()", 'return {**super().get_config(), "size": self._size}'
    )


@pytest.mark.parametrize(
    "keeps",
    [
        "size = size * 2\n        self.twice = size",
        "size *= 2\n        self.twice = size",
        "for size in (1, 2):\n            self.twice = size",
        "size, self.twice = 4, size",
        "(size := 4)\n        self.twice = size",
        "with open(size) as size:\n            self.twice = size",
        "self.twice = size * 2\n        self._size = 4\n        self.size = 5",
        "self.twice = size\n        setattr(self, self.twice, size)",
    ],
)
def test_an_argument_that_becomes_something_else_is_not_kept(keeps: str) -> None:
    source = LAYER.format(size="=4", keeps=keeps)
    assert fixed(source, unsafe=True) == source


@pytest.mark.parametrize(
    "keeps",
    [
        "self.size = int(size)",
        "size = size or 4\n        self.size = size",
        "if size is None:\n            size = 4\n        self.size = size",
        "self.size = 4 if size is None else size",
        "self.size = size if size is not None else 4",
        "self.size: int = size",
        "self.size, self.twice = size, size * 2",
        "self.given = self.size = size",
    ],
)
def test_what_is_the_same_when_it_is_given_again(keeps: str) -> None:
    source = LAYER.format(size="=None", keeps=keeps)
    assert fixed(source, unsafe=True) == source.replace(
        "return super().get_config()", 'return {**super().get_config(), "size": self.size}'
    )


TURNED_BACK = """

    @classmethod
    def from_config(cls, config):
        config = dict(config)
        if "size" in config:
            config["size"] = keras.saving.deserialize_keras_object(config["size"])
        return super().from_config(config)
"""


@pytest.mark.parametrize(
    ("size", "keeps", "attribute"),
    [
        (": keras.layers.Layer", "self.inner = size", "inner"),
        ("=keras.initializers.HeNormal()", "self.size = size", "size"),
        ("=None", "self.size = size or keras.activations.relu", "size"),
        ("=None", "self.size = size\n        self.inner = keras.layers.Dense(4, activation=size)", "size"),
        ("=None", "self.inner = keras.layers.Dense(4, activation=size)", "size"),
    ],
)
def test_objects_are_serialized_and_turned_back(size: str, keeps: str, attribute: str) -> None:
    source = LAYER.format(size=size, keeps=keeps)
    after = fixed(source, unsafe=True)
    serialized = f"keras.saving.serialize_keras_object(self.{attribute})"
    assert f'"size": {serialized}' in after
    assert after.endswith(TURNED_BACK.lstrip("\n"))
    assert fixed(source, unsafe=False) == source


def test_what_get_makes_is_serialized_alone() -> None:
    source = LAYER.format(size="=None", keeps="self.size = keras.activations.get(size)")
    assert fixed(source, unsafe=True) == source.replace(
        "return super().get_config()",
        'return {**super().get_config(), "size": keras.activations.serialize(self.size)}',
    )
    other = source.replace("keras.activations.get", "mine.activations.get").replace(
        "import keras", "import keras\nimport mine"
    )
    assert "mine.activations.serialize" not in fixed(other, unsafe=True)


@pytest.mark.parametrize(
    ("size", "keeps"),
    [
        (": keras.layers.Layer", "self.size = keras.layers.Dropout(size.rate)\n        self._size = 4"),
        (": keras.layers.Layer", "self.parts = [size.first]"),
        (": np.ndarray", "self.size = size"),
        (": Callable", "self.size = size"),
        ("=lambda x: x", "self.size = size"),
        (": Vocabulary", "self.size = size"),
    ],
)
def test_what_cannot_be_kept_stays_out(size: str, keeps: str) -> None:
    """A layer would bring its weights; what Keras does not know cannot be saved."""
    source = LAYER.format(size=size, keeps=keeps)
    assert fixed(source, unsafe=True) == source


def test_what_a_base_keeps_is_read_there() -> None:
    source = LAYER.format(size="=4", keeps="self._size = size").replace("get_config()\n", "get_config()\n\n\n")
    base, _, config = source.partition("    def get_config")
    derived = f"""\
class Wide(Gate):
    def call(self, inputs):
        return inputs * self._size

    def get_config{config}"""
    after = fixed(base + "\n" + derived, unsafe=False)
    assert after.rstrip().endswith('return {**super().get_config(), "size": self._size}')


def test_what_is_not_known_is_serialized_beside_objects() -> None:
    """It does no harm to a number, and brings a layer back as one."""
    source = LAYER.format(size=": keras.layers.Layer, other", keeps="self.size, self.other = size, other")
    after = fixed(source, unsafe=True)
    for name in ("size", "other"):
        assert f'"{name}": keras.saving.serialize_keras_object(self.{name})' in after
        assert f'config["{name}"] = keras.saving.deserialize_keras_object(config["{name}"])' in after
