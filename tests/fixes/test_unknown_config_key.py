"""KLL303: keys that go, that get another name, and arguments that are passed twice."""

from __future__ import annotations

import pytest

from keras_layer_lint import Settings
from keras_layer_lint.fixes.engine import fix_source

LAYER = """\
import keras


class Gate(keras.layers.Layer):
    def __init__(self, size=4, **kwargs):
        super().__init__({given}**kwargs)
        self.size = size
        self.twice = size * 2

    def call(self, inputs):
        return inputs

    def get_config(self):
        config = super().get_config()
        {config}
"""


def fixed(source: str, *, unsafe: bool = True) -> str:
    made = fix_source(source, "layers.py", Settings(keras=("3",)), unsafe=unsafe)
    assert isinstance(made, str)
    return made


@pytest.mark.parametrize(
    ("config", "after"),
    [
        ('return {{**config, "size": self.size, "twice": self.twice}}', 'return {{**config, "size": self.size}}'),
        ('return {{**config, "twice": self.twice, "size": self.size}}', 'return {{**config, "size": self.size}}'),
        (
            'config["twice"] = self.twice\n        return {{**config, "size": self.size}}',
            'return {{**config, "size": self.size}}',
        ),
        (
            'config.update({{"twice": self.twice}})\n        return {{**config, "size": self.size}}',
            'return {{**config, "size": self.size}}',
        ),
        ("return dict(config, twice=self.twice, size=self.size)", "return dict(config, size=self.size)"),
        ("return dict(config, length=self.size)", "return dict(config, size=self.size)"),
        ("return {{**config, 'length': self.size}}", "return {{**config, 'size': self.size}}"),
        (
            'config["length"] = self.size\n        return config',
            'config["size"] = self.size\n        return config',
        ),
        (
            "config.update(\n            {{\n                'twice': self.twice,  # gone\n"
            "                'size': self.size,  # kept\n            }}\n        )\n        return config",
            "config.update(\n            {{\n                'size': self.size,  # kept\n            }}\n        )\n"
            "        return config",
        ),
    ],
)
def test_keys_go_or_get_another_name(config: str, after: str) -> None:
    source = LAYER.format(given="", config=config.format())
    assert fixed(source) == LAYER.format(given="", config=after.format())
    assert fixed(source, unsafe=False) == source


@pytest.mark.parametrize(
    ("config", "more"),
    [
        (
            'return {**config, "size": self.size, "twice": self.twice}',
            "    @classmethod\n    def from_config(cls, config):\n        del config['size']\n"
            "        return cls(**config)\n",
        ),
        ('return {**config, "size": self.size,  # why\n            "twice": self.twice}', ""),
    ],
)
def test_what_is_left_alone(config: str, more: str) -> None:
    source = LAYER.replace("{given}", "").replace("{config}", config) + (f"\n{more}" if more else "")
    assert fixed(source) == source


@pytest.mark.parametrize(
    ("given", "lines", "left", "safe"),
    [
        ("trainable=False, ", ['kwargs.setdefault("trainable", False)'], "", True),
        (
            'trainable=False, name="a", ',
            ['kwargs.setdefault("trainable", False)', 'kwargs.setdefault("name", "a")'],
            "",
            True,
        ),
        ("trainable=bool(size), ", ['kwargs.setdefault("trainable", bool(size))'], "", False),
    ],
)
def test_what_is_given_twice_is_given_by_default(given: str, lines: list[str], left: str, safe: bool) -> None:
    config = 'return {**config, "size": self.size}'
    source = LAYER.replace("{given}", given).replace("{config}", config)
    call = f"        super().__init__({left}**kwargs)"
    after = LAYER.replace("{given}", left).replace("{config}", config)
    after = after.replace(call, "".join(f"        {line}\n" for line in lines) + call)
    assert fixed(source) == after
    assert (fixed(source, unsafe=False) == after) == safe


@pytest.mark.slow
def test_what_is_made_of_an_argument_is_taken_out() -> None:
    source = LAYER.replace("{given}", "").replace("{config}", 'return {**config, "size": self.size}')
    derived = """

class Wide(Gate):
    def __init__(self, width=4, **kwargs):
        super().__init__({given}**kwargs)
        self.width = width

    def get_config(self):
        {config}
"""
    named = 'config = super().get_config()\n        config["width"] = self.width\n        '
    for given in ("size=width, ", "width, "):
        own = derived.replace("{given}", given)
        before = source + own.replace("{config}", "return dict(super().get_config(), width=self.width)")
        after = 'config = dict(super().get_config(), width=self.width)\n        config.pop("size", None)\n'
        assert fixed(before) == source + own.replace("{config}", f"{after}        return config")
        before = source + own.replace("{config}", f"{named}return config")
        after = f'{named}config.pop("size", None)\n        return config'
        assert fixed(before) == source + own.replace("{config}", after)


@pytest.mark.slow
def test_a_key_stays_where_a_required_argument_may_be_made_of_it() -> None:
    source = (
        LAYER.replace("{given}", "").replace("size=4", "size: Sizes").replace("self.size = size", "self.sizes = [size]")
    )
    source = source.replace("{config}", 'return {**config, "sizes": self.sizes}')
    assert fixed(source) == source
