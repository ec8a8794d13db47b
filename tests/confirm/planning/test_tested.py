"""Classes that an argument is tested for, and enumerations it is looked up in."""

from __future__ import annotations

import enum
from typing import Any

from keras_layer_lint.confirm.planning.arguments import Candidates
from keras_layer_lint.confirm.planning.reading import read
from tests.confirm.planning.fake_keras import Dense, Layer


class Order(enum.Enum):
    FIRST = "channels-first"
    LAST = "channels-last"


class Settings:
    def __init__(self, width: int) -> None:
        self.width = width


class Relevance(Layer):
    class Strategy(enum.Enum):
        TAKES_ALL = "takes-all"

    def __init__(self, layer: Any, order: Any, strategy: Any, settings: Any, other: Any) -> None:
        super().__init__()
        assert isinstance(layer, (str, Dense))
        assert isinstance(other, Layer)
        if not isinstance(settings, Settings):
            raise TypeError
        self.order, self.strategy = Order(order), Relevance.Strategy(strategy)


def test_they_are_tried_first() -> None:
    candidates = Candidates(Relevance, Layer, read(Relevance, Layer))
    assert candidates.of("layer")[0] == "Dense(units=8)"
    assert candidates.of("order")[:2] == ("'channels-first'", "'channels-last'")
    assert candidates.of("strategy")[0] == "'takes-all'"
    assert candidates.of("settings")[0] == "Settings(width=4)"
    assert not candidates.of("other")[0].startswith("Layer")
