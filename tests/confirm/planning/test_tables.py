"""An argument that is looked up in a table of the module is one of its words, a small one first."""

from __future__ import annotations

from typing import Any, ClassVar

import pytest

from tests.confirm.planning.fake_keras import Layer
from tests.confirm.planning.test_search import planned

PRESETS = {"al" + "pha_large": {"depth": 24}, "alpha_ti" + "ny": {"depth": 2}, "alpha_base": {"depth": 12}}
KINDS = frozenset({"gam" + "ma", "del" + "ta"})
NUMBERS = {1: "one", "t" + "wo": "two"}


class LookedUp(Layer):
    def __init__(self, variant: Any) -> None:
        super().__init__()
        self.depth = PRESETS[variant]["depth"]

    def call(self, inputs: Any) -> Any:
        return inputs


class InTable(LookedUp):
    def __init__(self, preset: Any) -> None:
        if preset not in PRESETS:
            raise ValueError(f"no such thing: {preset}")
        super().__init__(preset)


class OfClass(Layer):
    widths: ClassVar = {"sig" + "ma": 4}

    def __init__(self, width: Any) -> None:
        super().__init__()
        self.size = self.widths.get(width)
        if self.size is None:
            raise ValueError(f"no such thing: {width}")

    def call(self, inputs: Any) -> Any:
        return inputs


class Kind(Layer):
    def __init__(self, kind: Any) -> None:
        super().__init__()
        self.kind = kind
        if self.kind not in KINDS:
            raise ValueError(f"no such thing: {kind}")

    def call(self, inputs: Any) -> Any:
        return inputs


@pytest.mark.parametrize(
    ("cls", "arguments"),
    [
        (LookedUp, "variant='alpha_tiny'"),
        (InTable, "preset='alpha_tiny'"),
        (OfClass, "width='sigma'"),
        (Kind, "kind='delta'"),
    ],
)
def test_a_word_of_the_table(cls: Any, arguments: str) -> None:
    assert planned(cls).arguments == arguments


class Counted(Layer):
    def __init__(self, number: Any) -> None:
        super().__init__()
        self.number = NUMBERS.get(number, "many")

    def call(self, inputs: Any) -> Any:
        return inputs


def test_a_table_of_other_keys_says_nothing() -> None:
    assert "two" not in planned(Counted).arguments
