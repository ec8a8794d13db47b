from __future__ import annotations

from pathlib import Path

import pytest

from keras_layer_lint import Settings, lint_paths
from tests.checks.cases import messages

CODE = "KLL306"
ALL = "`dtype`, `name`, `trainable`"
RAISES = f"error: `Gate.__init__()` does not take {ALL}, which the config holds: loading raises TypeError"
IGNORED = f"warning: `Gate.__init__()` takes {ALL} and passes nothing of it to `super().__init__()`: silently ignored"
MERGED = "return {**super().get_config(), 'units': self.units}"


def gate(
    signature: str,
    call: str = "super().__init__()",
    config: str | None = None,
    base: str = "layers.Layer",
    more: str = "",
) -> str:
    source = f"""
class Gate({base}):
    def __init__(self, {signature}):  # {CODE}
        {call}
        self.units = units
        {more}
"""
    return source if config is None else f"{source}\n    def get_config(self):\n        {config}\n"


@pytest.mark.parametrize(
    ("source", "keras", "expected"),
    [
        (gate("units"), "3", RAISES),
        (gate("units", config=MERGED), "2", RAISES),
        (gate("units", config=MERGED), "3", RAISES),
        (
            gate("units, name=None", "super().__init__(name=name)", MERGED),
            "3",
            "error: `Gate.__init__()` does not take `dtype`, `trainable`, which the config holds: loading raises "
            "TypeError",
        ),
        (
            gate("units, **kwargs", "super().__init__(kwargs)", base="keras.Model"),
            "2",
            "warning: `Gate.__init__()` gives `super().__init__()` the dict of its `**kwargs` without the stars: "
            "`dtype`, `name`, `trainable` are silently ignored",
        ),
        (gate("units: layers.Layer = None"), "3", RAISES),
        # Of a Model without required arguments Keras 3 makes a config.
        (gate("units=1", base="keras.Model"), "3", RAISES),
        (gate("units", "super().__init__([])", base="keras.Sequential"), "2", RAISES),
        (gate("units, **kwargs"), "3", IGNORED),
        (gate("units, **kwargs", base="keras.Model"), "3", IGNORED.replace("warning", "note")),
        (gate("units, name=None, **kwargs", base="keras.Model"), "3", IGNORED),
        (gate("units, name=None, trainable=True, dtype=None"), "3", IGNORED),
        (
            gate("units, name=None, **kwargs", "super().__init__(name=name)"),
            "3",
            "warning: `Gate.__init__()` takes `dtype`, `trainable` and passes nothing of it to `super().__init__()`: "
            "silently ignored",
        ),
        (
            gate("units, **kwargs", more="self.inner = layers.Dense(units, **kwargs)"),
            "3",
            "note: `Gate.__init__()` uses its `**kwargs` for something else and passes none to "
            f"`super().__init__()`: {ALL} "
            "of the layer cannot be set",
        ),
        (
            gate("units, **kwargs", more="self.options = kwargs"),
            "2",
            "note: `Gate.__init__()` uses its `**kwargs` for something else and passes none to "
            f"`super().__init__()`: {ALL} "
            "of the layer cannot be set",
        ),
    ],
)
def test_reported(source: str, keras: str, expected: str) -> None:
    assert messages(CODE, source, keras) == [expected]


@pytest.mark.parametrize("keras", ["2", "3"])
@pytest.mark.parametrize(
    "source",
    [
        gate("units, **kwargs", "super().__init__(**kwargs)"),
        gate("units, **kwargs", "layers.Layer.__init__(self, **kwargs)"),
        gate("units, *args, **kwargs", "super().__init__(*args, **kwargs)"),
        gate("units, **kwargs", "super().__init__(**dict(kwargs))"),
        gate(
            "units, name=None, trainable=True, dtype=None",
            "super().__init__(name=name, trainable=trainable, dtype=dtype)",
        ),
        gate("units, name=None, trainable=True, dtype=None", "super().__init__(trainable, name, dtype)"),
        gate(
            "units, **kwargs",
            "super().__init__(name=kwargs.pop('name', None), dtype=kwargs.pop('dtype', None), trainable=True)",
        ),
        gate("units, name=None, trainable=True, dtype=None", more="self.set_up(name, trainable, dtype)"),
        pytest.param(gate("units", "self.ready = True"), id="never initialised: KLL204"),
    ],
)
def test_silent(source: str, keras: str) -> None:
    assert messages(CODE, source.replace(f"  # {CODE}", ""), keras) == []


@pytest.mark.parametrize(
    ("source", "keras"),
    [
        (gate("units"), "2"),
        (gate("units", config="return {'units': self.units}"), "3"),
        (gate("units, name=None", "super().__init__(name=name)", "return {'units': 1, 'name': self.name}"), "3"),
        # What the config holds no longer.
        (
            gate(
                "units",
                config="c = super().get_config()\n        del c['name'], c['trainable'], c['dtype']\n        return c",
            ),
            "3",
        ),
        # Saving raises first, or no config is made.
        (gate("units: layers.Layer"), "3"),
        (gate("units", base="keras.Model"), "3"),
        (gate("units", base="keras.Model", config=MERGED), "2"),
    ],
)
def test_what_only_cannot_be_set_is_silent(source: str, keras: str) -> None:
    """Nobody sets it: the call would raise TypeError."""
    assert messages(CODE, source.replace(f"  # {CODE}", ""), keras) == []


FORWARDED = "super().__init__(**kwargs)"


@pytest.mark.parametrize("keras", ["2", "3"])
@pytest.mark.parametrize(
    ("signature", "more", "lost"),
    [
        ("units, name='gate', **kwargs", "self.dense = layers.Dense(units, name=f'{name}_dense')", "name"),
        ("units, name=None, **kwargs", "self.label = name", "name"),
        ("units, trainable=True, **kwargs", "self.is_trainable = trainable", "trainable"),
        ("units, dtype='float32', **kwargs", "self.kind = tf.as_dtype(dtype)", "dtype"),
        ("units, name='gate', **kwargs", "self.w = self.add_weight(name=name, shape=(1,))", "name"),
    ],
)
def test_taken_and_not_passed_on(signature: str, more: str, lost: str, keras: str) -> None:
    expected = (
        f"warning: `Gate.__init__()` takes `{lost}` and does not pass it to `super().__init__()`: the layer never gets "
        "it, and a reload does not bring it back"
    )
    assert messages(CODE, gate(signature, FORWARDED, MERGED, more=more), keras) == [expected]


@pytest.mark.parametrize(
    ("signature", "call", "more"),
    [
        ("units, name='gate', **kwargs", "super().__init__(name=name, **kwargs)", "self.label = name"),
        ("units, name='gate', **kwargs", "super().__init__(name=f'{name}_1', **kwargs)", "self.label = name"),
        ("units, name='gate', **kwargs", "kwargs['name'] = name; super().__init__(**kwargs)", "self.label = name"),
        ("units, name=None, **kwargs", "kwargs.update(name=name); super().__init__(**kwargs)", "pass"),
        ("units, name=None, **kwargs", "kwargs = dict(kwargs, name=name); super().__init__(**kwargs)", "pass"),
        ("units, name='gate', **kwargs", FORWARDED, "self._name = name"),
        ("units, trainable=True, **kwargs", FORWARDED, "self.trainable = trainable"),
        ("units, name='gate', **kwargs", FORWARDED, "self.set_name(name)"),
        ("units, name='gate', **kwargs", FORWARDED, "setattr(self, '_name', name)"),
    ],
)
def test_passed_on_in_some_way(signature: str, call: str, more: str) -> None:
    source = gate(signature, call, MERGED, more=more).replace(f"  # {CODE}", "")
    assert messages(CODE, source, "3") == []


@pytest.mark.parametrize(
    ("returned", "is_lost"),
    [("self.is_trainable", False), ("bool(self.is_trainable)", False), ("self.trainable", True)],
)
def test_what_the_config_brings_back(returned: str, is_lost: bool) -> None:
    config = f"return {{**super().get_config(), 'units': self.units, 'trainable': {returned}}}"
    source = gate("units, trainable=True, **kwargs", FORWARDED, config, more="self.is_trainable = trainable")
    source = source if is_lost else source.replace(f"  # {CODE}", "")
    assert len(messages(CODE, source, "3")) == is_lost


NAMED = """
class Net(keras.Model):
    def __init__(self, units=4, {parameter}):{mark}
        super().__init__({given})
        self.dense = layers.Dense(units)

    def call(self, inputs):
        return self.dense(inputs)
"""


@pytest.mark.parametrize(
    ("parameter", "given", "reported"),
    [
        ("name=None", "", True),
        ("name=None", "name=name", False),
        ("rate=0.5", "", False),
        ("name=None", "keras.Input((4,)), layers.Dense(4)(keras.Input((4,)))", False),
    ],
)
def test_a_name_of_a_model_that_is_taken_and_dropped(parameter: str, given: str, reported: bool) -> None:
    source = NAMED.format(parameter=parameter, given=given, mark="  # KLL306" if reported else "")
    told = "warning: `Net.__init__()` takes `name` and passes nothing of it to `super().__init__()`: silently ignored"
    assert messages("KLL306", source, "2") == [told] * reported


def test_what_other_layers_are_given_is_used() -> None:
    source = """
        class Net(keras.Model):
            def __init__(self, units=4, dtype="float32"):
                super().__init__()
                self.dense = layers.Dense(units, dtype=dtype)

            def call(self, inputs):
                return self.dense(inputs)
        """
    assert messages("KLL306", source, "2") == []


@pytest.mark.parametrize(
    ("rest", "other", "severity"),
    [
        ("", "", "note"),
        ('    def call(self, x):\n        """To do."""\n        return\n', "", "note"),
        ("    def call(self, x):\n        raise NotImplementedError\n", "", "note"),
        ("    def call(self, x):\n        return x\n", "", "error"),
        ("", "class Other(Patches):\n    def call(self, x):\n        return x\n", "error"),
        ("    def get_config(self):\n        return super().get_config()\n", "", "error"),
    ],
)
def test_a_layer_that_is_not_written_yet(tmp_path: Path, rest: str, other: str, severity: str) -> None:
    init = "    def __init__(self):\n        super().__init__()\n\n"
    source = f"import keras\nclass Patches(keras.layers.Layer):\n{init}{rest}\n{other}model.save('a.keras')\n"
    (tmp_path / "patches.py").write_text(source)
    (tmp_path / "requirements.txt").touch()
    settings = Settings(select=("KLL306",), keras=("3",), root=str(tmp_path), any_use=True)
    assert {one.severity.label for one in lint_paths([tmp_path], settings).diagnostics} == {severity}
