from __future__ import annotations

import pytest

from tests.checks.cases import messages

CODE = "KLL204"
NEVER = "error: `Gate.__init__()` never calls `super().__init__()`{}: {} at the first use"
K2, K3 = "Keras 2 raises RuntimeError or AttributeError", "Keras 3 raises RuntimeError"
UNBOUND = " (`super(Gate)` without `self` is bound to nothing)"
LATE = (
    "error: `add_weight` before `super().__init__()`: there is nothing yet to add it to, so constructing the layer "
    "raises"
)


def gate(*body: str, mark: str = "", base: str = "layers.Layer") -> str:
    lines = "\n".join(f"        {line}" for line in body)
    return f"class Gate({base}):\n    def __init__(self, size=1, name=None, **kwargs):{mark}\n{lines}\n"


@pytest.mark.parametrize(
    ("source", "keras", "expected"),
    [
        (gate("self.size = size", mark="  # KLL204"), "2", NEVER.format("", K2)),
        (gate("self.size = size", mark="  # KLL204"), "3", NEVER.format("", K3)),
        (gate("self.size = size", mark="  # KLL204", base="keras.Model"), "3", NEVER.format("", K3)),
        (gate("super(Gate).__init__()", mark="  # KLL204"), "3", NEVER.format(UNBOUND, K3)),
        (
            gate('self.w = self.add_weight(name="w", shape=())  # KLL204', "super().__init__(**kwargs)"),
            "2",
            LATE,
        ),
        (
            gate("super().__init__(self)  # KLL204"),
            "3",
            "error: `super().__init__()` gets a positional argument: `Layer` takes keywords only, so constructing "
            "the layer raises TypeError",
        ),
        (
            gate("super().__init__(name, **kwargs)  # KLL204"),
            "3",
            "error: `super().__init__()` gets a positional argument: `Layer` takes keywords only, so constructing "
            "the layer "
            "raises TypeError",
        ),
        (
            gate("super().__init__(name, **kwargs)  # KLL204"),
            "2",
            "error: `super().__init__()` gets a positional argument: `Layer` takes `trainable` first, so "
            "constructing the "
            "layer raises TypeError or sets the wrong thing",
        ),
    ],
)
def test_reported(source: str, keras: str, expected: str) -> None:
    assert messages(CODE, source, keras) == [expected]


@pytest.mark.parametrize("keras", ["2", "3"])
@pytest.mark.parametrize(
    "source",
    [
        gate("super().__init__(name=name, **kwargs)"),
        gate("super(Gate, self).__init__(**kwargs)"),
        gate("super(__class__, self).__init__(**kwargs)"),
        gate("layers.Layer.__init__(self, **kwargs)"),
        gate("self.size = size", "self.dense = layers.Dense(size)", "super().__init__(**kwargs)"),
        gate("if size:", "    super().__init__(**kwargs)", "else:", "    super().__init__(name=name)"),
        gate("raise NotImplementedError"),
        gate("if not isinstance(size, np.ndarray):", "    raise ValueError(size)", "super().__init__(**kwargs)"),
        gate("super().__init__(size, **kwargs)", base="layers.Dense"),
        gate("super().__init__(inputs, outputs)", base="keras.Model"),
        pytest.param(
            """
            class Mixin:
                def __init__(self, **kwargs):
                    super().__init__(**kwargs)


            class Gate(Mixin, layers.Layer):
                def __init__(self, **kwargs):
                    Mixin.__init__(self, **kwargs)
            """,
            id="through a mixin",
        ),
        pytest.param(
            """
            class Augmenter(layers.Layer):
                def __init__(self, layers):
                    self.layers = layers

                def __call__(self, inputs):
                    for layer in self.layers:
                        inputs = layer(inputs)
                    return inputs
            """,
            id="a __call__ of its own",
        ),
        pytest.param(
            """
            from elsewhere import Base


            class Gate(Base, layers.Layer):
                def __init__(self):
                    self.size = 1
            """,
            id="an unknown base",
        ),
    ],
)
def test_silent(source: str, keras: str) -> None:
    assert messages(CODE, source, keras) == []


def test_arguments_in_the_order_of_keras_2() -> None:
    source = """
    class Gate(layers.Layer):
        def __init__(self, units, trainable=True, name=None, dtype=None, dynamic=False, **kwargs):
            super().__init__(trainable, name, dtype, dynamic, **kwargs){mark}
            self.units = units
    """
    assert messages(CODE, source.format(mark=""), "2") == []
    assert len(messages(CODE, source.format(mark="  # KLL204"), "3")) == 1


MODEL = """
class Policy(keras.{base}):
    def __init__(self, actions, name="policy"):
        super().__init__({given}){mark}
        self.hidden = layers.Dense(actions)
"""


@pytest.mark.parametrize(
    ("keras", "expected"),
    [
        ("2", "warning: `super().__init__()` gets the name by position, which `Model` ignores: "),
        ("3", "error: `super().__init__()` gets the name by position: `Model` takes no such argument, "),
    ],
)
@pytest.mark.parametrize("given", ["'actor'", "name"])
def test_name_of_a_model_by_position(given: str, keras: str, expected: str) -> None:
    source = MODEL.format(base="Model", given=given, mark="  # KLL204")
    (message,) = messages(CODE, source, keras)
    assert message.startswith(expected)


@pytest.mark.parametrize(
    ("base", "given"),
    [
        ("Model", "name=name"),
        ("Model", "keras.Input((2,)), keras.Input((2,))"),
        ("Sequential", "actions"),
        ("Model", "*actions"),
    ],
)
def test_what_models_take_by_position(base: str, given: str) -> None:
    assert messages(CODE, MODEL.format(base=base, given=given, mark=""), "2") == []


KWARGS = """
class Net(keras.Model):
    def __init__(self, units, **kwargs):
        super().__init__({given}){mark}
        self.units = units
"""


def test_kwargs_of_a_model_without_stars() -> None:
    (message,) = messages("KLL204", KWARGS.format(given="kwargs", mark="  # KLL204"), "3")
    assert message.startswith("error: `super().__init__()` gets the dict `kwargs` by position: ")
    assert messages("KLL204", KWARGS.format(given="kwargs", mark=""), "2") == []  # KLL306 speaks of it


@pytest.mark.parametrize("given", ["**kwargs", "*units, **kwargs", "units", "units, kwargs"])
def test_other_arguments_of_a_model(given: str) -> None:
    assert messages("KLL204", KWARGS.format(given=given, mark=""), "3") == []


STATE = """
class Copied(layers.Dense):
    def __init__(self, dense, **options):{mark}
        {statement}
        self.options = options

    def call(self, inputs):
        return super().call(inputs) * 2.0
"""


@pytest.mark.parametrize(
    ("statement", "is_copied"),
    [
        ("self.__dict__.update(dense.__dict__)", True),
        ("self.__dict__ = dense.__dict__", True),
        ("vars(self).update(**vars(dense))", True),
        ("self.__dict__.update(dict(dense.__dict__))", True),
        ("self.__dict__.update(options)", False),
        ("self.__dict__.update(locals())", False),
        ("self.__dict__.update(self.__dict__)", False),
        ("options.update(dense.__dict__)", False),
    ],
)
def test_a_layer_that_takes_the_state_of_another(statement: str, is_copied: bool) -> None:
    mark = "" if is_copied else "  # KLL204"
    assert len(messages(CODE, STATE.format(statement=statement, mark=mark), "2")) == (not is_copied)


OBJECT = """\
class Gate(keras.{base}):
    def __init__(self, size=1):{mark}
        self.size = size

    def {method}(self, y_true, y_pred, sample_weight=None):
        return y_true

    def result(self):
        return 0.0
"""


@pytest.mark.parametrize("keras", ["2", "3"])
@pytest.mark.parametrize(("base", "method"), [("losses.Loss", "call"), ("metrics.Metric", "update_state")])
def test_losses_and_metrics(base: str, method: str, keras: str) -> None:
    source = OBJECT.format(base=base, method=method, mark="  # KLL204")
    assert messages(CODE, source, keras) == [NEVER.format("", f"Keras {keras} raises AttributeError")]


@pytest.mark.parametrize(
    "source",
    [
        OBJECT.format(base="losses.Loss", method="__call__", mark=""),
        OBJECT.format(base="initializers.Initializer", method="call", mark=""),
        "class Gate(keras.losses.Loss):\n    def __init__(self):\n        super().__init__(self)\n",
    ],
)
def test_objects_that_need_no_base(source: str) -> None:
    assert messages(CODE, source, "3") == []


def made(base: str, first: str, name: str = "Gate", marked: str = "") -> str:
    return f"""
class {name}({base}):
    def __init__(self, units=2, **kwargs):{marked}
        {first}
        self.units = units
"""


@pytest.mark.parametrize("keras", ["2", "3"])
@pytest.mark.parametrize(
    ("base", "skipped"),
    [
        ("keras.Model", "keras.Model"),
        ("keras.models.Model", "keras.Model"),
        ("layers.Layer", "layers.Layer"),
        ("layers.Dense", "layers.Layer"),
        ("keras.Model", "layers.Layer"),
        ("keras.losses.Loss", "keras.losses.Loss"),
    ],
)
def test_what_keras_needs_is_skipped(base: str, skipped: str, keras: str) -> None:
    (message,) = messages(CODE, made(base, f"super({skipped}, self).__init__(**kwargs)", marked="  # KLL204"), keras)
    name = skipped.rpartition(".")[2]
    assert message == (
        f"error: `Gate.__init__()` never calls `{name}.__init__()` (`super({name}, self)` starts behind `{name}`): "
        f"Keras {keras} raises RuntimeError or AttributeError at the first use"
    )


@pytest.mark.parametrize(
    "source",
    [
        made("layers.Dense", "super(layers.Dense, self).__init__(**kwargs)"),  # it makes all by itself
        made("keras.metrics.Metric", "super(keras.metrics.Metric, self).__init__(**kwargs)"),
        made("keras.Model", "super().__init__(**kwargs)\n        super(keras.Model, self).__setattr__('a', units)"),
        made("keras.Model", "keras.Model.__init__(self)\n        super(keras.Model, self).__init__()"),
        "from keras import Model\n" + made("Model", "super(Model, self).__init__(**kwargs)", "Model"),
    ],
)
def test_what_may_be_skipped(source: str) -> None:
    assert messages(CODE, source, "3") == []
