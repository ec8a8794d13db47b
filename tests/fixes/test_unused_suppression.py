"""KLL002: what is left of a line whose comment silences nothing."""

from __future__ import annotations

import pytest

from keras_layer_lint import Settings
from keras_layer_lint.fixes.engine import fix_source

LAYER = """\
import keras
{first}

class Gate(keras.layers.Layer):
    def __init__(self, **kwargs):{inside}
        super().__init__(**kwargs)

    def call(self, inputs):
        if keras.ops.sum(inputs) > 0:{branch}
            return inputs
        return -inputs{last}"""


def fixed(**parts: str) -> str:
    made = fix_source(_with(**parts), "layers.py", Settings(keras=("3",)))
    assert isinstance(made, str)
    return made


def _with(**parts: str) -> str:
    return LAYER.format(**{"first": "", "inside": "", "branch": "", "last": "\n", **parts})


@pytest.mark.parametrize(
    ("comment", "left"),
    [
        ("  # klint: ignore[KLL204]", ""),
        ("  # klint: ignore", ""),
        ("  # noqa: KLL204", ""),
        ("  # klint: ignore[KLL204] the base knows", "  # the base knows"),
        ("  # klint: ignore[KLL204]: the base knows", "  # : the base knows"),
        ("  # klint: ignore[KLL204]  # type: ignore", "  # type: ignore"),
        ("  # type: ignore  # klint: ignore[KLL204]", "  # type: ignore"),
        ("  # noqa: KLL204, E501", "  # noqa: E501"),
        ("  # noqa: E501,KLL204,KLL3", "  # noqa: E501"),
        ("  # noqa", "  # noqa"),
    ],
)
def test_behind_code(comment: str, left: str) -> None:
    assert fixed(inside=comment) == _with(inside=left)


def test_on_a_line_of_its_own() -> None:
    assert fixed(first="# klint: ignore-file[KLL204]\n") == _with()
    assert fixed(first="# flake8: noqa: KLL204\n") == _with()


def test_at_the_end_of_a_file() -> None:
    assert fixed(last="  # klint: ignore") == _with(last="")
    assert fixed(last="\n# klint: ignore-file[KLL204]") == _with(last="\n")


def test_what_is_needed_stays() -> None:
    kept = _with(branch="  # klint: ignore[KLL101]")
    assert fixed(branch="  # klint: ignore[KLL101]") == kept
    assert fixed(branch="  # klint: ignore[KLL101, KLL204]") == kept
