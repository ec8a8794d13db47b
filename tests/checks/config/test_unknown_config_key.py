from __future__ import annotations

from pathlib import Path

import pytest

from tests.checks.cases import messages, write

CODE = "KLL303"


@pytest.mark.parametrize("keras", ["2", "3"])
@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param(
            """
            class Pool(layers.Layer):
                def __init__(self, size=2, **kwargs):
                    super().__init__(**kwargs)
                    self.size = size
                    self.width = 2

                def get_config(self):
                    return {**super().get_config(), "size": self.size, "width": self.width}  # KLL303
            """,
            [
                "error: `Pool.get_config()` returns `'width'`, which neither `__init__` nor `Layer` takes: loading "
                "raises an "
                "error"
            ],
            id="an attribute that is no argument",
        ),
        pytest.param(
            """
            class Pool(layers.Layer):
                def __init__(self, size=2, name=None, trainable=True, dtype=None):
                    super().__init__(name=name, trainable=trainable, dtype=dtype)
                    self.size = size

                def get_config(self):
                    config = super().get_config()
                    config["size"] = self.size
                    config["step"] = self.size  # KLL303
                    return config
            """,
            ["error: `Pool.get_config()` returns `'step'`, which `__init__` does not take: loading raises TypeError"],
            id="without kwargs",
        ),
        pytest.param(
            """
            class Norm(layers.Layer):
                def __init__(self, **kwargs):
                    super().__init__(dtype="float32", **kwargs)  # KLL303

                def get_config(self):
                    return super().get_config()
            """,
            [
                "error: `super().__init__(dtype=..., **kwargs)`: the config of `Norm` holds `'dtype'`, so loading "
                "passes it "
                "twice and raises TypeError"
            ],
            id="passed twice",
        ),
        pytest.param(
            """
            class Dense2(layers.Dense):
                def __init__(self, units, gain, **kwargs):
                    super().__init__(units, **kwargs)
                    self.gain = gain

                def get_config(self):
                    return {**super().get_config(), "gain": self.gain, "scale": 1}  # KLL303
            """,
            [
                "error: `Dense2.get_config()` returns `'scale'`, which neither `__init__` nor `Dense` takes: "
                "loading raises "
                "an error"
            ],
            id="base is a built-in layer",
        ),
    ],
)
def test_reported(source: str, keras: str, expected: list[str]) -> None:
    assert messages(CODE, source, keras) == expected


@pytest.mark.parametrize("keras", ["2", "3"])
@pytest.mark.parametrize(
    "source",
    [
        pytest.param(
            """
            class Attend(layers.MultiHeadAttention):
                def __init__(self, heads_kept=None, **kwargs):
                    super().__init__(**kwargs)
                    self.heads_kept = heads_kept

                def get_config(self):
                    return {**super().get_config(), "heads_kept": self.heads_kept}


            class Depthwise(layers.DepthwiseConv2D):
                def __init__(self, *args, buffered=False, **kwargs):
                    super().__init__(*args, **kwargs)
                    self.buffered = buffered

                def get_config(self):
                    config = super().get_config()
                    config.update(buffered=self.buffered)
                    return config
            """,
            id="keys that the built-in base writes and reads itself",
        ),
        pytest.param(
            """
            class Half(layers.Layer):
                def __init__(self, **kwargs):
                    kwargs.setdefault("dtype", "float16")
                    kwargs.pop("legacy", None)
                    super().__init__(**kwargs)

                def get_config(self):
                    return {**super().get_config(), "legacy": True}
            """,
            id="taken out of kwargs",
        ),
        pytest.param(
            """
            class Versioned(layers.Layer):
                def get_config(self):
                    return {**super().get_config(), "version": 2}

                @classmethod
                def from_config(cls, config):
                    config.pop("version", None)
                    return cls(**config)
            """,
            id="from_config takes it out",
        ),
        pytest.param(
            """
            class Sometimes(layers.Layer):
                def __init__(self, **kwargs):
                    super().__init__(**kwargs)

                def get_config(self):
                    config = super().get_config()
                    if self.extra:
                        config["extra"] = self.extra
                    return config
            """,
            id="not in every config",
        ),
        pytest.param(
            """
            class Pool(layers.Layer):
                def __init__(self, size=2, **kwargs):
                    super().__init__(**kwargs)
                    self.size = size

                def get_config(self):
                    return {**super().get_config(), "size": self.size, "width": self.width}
            """,
            id="saving raises first, as nothing sets the attribute",
        ),
        pytest.param(
            """
            class Options(layers.Layer):
                def __init__(self, **options):
                    super().__init__(name=options.get("name"))
                    self.options = options

                def get_config(self):
                    return {**super().get_config(), "depth": self.options["depth"]}
            """,
            id="kwargs kept as they are",
        ),
        pytest.param(
            """
            class One(keras.losses.Loss):
                def __init__(self, rate=0.5, **kwargs):
                    super().__init__(**kwargs)
                    self.rate = rate

            class Other(keras.losses.Loss):
                def call(self, y_true, y_pred):
                    return y_true - y_pred

                def get_config(self):
                    return {**super().get_config(), "rate": self.rate}
            """,
            id="saving raises first, as only another class sets the attribute",
        ),
    ],
)
def test_silent(source: str, keras: str) -> None:
    assert messages(CODE, source, keras) == []


def test_key_of_a_base_in_another_file(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "base.py": """
            class Base(layers.Layer):
                def __init__(self, units, **kwargs):
                    super().__init__(**kwargs)
                    self.units = units

                def get_config(self):
                    return {**super().get_config(), "units": self.units}
            """
        },
    )
    source = """
    from base import Base


    class Wide(Base):
        def __init__(self, factor=4, **kwargs):
            super().__init__(units=16 * factor, **kwargs)  # KLL303
            self.factor = factor

        def get_config(self):
            return {**super().get_config(), "factor": self.factor}
    """
    assert messages(CODE, source, "3", tmp_path / "wide.py") == [
        "error: `super().__init__(units=..., **kwargs)`: the config of `Wide` holds `'units'`, so loading passes "
        "it twice "
        "and raises TypeError"
    ]


KEPT = """
class Pool(layers.Layer):
    def __init__(self, size=2, **kwargs):
        super().__init__(**kwargs)
        self.size = size

    def get_config(self):
        return {{**super().get_config(), "size": self.size, "width": self.size}}{mark}

    @classmethod
    def from_config(cls, config):
        {body}
"""


@pytest.mark.parametrize(
    "body",
    [
        "return cls(**config)",
        "return super().from_config(config)",
        "config = config.copy()\n        return cls(**config)",
        '"""Load."""\n        return cls(**config)',
    ],
)
def test_a_from_config_that_does_no_more_than_the_one_of_keras(body: str) -> None:
    assert len(messages(CODE, KEPT.format(mark="  # KLL303", body=body), "3")) == 1


@pytest.mark.parametrize(
    "body",
    [
        'config.pop("width")\n        return cls(**config)',
        'return cls(size=config["size"])',
        "return super().from_config(clean(config))",
        "return cls(**clean(config))",
    ],
)
def test_a_from_config_of_its_own_may_take_keys_apart(body: str) -> None:
    assert messages(CODE, KEPT.format(mark="", body=body), "3") == []


@pytest.mark.parametrize(
    "body",
    [
        'config["size"] = 2 * config["size"]\n        return cls(**config)',
        'size = config.pop("size")\n        return cls(size=size, **config)',
        'config = dict(config)\n        config.setdefault("size", 3)\n        return cls(**config)',
        'if "size" in config:\n            config.pop("size")\n        return super().from_config(config)',
    ],
)
def test_a_from_config_that_names_other_keys_hands_the_rest_on(body: str) -> None:
    assert len(messages(CODE, KEPT.format(mark="  # KLL303", body=body), "3")) == 1


@pytest.mark.parametrize(
    "body",
    [
        "for key in EXTRA:\n            config.pop(key)\n        return cls(**config)",
        "del config[EXTRA]\n        return cls(**config)",
        "clean(config)\n        return cls(**config)",
        "return cls(**{key: config[key] for key in KNOWN})",
        'size = config["size"]\n        return cls(size)',
        "config = {key: config[key] for key in KNOWN}\n        return cls(**config)",
        'layer = cls(config["size"])\n        return layer',
    ],
)
def test_what_a_from_config_takes_out_may_be_any_key(body: str) -> None:
    assert messages(CODE, KEPT.format(mark="", body=body), "3") == []


SHAPED = """
class Shaped(layers.Layer):
    def __init__(self, shape, factor=None, **kwargs):
        super().__init__(**kwargs)
        self.shape = shape
        self.factor = factor

    def call(self, x):
        return x * self.factor

    def get_config(self):
        return {**super().get_config(), "shape": self.shape, "factors": self.factor}
"""


def test_through_a_base_in_another_file(tmp_path: Path) -> None:
    write(tmp_path, {"shaped.py": SHAPED})
    source = """
    from shaped import Shaped


    class Moved(Shaped):
        def __init__(self, offset=0.0, **kwargs):
            super().__init__(**kwargs)
            self.offset = offset

        def get_config(self):  # KLL303
            return {**super().get_config(), "offset": self.offset}
    """
    (message,) = messages(CODE, source, "3", tmp_path / "moved.py")
    assert message.endswith("takes: loading raises an error; the argument is `factor`")


def test_a_base_in_another_file_takes_it_out_of_kwargs(tmp_path: Path) -> None:
    taking = SHAPED.replace(
        "super().__init__(**kwargs)", "kwargs.pop('factors', 0)\n        super().__init__(**kwargs)"
    )
    write(tmp_path, {"shaped.py": taking})
    source = """
    from shaped import Shaped


    class Moved(Shaped):
        def __init__(self, offset=0.0, **kwargs):
            kwargs.pop("legacy", None)
            kwargs.pop("version", None)
            super().__init__(**kwargs)
            self.offset = offset

        def get_config(self):
            return {**super().get_config(), "offset": self.offset}
    """
    assert messages(CODE, source, "3", tmp_path / "moved.py") == []


FIXED = """
class Leaf(layers.Layer):
    def __init__(self, count, scale=1.0, kind=None, **kwargs):
        super().__init__(**kwargs)
        self.count = count
        self.scale = scale
        self.kind = kind

    def call(self, x):
        return x * self.scale + self.count

    def get_config(self):
        return {{**super().get_config(), "count": self.count, "scale": self.scale, "kind": str(self.kind)}}

    @classmethod
    def from_config(cls, config):
        kind = make(config.pop("kind"))
        return cls(kind=kind, **config)


class Laplace(Leaf):
    def __init__(self, count, **kwargs):
        super().__init__(count=count, {given}, **kwargs){mark}
"""


@pytest.mark.parametrize("keras", ["2", "3"])
def test_a_from_config_leaves_in_the_config_what_init_gives_itself(keras: str) -> None:
    (message,) = messages(CODE, FIXED.format(given="scale=2.0", mark="  # KLL303"), keras)
    assert "the config of `Laplace` holds `'scale'`, so loading passes it twice and raises TypeError" in message
    assert messages(CODE, FIXED.format(given="kind=None", mark=""), keras) == []


MODEL = """
class Net(keras.Model):
    def __init__(self, units, **kwargs):
        super().__init__({passed})
        self.units = units

    def call(self, x):
        return x

    def get_config(self):
        return {{**super().get_config(), "units": self.units, "depth": 3}}{mark}
"""


@pytest.mark.parametrize("keras", ["2", "3"])
def test_key_that_a_model_does_not_take(keras: str) -> None:
    assert messages(CODE, MODEL.format(passed="**kwargs", mark="  # KLL303"), keras) == [
        "error: `Net.get_config()` returns `'depth'`, which neither `__init__` nor `Model` takes: loading raises an "
        "error"
    ]


@pytest.mark.parametrize("passed", ["inputs=x, outputs=x, **kwargs", "x, x, **kwargs", "*units, **kwargs"])
def test_a_functional_model_has_a_from_config_of_its_own(passed: str) -> None:
    assert messages(CODE, MODEL.format(passed=passed, mark=""), "3") == []


TWICE = """
class Base(layers.Layer):
    def __init__(self, rank, units=4, **kwargs):
        super().__init__(**kwargs)
        self.rank = rank
        self.units = units

    def get_config(self):
        return {{**super().get_config(), "rank": self.rank, "units": self.units}}


class Subject({base}):
    def __init__(self, {parameters}):
        {before}
        super().__init__({passed}){mark}
        self.size = size
{more}
"""
CONFIG = """
    def get_config(self):
        return {**super().get_config(), "size": self.size}
"""
DENSE = """
    def build(self, input_shape):
        self.dense = layers.Dense(self.size)
"""
WEIGHT = """
    def build(self, input_shape):
        self.w = self.add_weight(name="w", shape=(input_shape[-1], self.size))
"""
CALL = """
    def call(self, y_true, y_pred):
        return y_pred
"""
RESULT = """
    def result(self):
        return 0.0
"""


def twice(base: str, passed: str, mark: str = "  # KLL303", **parts: str) -> str:
    given = {"parameters": "size=1, **kwargs", "before": "pass", "more": "", **parts}
    return TWICE.format(base=base, passed=passed, mark=mark, **given)


@pytest.mark.parametrize("keras", ["2", "3"])
@pytest.mark.parametrize(
    ("source", "holds"),
    [
        # By position.
        (twice("Base", "2, **kwargs"), "(..., **kwargs)`: the config of `Subject` holds `'rank'`, so"),
        (
            twice("Base", "2, units=3, **kwargs"),
            "(..., units=..., **kwargs)`: the config of `Subject` holds `'rank'`, `'units'`",
        ),
        (twice("layers.Conv2D", "4, 3, **kwargs"), "holds `'filters'`, `'kernel_size'`, so"),
        (twice("layers.Dropout", "0.5, **kwargs", more=CONFIG), "holds `'rate'`, so"),
        # In the config that Keras makes by itself.
        (
            twice("layers.Layer", 'name="subject", **kwargs'),
            "(name=..., **kwargs)`: the config of `Subject` holds `'name'`, so",
        ),
        (twice("layers.Layer", "trainable=False, **kwargs"), "holds `'trainable'`, so"),
        (twice("layers.Layer", 'name="subject", **kwargs', parameters="size: int, **kwargs"), "holds `'name'`, so"),
        (
            twice("layers.Layer", 'name="subject", **kwargs', parameters="size, **kwargs", more=DENSE),
            "holds `'name'`, so",
        ),
        (
            twice("layers.Layer", 'name="subject", **kwargs', parameters="size, **kwargs", more=WEIGHT),
            "holds `'name'`, so",
        ),
        (twice("keras.Model", 'dtype="float32", **kwargs'), "holds `'dtype'`, so"),
        (twice("layers.Dense", 'activation="relu", **kwargs'), "holds `'activation'`, so"),
        (twice("keras.losses.Loss", 'name="subject", **kwargs', more=CALL), "holds `'name'`, so"),
        (twice("keras.metrics.Metric", 'name="subject", **kwargs', more=CONFIG + RESULT), "holds `'name'`, so"),
    ],
)
def test_passed_twice(source: str, holds: str, keras: str) -> None:
    (message,) = messages(CODE, source, keras)
    assert holds in message


@pytest.mark.parametrize("given", ["fn=abs, name=name", "abs, name=name"])
@pytest.mark.parametrize("parts", [{}, {"parameters": "size=1, name='mine', **kwargs", "more": CONFIG}])
def test_the_function_of_a_metric(given: str, parts: dict[str, str]) -> None:
    """Keras 2 leaves it out of what it hands to a class that derives from the wrapper."""
    written = {"parameters": "name='mine', **kwargs", **parts}
    (message,) = messages(CODE, twice("keras.metrics.MeanMetricWrapper", f"{given}, **kwargs", **written), "3")
    assert "holds `'fn'`, so" in message
    assert not messages(CODE, twice("keras.metrics.MeanMetricWrapper", f"{given}, **kwargs", "", **written), "2")


@pytest.mark.parametrize("keras", ["2", "3"])
@pytest.mark.parametrize(
    "source",
    [
        twice("Base", "2", ""),
        twice("Base", "2, **kwargs", "", parameters="rank, size=1, **kwargs"),
        twice("Base", "2, **kwargs", "", before='kwargs.pop("rank", None)'),
        twice("Base", "*size, **kwargs", ""),
        twice("layers.Layer", 'name="subject"', ""),
        twice("layers.Layer", 'name="subject", **kwargs', "", before='kwargs.pop("name", None)'),
        twice("layers.Layer", 'name="subject", **rest(kwargs)', "", before="pass"),
        twice("layers.Layer", 'name="subject", **kwargs', "", before='kwargs = without(kwargs, "name")'),
        twice("layers.Layer", "name=name, **kwargs", "", parameters="size=1, name=None, **kwargs"),
        twice("layers.Layer", 'activity_regularizer="l2", **kwargs', ""),
        # It may be an object, so that saving raises.
        twice("layers.Layer", 'name="subject", **kwargs', "", parameters="size, **kwargs"),
        # For subclasses to call.
        twice(
            "layers.Layer",
            'name="subject", **kwargs',
            "",
            more="    def call(self, x):\n        raise NotImplementedError\n",
        ),
        # Loading raises for what is missing (KLL302).
        twice("Base", "2, **kwargs", "", parameters="size, **kwargs"),
        # Saving raises.
        twice("layers.Layer", 'name="subject", **kwargs', "", parameters="size: layers.Layer, **kwargs"),
        # Loading raises for what is missing (KLL301).
        twice("layers.Conv2D", "4, 3, **kwargs", "", parameters="size, **kwargs"),
        # Keras makes the config from the layers of such a model.
        twice("keras.Model", 'inputs=size, outputs=size, name="subject", **kwargs', ""),
    ],
)
def test_not_passed_twice(source: str, keras: str) -> None:
    assert messages(CODE, source, keras) == []


@pytest.mark.parametrize(
    ("source", "told_in"),
    [
        # The config of a Model that overrides `get_config` is empty in Keras 2.
        (twice("keras.Model", 'name="subject", **kwargs', more=CONFIG), "3"),
        # A catch-all of another name: Keras 2 saves none of these, Keras 3 all but the name.
        (twice("layers.Layer", "trainable=False, **rest", parameters="size=1, **rest"), "3"),
        (twice("layers.Layer", 'name="subject", **rest', parameters="size=1, **rest"), ""),
        # Keras 3 makes no config of a Model with required arguments.
        (twice("keras.Model", 'name="subject", **kwargs', parameters="size: int, **kwargs"), "2"),
    ],
)
def test_passed_twice_in_one_generation(source: str, told_in: str) -> None:
    for keras in ("2", "3"):
        marked = source if keras in told_in else source.replace("  # KLL303", "")
        assert len(messages(CODE, marked, keras)) == (keras in told_in)


MISSPELT = """
class View(layers.Layer):
    def __init__(self, field_of_view=None, **kwargs):
        super().__init__(**kwargs)
        self.field = field_of_view

    def call(self, x):
        return x if self.field is None else x[: self.field]

    def get_config(self):
        return {**super().get_config(), "field_of_views": self.field}  # KLL303
"""


def test_a_misspelt_key_is_one_fault() -> None:
    assert messages(CODE, MISSPELT, "3") == [
        "error: `View.get_config()` returns `'field_of_views'`, which neither `__init__` nor `Layer` takes: loading "
        "raises an error; the argument is `field_of_view`"
    ]
    assert messages("KLL302", MISSPELT.replace("  # KLL303", ""), "3") == []


def test_another_key_beside_the_right_one_is_not_misspelt() -> None:
    both = MISSPELT.replace('"field_of_views"', '"field_of_view": self.field, "field_of_views"')
    (message,) = messages(CODE, both, "3")
    assert message.endswith("raises an error")


MIXIN = """
class Drop:
    def __init__(self, prob=0.5):
        self.prob = prob


class DropDense(Drop, layers.Dense):
    def __init__(self, units, prob=0.5, **kwargs):
        Drop.__init__(self, prob=prob)
        layers.Dense.__init__(self, units, **kwargs)

    def get_config(self):
        return {"prob": self.prob, **layers.Dense.get_config(self)}
"""


@pytest.mark.parametrize("keras", ["2", "3"])
def test_keywords_travel_past_a_mixin(keras: str) -> None:
    assert messages(CODE, MIXIN, keras) == []
    wrong = MIXIN.replace('{"prob"', '{"width": 1, "prob"').replace("(self)}", "(self)}  # KLL303")
    assert len(messages(CODE, wrong, keras)) == 1


RAISES = """
class Focal(keras.losses.Loss):
    def __init__(self, classes=2, focal=False, **kwargs):
        super().__init__(**kwargs)
        self.classes = classes
        self.focal = focal

    def call(self, y_true, y_pred):
        return y_true - y_pred if self.focal else y_true + y_pred

    def get_config(self):
        config = super().get_config()
        config.update(gamma=self.gamma, classes=self.classes, width=2)  # here
        return config
"""


@pytest.mark.parametrize(("code", "told"), [("KLL302", False), ("KLL303", False), ("KLL310", True)])
def test_what_get_config_reads_and_nothing_sets_raises_first(code: str, told: bool) -> None:
    assert len(messages(code, RAISES.replace("here", code if told else ""), "2")) == told


@pytest.mark.parametrize("name", ["name", "reduction"])
def test_what_a_loss_has_is_set(name: str) -> None:
    source = RAISES.replace("gamma=self.gamma", f"{name}=self.{name}").replace("width=2", "focal=self.focal")
    assert messages("KLL310", source, "2") == []


def test_what_is_required_and_misspelt_is_one_finding() -> None:
    required = MISSPELT.replace("field_of_view=None", "field_of_view")
    assert messages("KLL302", required.replace("  # KLL303", ""), "3") == []
    assert len(messages("KLL303", required, "3")) == 1


def test_a_key_that_makes_a_model_is_not_misspelt() -> None:
    model = (
        MISSPELT.replace("layers.Layer", "keras.Model").replace("field_of_views", "layers").replace("  # KLL303", "")
    )
    assert messages(CODE, model, "3") == []
    assert len(messages("KLL302", model.replace("get_config(self):", "get_config(self):  # KLL302"), "3")) == 1
