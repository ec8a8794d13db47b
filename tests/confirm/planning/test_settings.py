"""Configurations and other objects made for what the code reads of them."""

from __future__ import annotations

from typing import Any

import pytest

from keras_layer_lint.confirm.planning import Plan, first_working
from keras_layer_lint.confirm.planning.arguments import Candidates
from keras_layer_lint.confirm.planning.made import Settings
from keras_layer_lint.confirm.planning.reading import read
from keras_layer_lint.confirm.planning.settings import settings_with
from tests.confirm.planning.fake_keras import Fake, Layer
from tests.confirm.planning.test_search import Known

pytest.importorskip("numpy")


def first(cls: Any, name: str) -> str:
    return Candidates(cls, Layer, read(cls, Layer)).of(name)[0]


class Nested(Layer):
    def __init__(self, params) -> None:  # type: ignore[no-untyped-def]
        super().__init__()
        self._params = params
        self.rate = params.model.head.dropout_rate
        self.sides = self._params.data.input_shape

    def call(self, inputs: Any) -> Any:
        return inputs


class Called(Layer):
    def __init__(self, options) -> None:  # type: ignore[no-untyped-def]
        super().__init__()
        self.width = options.hidden_dim
        self.norm = options.batch_norm(axis=-1)
        self.function = options.make.act_fn(2)

    def call(self, inputs: Any) -> Any:
        return inputs


def test_attributes_of_attributes_are_there() -> None:
    assert first(Nested, "params") == (
        "klint.Settings(model=klint.Settings(head=klint.Settings(dropout_rate=0.25)), "
        "data=klint.Settings(input_shape=(8,)))"
    )


def test_what_is_called_is_a_function_or_a_class_of_layers() -> None:
    assert first(Called, "options") == (
        "klint.Settings(hidden_dim=8, batch_norm=keras.layers.BatchNormalization, "
        "make=klint.Settings(act_fn=keras.activations.relu))"
    )


def test_settings_can_be_handed_on_and_read_as_a_dict() -> None:
    made = Settings(width=8, rate=0.5)
    assert dict(**made) == {"width": 8, "rate": 0.5}
    assert (made["width"], made.get("depth", 2), "rate" in made, "depth" in made) == (8, 2, True, False)
    assert made.items() == [("width", 8), ("rate", 0.5)]


def test_only_a_class_makes_something_of_a_name() -> None:
    assert first(Makes, "activation_fn") == "keras.layers.ReLU"


def test_no_attributes_make_an_empty_one() -> None:
    assert settings_with([], []) == "klint.Settings()"


def made(width: int = 2, **more: Any) -> int:
    return width


class HandedOn(Layer):
    """One argument is only handed on; of the other, an attribute is read in code of others."""

    def __init__(self, dense_params=None, conv_params=None) -> None:  # type: ignore[no-untyped-def]
        super().__init__()
        self.size = made(**dense_params)
        if not conv_params.is_separable:
            self.size += 1
        self.size += made(**conv_params)

    def call(self, inputs: Any) -> Any:
        return inputs


class Mode(Layer):
    def __init__(self, fusion_mode: Any = None) -> None:
        super().__init__()
        if not known(fusion_mode):
            raise ValueError(f"the mode {fusion_mode} is not one of ['al-pha', 'be-ta']: {fusion_mode}")

    def call(self, inputs: Any) -> Any:
        return inputs


def known(mode: Any) -> bool:
    return mode in {"al" + "-pha", "be" + "-ta"}


class Twins(Layer):
    def __init__(self, embedding_size: int = 32, attention_size: int = 8) -> None:
        super().__init__()
        if embedding_size != attention_size:
            raise ValueError("`embedding_size` should be equal to `attention_size`")

    def call(self, inputs: Any) -> Any:
        return inputs


class Makes(Layer):
    def __init__(self, activation_fn=None) -> None:  # type: ignore[no-untyped-def]
        super().__init__()
        self.first = activation_fn(name="first")

    def call(self, inputs: Any) -> Any:
        return inputs


class OfItsOwn(Layer):
    """The keys are read elsewhere, and the class says what they are."""

    @classmethod
    def get_default_params(cls, style: str = "plain") -> dict[str, Any]:
        return {"alpha": 8, "beta": "relu"}

    def __init__(self, params: dict[str, Any]) -> None:
        super().__init__()
        self.alpha = read_elsewhere(params) + 1

    def call(self, inputs: Any) -> Any:
        return inputs


def read_elsewhere(params: dict[str, Any]) -> int:
    return int(params["alpha"]) + len(params["beta"])


class Plain(OfItsOwn):
    pass


@pytest.mark.parametrize(
    ("cls", "arguments"),
    [
        (HandedOn, "dense_params={}, conv_params=klint.Settings(is_separable=True)"),
        (Mode, "fusion_mode='al-pha'"),
        (Twins, "embedding_size=8"),
        (OfItsOwn, "params=OfItsOwn.get_default_params()"),
        (Plain, "params=Plain.get_default_params()"),
    ],
)
def test_arguments(cls: Any, arguments: str) -> None:
    plan = first_working(cls, Known(), Fake())
    assert isinstance(plan, Plan), plan
    assert plan.arguments == arguments


def cell_of(kind, width):  # type: ignore[no-untyped-def]
    if kind == "gru":
        cell = width
    if kind == "lstm":
        cell = 2 * width
    return cell


class Chosen(Layer):
    def __init__(self, args, config) -> None:  # type: ignore[no-untyped-def]
        super().__init__()
        self.kind = args.module_name
        self.width = args.hidden_dim
        self.config = config
        self.cell = cell_of(self.kind, self.width)  # type: ignore[no-untyped-call]

    def call(self, inputs: Any) -> Any:
        return inputs if self.config.act == "gelu" else -inputs


def test_words_that_attributes_are_compared_with_are_given() -> None:
    assert first(Chosen, "args") == "klint.Settings(module_name='gru', hidden_dim=8)"
    assert first(Chosen, "config") == "klint.Settings(act='gelu')"
