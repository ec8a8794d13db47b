from __future__ import annotations

import pytest

from tests.checks.cases import messages

CODE = "KLL310"
LAYER = """
class Scale(layers.Layer):
    def __init__(self, units, rate=0.1, **kwargs):
        super().__init__(**kwargs)
{init}

    def call(self, inputs):
        return inputs * self.factor()

    def factor(self):
        return 1.0

    def get_config(self):
        return {{**super().get_config(), {returned}}}{mark}
"""


def scale(init: str, returned: str, mark: str = "") -> str:
    body = "\n".join(f"        {line}" for line in init.splitlines())
    return LAYER.format(init=body, returned=returned, mark=mark)


NEVER_SET = "error: `Scale.get_config()` reads `self.{}`, which nothing sets: saving raises AttributeError"
AGAIN = (
    "warning: `Scale.get_config()` returns the value of `{}` for `units`, so that a reload computes it once more: "
    "silently another value"
)
IN_ANOTHER = (
    "warning: `Scale.get_config()` returns a {} that holds `units` for `units`, so that a reload puts that {} into "
    "another: what uses it raises, or silently does something else"
)
OTHER = "warning: `Scale.get_config()` returns the argument `units` for `rate`: a reload silently brings another value"


@pytest.mark.parametrize("keras", ["2", "3"])
@pytest.mark.parametrize(
    ("init", "returned", "expected"),
    [
        ("self._units = units", '"units": self.units', NEVER_SET.format("units")),
        ("self.units = units", '"units": self._units', NEVER_SET.format("_units")),
        ("self.units = units", '"units": self.units, "prior": self.prior', NEVER_SET.format("prior")),
        ("self.units = units * 2", '"units": self.units', AGAIN.format("units * 2")),
        ("self.units = 1 - units", '"units": self.units', AGAIN.format("1 - units")),
        ("self.units = 1.0 / units", '"units": self.units', AGAIN.format("1.0 / units")),
        ("self.units = 0 - units", '"units": self.units', AGAIN.format("0 - units")),
        ("self.units = -units", '"units": self.units', AGAIN.format("-units")),
        ("self.units = int(units * rate)", '"units": self.units', AGAIN.format("units * rate")),
        ("units = units // 4\nself.units = units", '"units": self.units', AGAIN.format("units // 4")),
        ("units *= 2\nself.units = units", '"units": self.units', AGAIN.format("units *= 2")),
        ("self.units = units", '"units": self.units + 1', AGAIN.format("self.units + 1")),
        ("self.units = units\nself.rate = rate", '"rate": self.units', OTHER),
        ("units = (units, units)\nself.units = units", '"units": self.units', IN_ANOTHER.format("tuple", "tuple")),
        ("self.units = (units,) * 2", '"units": self.units', IN_ANOTHER.format("tuple", "tuple")),
        ("self.units = [units, 1]", '"units": self.units', IN_ANOTHER.format("list", "list")),
        ("self.units = units", '"units": [self.units]', IN_ANOTHER.format("list", "list")),
    ],
)
def test_reported(init: str, returned: str, expected: str, keras: str) -> None:
    assert messages(CODE, scale(init, returned, f"  # {CODE}"), keras) == [expected]


@pytest.mark.parametrize("keras", ["2", "3"])
@pytest.mark.parametrize(
    ("init", "returned"),
    [
        *(
            (init, '"units": self.units')
            for init in (
                "self.units = list(units)",
                "self.units = tuple(units)",
                "self.units = [unit for unit in units]",
                "self.units = (units, units) if isinstance(units, int) else units",
                "if isinstance(units, int):\n    units = (units, units)\nself.units = units",
                "self.units = (units[0], units[1])",
            )
        ),
        ("self._units = units", '"units": self._units'),
        ("self.units = units * 2", '"units": self.units // 2'),
        ("self.width = units - rate", '"units": self.width + 0.1'),
        ("self.units = units * 1", '"units": self.units'),
        ("self.units = units % 8", '"units": self.units'),
        ("self.units = max(units, 1)", '"units": self.units'),
        ("self.units = units or 8 * 2", '"units": self.units'),
        ("self.units = units / 1", '"units": self.units'),
        ("self.units = 1 * (0 + units)", '"units": self.units'),
        ("self.units = units if units > 1 else units * 2", '"units": self.units'),
        ("if rate:\n    units = units * 2\nself.units = units", '"units": self.units'),
        ("self.units = normalized(units)", '"units": self.units'),
        ("setattr(self, 'units', units)", '"units": self.units'),
        ("self.__dict__.update(units=units)", '"units": self.units'),
        ("for key, value in vars().items():\n    setattr(self, key, value)", '"units": self.units'),
        ("self._units = units", '"units": getattr(self, "units", None)'),
        ("self._units = units", '"units": self.units if hasattr(self, "units") else 1'),
        ("self.units = units", '"rate": self.units'),  # `rate` has no use, so nothing is lost
        ("self.units = units", '"units": self.units, "trainable": self.trainable'),
    ],
)
def test_silent(init: str, returned: str, keras: str) -> None:
    assert messages(CODE, scale(init, returned), keras) == []


def test_attribute_set_from_outside() -> None:
    source = (
        scale("pass", '"units": self.units') + "\n\ndef make(units):\n    scale = Scale(units)\n    scale.units = 1\n"
    )
    assert messages(CODE, source, "3") == []


def test_attribute_of_a_property_with_a_setter() -> None:
    source = """
    class Scale(layers.Layer):
        def __init__(self, units, **kwargs):
            super().__init__(**kwargs)
            self.units = units * 2

        @property
        def units(self):
            return self._units

        @units.setter
        def units(self, value):
            self._units = value // 2

        def call(self, inputs):
            return inputs

        def get_config(self):
            return {**super().get_config(), "units": self.units}
    """
    assert messages(CODE, source, "3") == []


def test_left_to_subclasses() -> None:
    source = """
    class Base(layers.Layer):
        def __init__(self, units, **kwargs):
            super().__init__(**kwargs)

        def call(self, inputs):
            raise NotImplementedError

        def get_config(self):
            return {**super().get_config(), "units": self.units}
    """
    assert messages(CODE, source, "3") == []


def test_inherited_config() -> None:
    source = """
    class Base(layers.Layer):
        def __init__(self, units, **kwargs):
            super().__init__(**kwargs)
            self.units = units

        def call(self, inputs):
            return inputs

        def get_config(self):
            return {**super().get_config(), "units": self.units}


    class Wide(Base):
        def __init__(self, units, **kwargs):  # KLL310
            super().__init__(units * 2, **kwargs)


    class Fixed(Base):
        def __init__(self, **kwargs):
            kwargs.pop("units", None)
            super().__init__(8 * 2, **kwargs)
    """
    assert len(messages(CODE, source, "3")) == 1


def test_argument_passed_to_the_base_under_another_name() -> None:
    source = """
    class Base(layers.Layer):
        def __init__(self, **kwargs):
            self._reuse = kwargs.pop("_reuse", None)
            super().__init__(**kwargs)


    class Cell(Base):
        def __init__(self, reuse=None, **kwargs):
            super().__init__(_reuse=reuse, **kwargs)
            self.is_new = not reuse

        def call(self, inputs):
            return inputs if self.is_new else -inputs

        def get_config(self):
            return {**super().get_config(), "reuse": self._reuse}
    """
    assert messages(CODE, source, "2") == []


OTHERS = """
class Other(layers.Layer):
    def __init__(self, rate, **kwargs):
        super().__init__(**kwargs)
        self.rate = rate

    def get_config(self):
        return {{**super().get_config(), "rate": self.rate}}


class Scale(layers.Layer):
    def get_config(self):
        return {{**super().get_config(), "rate": self.rate}}{}
{}
"""


@pytest.mark.parametrize("keras", ["2", "3"])
def test_what_only_another_class_sets_is_not_there(keras: str) -> None:
    assert messages(CODE, OTHERS.format("  # KLL310", ""), keras) == [NEVER_SET.format("rate")]


@pytest.mark.parametrize("keras", ["2", "3"])
@pytest.mark.parametrize(
    "behind",
    [
        "class Deriving(Scale):\n    def __init__(self):\n        super().__init__()\n        self.rate = 1",
        "    def build(self, input_shape):\n        self.rate = 1\n        super().build(input_shape)",
        "    def set_up(self, rate):\n        setattr(self, 'rate', rate)",
        "def set_up(layer, rate):\n    layer.rate = rate",
        "def set_up(layers):\n    layers[0].rate = 1",
        "def set_up(self):\n    self.rate = 1\n\n\nScale.set_up = set_up",
        "import torch",
    ],
)
def test_what_others_may_set_may_be_there(behind: str, keras: str) -> None:
    assert messages(CODE, OTHERS.format("", behind), keras) == []
