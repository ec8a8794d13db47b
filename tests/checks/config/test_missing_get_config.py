from __future__ import annotations

from pathlib import Path

import pytest

from tests.checks.cases import messages, write

CODE = "KLL301"
PARTS = (
    "error: `Gate` has no `get_config`, and the automatic one takes only numbers, strings and flags (`parts` holds "
    "what is called): saving raises NotImplementedError"
)


STANDS_IN = (
    "warning: `Gate` has no `get_config`, and the automatic one takes only numbers, strings and flags (`loss` may be "
    "an object like `keras.losses.MeanSquaredError(...)`, which stands in for it): saving raises NotImplementedError "
    "once one is given"
)
CALLED = "self.made = [part(4) for part in parts]"


def gate(
    signature: str, body: str = "pass", base: str = "layers.Layer", call: str = "super().__init__(**kwargs)"
) -> str:
    return f"""
class Gate({base}):  # {CODE}
    def __init__(self, {signature}):
        {call}
        {body}
"""


@pytest.mark.parametrize(
    ("source", "keras", "expected"),
    [
        (gate("parts, **kwargs", CALLED), "2", PARTS),
        (gate("parts, **kwargs", CALLED), "3", PARTS),
        (gate("parts, *args, **kwargs", CALLED, call="super().__init__(*args, **kwargs)"), "3", PARTS),
        (
            gate("inner: layers.Layer, **kwargs"),
            "3",
            "error: `Gate` has no `get_config`, and the automatic one takes only numbers, strings and flags "
            "(`inner` is "
            "annotated Layer): saving raises NotImplementedError",
        ),
        (
            gate("units, act=None, **kwargs", "self.act = keras.activations.get(act)"),
            "3",
            "warning: `Gate` has no `get_config`, and the automatic one takes only numbers, strings and flags "
            "(`act` may "
            "be a function): saving raises NotImplementedError once one is given",
        ),
        (
            gate("act, **kwargs", "self.act = keras.activations.get(act)"),
            "2",
            "warning: `Gate` has no `get_config`, and the automatic one takes only numbers, strings and flags "
            "(`act` may "
            "be a function): saving raises NotImplementedError once one is given",
        ),
        (
            gate("act='relu', **kwargs", "self.act = keras.activations.get(act)"),
            "2",
            "warning: `Gate` has no `get_config`, and the automatic one takes only numbers, strings and flags "
            "(`act` may "
            "be a function): saving raises NotImplementedError once one is given",
        ),
        (gate("loss, **kwargs", "self.loss = loss or keras.losses.MeanSquaredError()"), "2", STANDS_IN),
        (gate("loss=None, **kwargs", "self.loss = loss or keras.losses.MeanSquaredError()"), "3", STANDS_IN),
        (
            gate("loss=None, **kwargs", "self.loss = keras.losses.MeanSquaredError() if loss is None else loss"),
            "3",
            STANDS_IN,
        ),
        (
            gate("loss=None, **kwargs", "self.loss = loss or keras.losses.MeanSquaredError()", base="keras.Model"),
            "2",
            "warning: Model `Gate` has no `get_config`, and the automatic one cannot hold its arguments (`loss` may be "
            "an object like `keras.losses.MeanSquaredError(...)`, which stands in for it): after a reload every "
            "argument silently has its default, once one is given",
        ),
        (
            gate("*sizes, **kwargs", "self.sizes = sizes"),
            "3",
            "error: `Gate` has no `get_config` and takes `*sizes`: saving raises NotImplementedError",
        ),
        (
            gate("*sizes, **kwargs", "self.sizes = sizes"),
            "2",
            "warning: `Gate` has no `get_config`: what `*sizes` takes is silently lost on reload",
        ),
        (
            gate("units, /, **kwargs"),
            "2",
            "error: `Gate` has no `get_config` and takes `units` by position only: loading raises TypeError",
        ),
        (
            gate("units=1, **options", call="super().__init__(**options)"),
            "3",
            "warning: `Gate` has no `get_config`, and the automatic one looks for `**kwargs`: as the catch-all is "
            "called "
            "`**options`, a reload silently loses `name`",
        ),
        (
            gate("units, gain=1.0, **kwargs", base="layers.Dense", call="super().__init__(units, **kwargs)"),
            "3",
            "warning: `Gate` has no `get_config`, and that of `Dense` leaves out `gain`: a reload silently brings "
            "the default",
        ),
        (
            gate("gain, **kwargs", base="layers.Dense", call="super().__init__(**kwargs)"),
            "2",
            "error: `Gate` has no `get_config`, and that of `Dense` leaves out `gain`: loading raises TypeError",
        ),
        # A built-in class that leaves `get_config` to `Layer`.
        (gate("parts, **kwargs", CALLED, base="layers.AbstractRNNCell"), "2", PARTS),
        (
            gate("units, **kwargs", base="keras.Model"),
            "3",
            "error: Model `Gate` has no `get_config`, and Keras 3 does not see its arguments: saving raises "
            "NotImplementedError for `units`",
        ),
        (
            gate("units=4, **kwargs", base="keras.Model"),
            "3",
            "warning: Model `Gate` has no `get_config`, and Keras 3 does not see its arguments: after a reload `units` "
            "silently has the default",
        ),
        (
            gate("inner: layers.Layer, **kwargs", base="keras.Model"),
            "2",
            "warning: Model `Gate` has no `get_config`, and the automatic one cannot hold its arguments (`inner` is "
            "annotated Layer): loading raises TypeError",
        ),
        (
            gate("units=1, inner: layers.Layer = None, **kwargs", base="keras.Model"),
            "2",
            "warning: Model `Gate` has no `get_config`, and the automatic one cannot hold its arguments (`inner` is "
            "annotated Layer): after a reload every argument silently has its default, once one is given",
        ),
        # A functional Model has a config, but without the arguments.
        (
            gate("units, **kwargs", base="keras.Model", call="super().__init__(inputs=i, outputs=o, **kwargs)"),
            "3",
            "error: Model `Gate` has no `get_config`, and Keras 3 does not see its arguments: loading raises TypeError "
            "for `units`",
        ),
        (
            gate("units, name=None", base="keras.Sequential", call="super().__init__([], name=name)"),
            "2",
            "error: Sequential `Gate` has no `get_config`, and its config holds its layers, not `units`: loading "
            "raises "
            "TypeError",
        ),
        (
            gate("units=1, name=None", base="keras.Sequential", call="super().__init__([], name=name)"),
            "3",
            "warning: Sequential `Gate` has no `get_config`, and its config holds its layers, not `units`: a reload "
            "brings the default",
        ),
    ],
)
def test_reported(source: str, keras: str, expected: str) -> None:
    assert messages(CODE, source, keras) == [expected]


@pytest.mark.parametrize("keras", ["2", "3"])
@pytest.mark.parametrize(
    "source",
    [
        pytest.param(
            "class Gate(layers.Layer):\n    def __init__(self, *args, **kwargs):\n"
            "        raise NotImplementedError('gone')",
            id="never made",
        ),
        pytest.param("class Plain(layers.Layer):\n    pass", id="no __init__"),
        pytest.param(
            "class Plain(layers.Layer):\n    def __init__(self, name=None, **kwargs):\n"
            "        super().__init__(name=name, **kwargs)",
            id="no argument of its own",
        ),
        pytest.param(
            "class Wide(layers.Dense):\n    def __init__(self, units=512, activation='relu', **kwargs):\n"
            "        super().__init__(units=units, activation=activation, **kwargs)",
            id="arguments of the built-in base",
        ),
        pytest.param(
            """
            class WithConfig:
                def get_config(self):
                    return {}


            class Mixed(WithConfig, layers.Layer):
                def __init__(self, units, **kwargs):
                    super().__init__(**kwargs)
            """,
            id="a mixin brings it",
        ),
        pytest.param(
            """
            from somewhere import keras_serializable


            @keras_serializable
            class Decorated(layers.Layer):
                def __init__(self, config, **kwargs):
                    super().__init__(**kwargs)
            """,
            id="a decorator brings it",
        ),
        pytest.param(
            """
            class Precision(layers.Layer):
                def __init__(self, *args, **kwargs):
                    super().__init__(*args, **kwargs)

                def call(self, inputs):
                    raise NotImplementedError
            """,
            id="abstract",
        ),
        pytest.param(
            """
            class Router(layers.Layer):
                def __init__(self, experts, **kwargs):
                    super().__init__(**kwargs)
                    self.experts = experts

                def call(self, inputs):
                    if self.experts > 1:
                        return self._route(inputs)
                    return inputs

                def _route(self, inputs):
                    raise NotImplementedError("to be overridden")


            class TokenRouter(Router):
                def _route(self, inputs):
                    return inputs
            """,
            id="abstract as its subclass shows",
        ),
        pytest.param(
            """
            from elsewhere import Base


            class Unknown(Base, layers.Layer):
                def __init__(self, units, **kwargs):
                    super().__init__(**kwargs)
            """,
            id="an unknown base",
        ),
        pytest.param(
            """
            import tensorflow_model_optimization as tfmot


            class Wrapped(tfmot.quantization.keras.QuantizeWrapperV2):
                def __init__(self, bits, *args, **kwargs):
                    super().__init__(*args, **kwargs)
                    self.bits = bits
            """,
            id="a layer of another package",
        ),
    ],
)
def test_silent(source: str, keras: str) -> None:
    assert messages(CODE, source, keras) == []


@pytest.mark.parametrize("base", ["layers.Layer", "keras.Model"])
@pytest.mark.parametrize(
    ("signature", "body"),
    [
        ("units: int, **kwargs", "pass"),
        ("units=None, **kwargs", "self.units = units or int()"),
        ("shape=None, **kwargs", "self.shape = shape or tf.TensorShape([4])"),
        ("shape=None, **kwargs", "self.shape = shape or elsewhere.Shape(4)"),
        ("flag=None, **kwargs", "self.part = layers.Dense(4) if flag else layers.Dense(8)"),
        ("units: Optional[int] = None, mode: str = 'sum', **kwargs", "pass"),
        ("units=32, rate=0.5, flag=False, **kwargs", "pass"),
        ("units, **kwargs", "self.dense = layers.Dense(units)"),
        ("units=4, act='relu', **kwargs", "self.dense = layers.Dense(units, activation=act)"),
        ("units=4, sizes=(3, 3), **kwargs", "pass"),
        # Nothing says what these are: the automatic config holds numbers, texts, flags and containers of them.
        ("units, **kwargs", "self.units = units"),
        ("units=None, **kwargs", "pass"),
        ("units=4, act=None, **kwargs", "self.act = choose(act)"),
        ("units=4, sizes=(None, None), **kwargs", "pass"),
        ("units: Any, rate=0.5, **kwargs", "pass"),
        ("units, **kwargs", "self.parts = [layers.Dense(size) for size in units]"),
    ],
)
def test_what_may_be_an_object_is_no_evidence(signature: str, body: str, base: str) -> None:
    assert messages(CODE, gate(signature, body, base).replace(f"  # {CODE}", ""), "2") == []


def test_a_base_in_another_file_brings_it(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "bases.py": """
            class Saved(layers.Layer):
                def get_config(self):
                    return {**super().get_config(), **self.arguments}
            """
        },
    )
    source = """
    import bases


    class Derived(bases.Saved):
        def __init__(self, units, **kwargs):
            super().__init__(**kwargs)
            self.arguments = {"units": units}
    """
    assert messages(CODE, source, "3", tmp_path / "derived.py") == []


@pytest.mark.parametrize(
    ("annotation", "is_certain"),
    [
        ("Callable", True),
        ("Callable[[int], int]", True),
        ("layers.Layer", True),
        ("list[layers.Layer]", True),
        ("Callable | layers.Layer", True),
        ("Union[Callable, layers.Layer]", True),
        ("Callable | int", False),
        ("int | Callable", False),
        ("Union[int, Callable]", False),
        ("typing.Union[float, Callable[[int], int]]", False),
        ("Optional[layers.Layer]", False),
        ("layers.Layer | None", False),
        ("str | Callable", False),
        ("Callable | layers.Layer | dict", False),
    ],
)
def test_what_an_annotation_allows(annotation: str, is_certain: bool) -> None:
    """Saving raises in any case, or only where the argument is no number, text or flag."""
    (message,) = messages(CODE, gate(f"inner: {annotation}, **kwargs"), "3")
    assert message.startswith("error" if is_certain else "warning")
    assert message.endswith("NotImplementedError" if is_certain else "once one is given")


ABSTRACT = """
import abc


class Wrapping(layers.Layer, abc.ABC):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)

    @property
    @abc.abstractmethod
    def wrapped(self):
        ...

    def call(self, inputs):
        return self.wrapped(4)(inputs)


class Dense(Wrapping):{mark}
    {wrapped}

    def __init__(self, unit, **kwargs):
        super().__init__(**kwargs)
        self.unit = unit(4)
"""


@pytest.mark.parametrize("wrapped", ["wrapped = layers.Dense", "wrapped: type = layers.Dense"])
def test_a_class_attribute_stands_in_for_an_abstract_property(wrapped: str) -> None:
    assert len(messages(CODE, ABSTRACT.format(mark=f"  # {CODE}", wrapped=wrapped), "2")) == 1


def test_an_abstract_property_that_nothing_stands_in_for() -> None:
    assert messages(CODE, ABSTRACT.format(mark="", wrapped="other = layers.Dense"), "2") == []


OBJECTS = """
import abc
import enum
from typing import List, NamedTuple, Optional, Union


class Rule:
    pass


class Domain(Rule, abc.ABC):
    pass


class Inner(layers.Layer):
    pass


class Mode(enum.IntEnum):
    FAST = 1


class Pair(NamedTuple):
    first: int


class Table(dict):
    pass


"""


@pytest.mark.parametrize("keras", ["2", "3"])
@pytest.mark.parametrize(
    ("annotation", "severity"),
    [
        ("Rule", "error"),
        ("List[Domain]", "error"),
        ("Inner", "error"),
        ("Optional[Rule]", "warning"),
        ("Union[Rule, int]", "warning"),
        ("Rule | None", "warning"),
    ],
)
def test_classes_of_the_project_are_no_config_values(annotation: str, severity: str, keras: str) -> None:
    (message,) = messages(CODE, OBJECTS + gate(f"rule: {annotation}, **kwargs", "self.rule = rule"), keras)
    assert message.startswith(f"{severity}: `Gate` has no `get_config`")


@pytest.mark.parametrize("annotation", ["Mode", "Pair", "Table", "List[int]", "Other"])
def test_numbers_and_containers_of_the_project(annotation: str) -> None:
    source = OBJECTS + gate(f"rule: {annotation}, **kwargs", "self.rule = rule").replace(f"  # {CODE}", "")
    assert messages(CODE, source, "2") == []


def test_the_config_of_a_base_holds_what_no_signature_names() -> None:
    source = """
        class Depthwise(layers.DepthwiseConv2D):{mark}
            def __init__(self, kernel_size, {argument}=1, **kwargs):
                super().__init__(kernel_size, groups={argument}, **kwargs)
        """
    assert messages(CODE, source.format(argument="groups", mark=""), "2") == []
    assert messages(CODE, source.format(argument="sets", mark="  # KLL301"), "2") != []


@pytest.mark.parametrize("keras", ["2", "3"])
@pytest.mark.parametrize(
    ("method", "is_note"),
    [("def train_step(self, data):", True), ("def call(self, data):", False), ("def other(self, data):", False)],
)
def test_a_model_that_only_trains_others(method: str, is_note: bool, keras: str) -> None:
    body = f"self.inner = inner\n\n    {method}\n        return self.inner(data)"
    (message,) = messages(CODE, gate("inner: layers.Layer, **kwargs", body, base="keras.Model"), keras)
    assert message.startswith("note") is is_note
    assert message.endswith(", where the model itself is saved and not what it trains") is is_note


GAN = """
class Gan(keras.Model):{mark}
    def __init__(self, generator, discriminator, **kwargs):
        super().__init__(**kwargs)
        self.generator = generator
        self._discriminator = discriminator

    def call(self, inputs):
        return self._discriminator(self.generator(inputs))

    def {step}(self, data):
        weights = [self.generator.trainable_weights, self._discriminator.{weights}]
        return {{"loss": self(data)}}
"""


@pytest.mark.parametrize("keras", ["2", "3"])
@pytest.mark.parametrize(
    ("step", "weights", "is_note"),
    [
        ("train_step", "trainable_variables", True),
        ("train_step", "name", False),
        ("other", "trainable_weights", False),
    ],
)
def test_a_model_that_trains_each_of_its_models(step: str, weights: str, is_note: bool, keras: str) -> None:
    (message,) = messages(CODE, GAN.format(step=step, weights=weights, mark=f"  # {CODE}"), keras)
    assert message.startswith("note") is is_note


UNFINISHED = """
class Weighted(keras.losses.Loss):{there}
    def __init__(self, weight, **kwargs):
        super().__init__(**kwargs)
        self.weight = weight

    {work}


class Squared(Weighted):{here}
    def call(self, y_true, y_pred):
        return self.weight * (y_true - y_pred) ** 2
"""


@pytest.mark.parametrize("keras", ["2", "3"])
def test_the_class_that_completes_a_base(keras: str) -> None:
    told = messages(CODE, UNFINISHED.format(work="pass", here="  # KLL301", there=""), keras)
    assert [message.partition(",")[0] for message in told] == ["error: `Squared` has no `get_config`"]


def test_a_base_that_is_told_of_itself() -> None:
    work = "def call(self, y_true, y_pred):\n        return y_true - y_pred"
    messages(CODE, UNFINISHED.format(work=work, here="", there="  # KLL301"), "3")
