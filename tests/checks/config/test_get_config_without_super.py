from __future__ import annotations

import pytest

from tests.checks.cases import assert_silent, found, messages

CODE = "KLL304"
LOST = (
    "warning: `Gate.get_config()` does not merge the base config: a reload silently loses `dtype`, `name`, `trainable`"
)


def gate(
    returned: str, base: str = "layers.Layer", mark: str = "  # KLL304", call: str = "super().__init__(**kwargs)"
) -> str:
    return f"""
class Gate({base}):
    def __init__(self, units, **kwargs):
        {call}
        self.units = units

    def get_config(self):{mark}
        {returned}
"""


FUNCTIONAL = "super().__init__(inputs=keras.Input((4,)), outputs=None, **kwargs)"


@pytest.mark.parametrize(
    ("source", "keras", "expected"),
    [
        (gate('return {"units": self.units}'), "2", LOST),
        (gate('return {"units": self.units}'), "3", LOST),
        (gate("return dict(units=self.units)"), "3", LOST),
        (gate('return {"units": self.units, "name": self.name}'), "3", LOST.replace("`name`, ", "")),
        (gate('return {"units": self.units}', base="keras.Model"), "3", LOST),
        # The dtype alone matters little to a Model.
        (
            gate('return {"units": 1, "name": self.name, "trainable": True}', base="keras.Model"),
            "3",
            LOST.replace("warning", "note").replace(", `name`, `trainable`", ""),
        ),
        (
            gate('return {"units": 1, "name": self.name, "trainable": True}'),
            "3",
            LOST.replace(", `name`, `trainable`", ""),
        ),
        # A functional Model has no dtype of its own.
        (gate('return {"units": 1}', base="keras.Model", call=FUNCTIONAL), "3", LOST.replace("`dtype`, ", "")),
    ],
)
def test_reported(source: str, keras: str, expected: str) -> None:
    assert messages(CODE, source, keras) == [expected]


@pytest.mark.parametrize(
    ("source", "keras"),
    [
        (gate('return {"units": self.units}', base="keras.Model", mark=""), "2"),
        (gate('return {**super().get_config(), "units": 1}', mark=""), "3"),
        (gate('return {"name": 1, "trainable": 1, "dtype": 1, "units": 1}', mark=""), "3"),
        (gate("return {**self.options}", mark=""), "3"),
        (gate("return layers.Layer.get_config(self)", mark=""), "3"),
        (
            gate('return {"name": 1, "trainable": 1}', base="keras.Model", mark="", call=FUNCTIONAL),
            "3",
        ),
        (
            gate(
                'return {"name": 1, "trainable": 1}',
                base="keras.Model",
                mark="",
                call="super().__init__(*self.ends(units), **kwargs)",
            ),
            "3",
        ),
    ],
)
def test_silent(source: str, keras: str) -> None:
    assert messages(CODE, source, keras) == []


def test_help_does_not_lead_into_another_fault() -> None:
    source = """
    class Gate(layers.Layer):
        def __init__(self, units):
            super().__init__()
            self.units = units

        def get_config(self):  # KLL304
            return {"units": self.units}
    """
    (diagnostic,) = found(CODE, source, "3")
    assert diagnostic.help == (
        "let `__init__` take `**kwargs` and pass them on, then return `{**super().get_config(), ...}`"
    )


def test_required_arguments_that_are_missing_make_loading_raise() -> None:
    source = gate("return {}").replace("units, **", "units, rate=1, **")
    assert messages(CODE, source, "3") == [
        "warning: `Gate.get_config()` holds neither the base config nor `units`: loading raises TypeError, and "
        "`dtype`, `name`, `trainable` would be lost"
    ]
    restored = source + "\n    @classmethod\n    def from_config(cls, config):\n        return cls(units=4, **config)\n"
    assert messages(CODE, restored, "3") == [LOST]


WRAPPED = """
@keras.saving.register_keras_serializable()
class Distance(keras.metrics.MeanMetricWrapper):
    def __init__(self, scale=1.0, name="distance", {more}):
        super().__init__({given}, name=name, dtype=dtype)
        self.scale = scale

    def get_config(self):
        return {{"scale": self.scale, "name": self.name, "dtype": self.dtype}}
"""


@pytest.mark.parametrize("given", ["fn=self.measure", "self.measure"])
def test_the_function_that_a_metric_sets_itself(given: str) -> None:
    for more in ("dtype=None", "dtype=None, **kwargs"):
        assert_silent("KLL304", WRAPPED.format(more=more, given=given))
