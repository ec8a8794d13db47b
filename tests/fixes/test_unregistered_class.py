"""KLL309: the package under which a class is registered."""

from __future__ import annotations

from pathlib import Path

import pytest

from keras_layer_lint import Settings, fix_source

LAYER = "class Plain(Layer):\n    def call(self, inputs):\n        return inputs\n"
HEAD = "from keras.layers import Layer\nfrom keras.utils import register_keras_serializable\n\n\n"
OTHER = "@register_keras_serializable({given})\n" + LAYER.replace("Plain", "Other") + "\n\n"


def fixed(source: str, path: str | Path = "layers.py") -> str:
    return str(fix_source(source, path, Settings(keras=("3",), select=("KLL309",)), unsafe=True))


def test_package_of_the_file(tmp_path: Path) -> None:
    inner = tmp_path / "outer" / "inner"
    inner.mkdir(parents=True)
    for folder in (inner, inner.parent):
        (folder / "__init__.py").touch()
    assert '@keras.saving.register_keras_serializable(package="outer")\nclass' in fixed(
        f"import keras\n\n\n{LAYER.replace('Layer', 'keras.layers.Layer')}", inner / "layers.py"
    )


@pytest.mark.parametrize("given", ['"mine"', "package='mine'"])
def test_as_others_are_registered(given: str) -> None:
    source = HEAD + OTHER.format(given=given) + LAYER
    assert fixed(source) == source.replace("class Plain", f"@register_keras_serializable({given})\nclass Plain")


@pytest.mark.parametrize("given", ["", '"mine", "Another"', "*names"])
def test_what_others_do_not_say(given: str) -> None:
    source = HEAD + OTHER.format(given=given) + LAYER
    assert '_serializable(package="layers")\nclass Plain' in fixed(source)


def test_a_decorated_class_is_left() -> None:
    source = f"{HEAD}def mark(cls):\n    return cls\n\n\n@mark\n{LAYER}"
    assert fixed(source) == source
