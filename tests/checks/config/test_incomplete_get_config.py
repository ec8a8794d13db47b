from __future__ import annotations

from pathlib import Path

import pytest

from keras_layer_lint import Settings, lint_paths
from keras_layer_lint.model.layer import LayerClass
from keras_layer_lint.values.interpreter import Interpreter
from tests.checks.cases import messages, write

CODE = "KLL302"
INIT = """
class Scale(layers.Layer):
    def __init__(self, units, rate=0.1, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.rate = rate

    def get_config(self):{mark}
{body}
"""

RATE = "warning: `Scale.get_config()` leaves out `rate`: a reload silently brings the default"
UNITS = "error: `Scale.get_config()` leaves out `units`: loading raises TypeError for `units`"
BOTH = "error: `Scale.get_config()` leaves out `units`, `rate`: loading raises TypeError for `units`"


def scale(body: str, mark: str = "  # KLL302") -> str:
    return INIT.format(mark=mark, body="\n".join(f"        {line}" for line in body.splitlines()))


@pytest.mark.parametrize("keras", ["2", "3"])
@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("return super().get_config()", BOTH),
        ('return {**super().get_config(), "units": self.units}', RATE),
        ('return {"units": self.units, **super().get_config()}', RATE),
        ('return super().get_config() | {"rate": self.rate}', UNITS),
        ("return super().get_config() | dict(rate=self.rate)", UNITS),
        ("return dict(super().get_config(), units=self.units)", RATE),
        ("return dict(**super().get_config(), units=self.units)", RATE),
        ('base = super().get_config()\nreturn dict(list(base.items()) + [("units", self.units)])', RATE),
        (
            'base = super().get_config()\nconfig = {"units": self.units}\n'
            "return dict(list(base.items()) + list(config.items()))",
            RATE,
        ),
        ('config = super().get_config()\nconfig.update({"units": self.units})\nreturn config', RATE),
        ("config = super().get_config()\nconfig.update(units=self.units)\nreturn config", RATE),
        ('config = super().get_config()\nconfig["rate"] = self.rate\nreturn config', UNITS),
        ('config = super().get_config()\nconfig.setdefault("units", self.units)\nreturn config', RATE),
        (
            (
                'config = super().get_config()\nfor name in ("units",):\n    config[name] = getattr(self, name)\n'
                "return config"
            ),
            RATE,
        ),
        ('config = super().get_config()\nconfig |= {"units": self.units}\nreturn config', RATE),
        ('config = {n: getattr(self, n) for n in ("units",)}\nreturn {**super().get_config(), **config}', RATE),
        ('config = {"units": 1, "rate": 2}\ndel config["rate"]\nreturn {**super().get_config(), **config}', RATE),
        ('config = layers.Layer.get_config(self)\nconfig["units"] = self.units\nreturn config', RATE),
    ],
)
def test_forms_of_merging(body: str, expected: str, keras: str) -> None:
    assert messages(CODE, scale(body), keras) == [expected]


@pytest.mark.parametrize(
    "body",
    [
        'return {**super().get_config(), "units": self.units, "rate": self.rate}',
        (
            'config = super().get_config()\nif self.rate:\n    config["rate"] = self.rate\nconfig["units"] = 1\n'
            "return config"
        ),
        "config = super().get_config()\nconfig.update(self._extra)\nreturn config",
        "return {**super().get_config(), **self.__dict__}",
        "config = super().get_config()\nconfig.update({n: getattr(self, n) for n in self.fields})\nreturn config",
        "return make_config(self)",
        "return self._config",
        'raise NotImplementedError("cannot be saved")',
    ],
)
def test_silent_where_keys_are_complete_or_unknown(body: str) -> None:
    assert messages(CODE, scale(body, mark=""), "3") == []


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param(
            """
            class Kept(layers.Layer):
                def __init__(self, units, rate=0.1, **kwargs):
                    super().__init__(**kwargs)
                    self.dropout = layers.Dropout(rate)
                    self._config = {"units": units}

                def get_config(self):  # KLL302
                    return self._config
            """,
            ["warning: `Kept.get_config()` leaves out `rate`: a reload silently brings the default"],
            id="a dict made in __init__",
        ),
        pytest.param(
            """
            class Base(layers.Layer):
                def __init__(self, units, **kwargs):
                    super().__init__(**kwargs)
                    self.units = units

                def get_config(self):
                    return {**super().get_config(), "units": self.units}


            class Derived(Base):
                def __init__(self, rate, **kwargs):  # KLL302
                    super().__init__(**kwargs)
                    self.rate = rate
            """,
            [
                "error: `Derived.get_config()` is inherited and leaves out `rate`: loading raises TypeError for `rate`",
            ],
            id="inherited config",
        ),
        pytest.param(
            """
            class Wide(layers.Dense):
                def __init__(self, units, gain=1.0, **kwargs):
                    super().__init__(units, **kwargs)
                    self.gain = gain

                def get_config(self):  # KLL302
                    return super().get_config()
            """,
            ["warning: `Wide.get_config()` leaves out `gain`: a reload silently brings the default"],
            id="base is a built-in layer",
        ),
    ],
)
def test_reported(source: str, expected: list[str]) -> None:
    assert messages(CODE, source, "3") == expected


@pytest.mark.parametrize(
    "source",
    [
        pytest.param(
            """
            class Pack(layers.Layer):
                def __init__(self, start=None, end=None, tokens=None, **kwargs):
                    super().__init__(**kwargs)
                    self._take(start, end, tokens=tokens)

                def _take(self, start, end, tokens):
                    if tokens is None:
                        self.start, self.end = start, end
                    else:
                        self.start = int(tokens["start"])
                        self.end = int(tokens["end"])

                def get_config(self):
                    config = super().get_config()
                    config["start"] = self.start
                    config["end"] = self.end
                    return config
            """,
            id="only shapes arguments that are saved",
        ),
        pytest.param(
            """
            class Entry(layers.Layer):
                def __init__(self, shape=None, batch_size=None, batch_shape=None, **kwargs):
                    super().__init__(**kwargs)
                    if batch_shape is None:
                        batch_shape = (batch_size, *shape)
                    self._batch_shape = tuple(batch_shape)

                @property
                def batch_shape(self):
                    return self._batch_shape

                def get_config(self):
                    return {**super().get_config(), "batch_shape": self.batch_shape}
            """,
            id="derived, saved as another argument through a property",
        ),
        pytest.param(
            """
            class Head(layers.Layer):
                def __init__(self, units, unused=False, refused=None, **kwargs):
                    del unused
                    super().__init__(**kwargs)
                    if refused is not None:
                        raise ValueError("refused is not supported")
                    self.units = units

                def get_config(self):
                    return {**super().get_config(), "units": self.units}
            """,
            id="without use, or refused",
        ),
        pytest.param(
            """
            class Backbone(keras.Model):
                def __init__(self, width, weights=None, **kwargs):
                    inputs = keras.Input((8,))
                    super().__init__(inputs=inputs, outputs=layers.Dense(width)(inputs), **kwargs)
                    if weights is not None:
                        self.load_weights(weights)
                    self.width = width

                def get_config(self):
                    return {"width": self.width, "name": self.name, "trainable": self.trainable}
            """,
            id="first values of the weights",
        ),
        pytest.param(
            """
            class Task(keras.Model):
                def __init__(self, width, compile=True, **kwargs):
                    inputs = keras.Input((8,))
                    super().__init__(inputs=inputs, outputs=layers.Dense(width)(inputs), **kwargs)
                    self.width = width
                    if compile:
                        self.compile()

                def get_config(self):
                    return {"width": self.width, "name": self.name, "trainable": self.trainable}
            """,
            id="whether it is compiled",
        ),
        pytest.param(
            """
            class BaseConv(layers.Layer):
                def __init__(self, rank, **kwargs):
                    super().__init__(**kwargs)
                    self.rank = rank

                def call(self, x):
                    return x * self.rank

                def get_config(self):
                    return super().get_config()
            """,
            id="a base by its name",
        ),
        pytest.param(
            """
            class Augmentation(layers.Layer):
                def __init__(self, seed=None, **kwargs):
                    super().__init__(**kwargs)
                    if seed is not None:
                        self._generator = keras.random.SeedGenerator(seed)
                    else:
                        self._generator = keras.random.SeedGenerator()

                def call(self, x):
                    return x * 2

                def get_config(self):
                    return super().get_config()
            """,
            id="what it makes is not read",
        ),
        pytest.param(
            """
            class Diffuser(layers.Layer):
                def __init__(self, data_format="channels_last", **kwargs):
                    super().__init__(**kwargs)
                    if data_format != "channels_last":
                        raise NotImplementedError
                    self.axis = -1 if data_format == "channels_last" else 1

                def get_config(self):
                    return super().get_config()
            """,
            id="one value is taken",
        ),
        pytest.param(
            """
            class Update(layers.Layer):
                def __init__(self, nodes=None, edges=None, **kwargs):
                    super().__init__(**kwargs)
                    self.nodes = nodes
                    self.edges = edges

                def call(self, x):
                    return self.nodes["a"](self.edges["a"](x))

                def get_config(self):
                    return dict(**{"nodes/" + key: value for key, value in self.nodes.items()}, **super().get_config())
            """,
            id="keys of which some cannot be read",
        ),
        pytest.param(
            """
            class Stack(layers.Layer):
                def __init__(self, sizes=None, pairs=None, **kwargs):
                    super().__init__(**kwargs)
                    if sizes is not None:
                        self.pairs = [(size, "relu") for size in sizes]
                    else:
                        self.pairs = pairs

                def get_config(self):
                    kept = []
                    for pair in self.pairs:
                        kept.append(list(pair))
                    return {**super().get_config(), "pairs": kept}
            """,
            id="another way to write an argument that is saved",
        ),
        pytest.param(
            """
            class Tokenizer(layers.Layer):
                def __init__(self, vocabulary=None, lowercase=True, **kwargs):
                    super().__init__(**kwargs)
                    self.lowercase = lowercase
                    self.set_vocabulary(vocabulary)

                def set_vocabulary(self, vocabulary):
                    self.vocabulary = vocabulary

                def save_assets(self, folder):
                    with open(folder + "/vocabulary.txt", "w") as file:
                        file.write("\\n".join(self.vocabulary))

                def load_assets(self, folder):
                    self.set_vocabulary(open(folder + "/vocabulary.txt").read().split())

                def get_config(self):
                    return {**super().get_config(), "lowercase": self.lowercase}
            """,
            id="saved in a file beside the config",
        ),
        pytest.param(
            """
            class Pooling(layers.Layer):
                def __init__(self, reduce, size, **kwargs):
                    super().__init__(**kwargs)
                    self.reduce = reduce
                    self.size = size

                def call(self, inputs):
                    return self.reduce(inputs, axis=1)

                def get_config(self):
                    return {**super().get_config(), "size": self.size}


            class MaxPooling(Pooling):
                def __init__(self, size, **kwargs):
                    super().__init__(tf.reduce_max, size, **kwargs)
            """,
            id="decided by every subclass",
        ),
        pytest.param(
            """
            class Mechanism(layers.Layer):
                def __init__(self, score, **kwargs):
                    super().__init__(**kwargs)
                    self.score = score

                def call(self, inputs):
                    return self._weigh(inputs)

                def _weigh(self, inputs):
                    raise NotImplementedError

                def get_config(self):
                    return super().get_config()
            """,
            id="abstract",
        ),
        pytest.param(
            """
            class Rebuilt(layers.Layer):
                def __init__(self, inner, **kwargs):
                    super().__init__(**kwargs)
                    self.inner = inner

                def get_config(self):
                    return {**super().get_config(), "inner_config": self.inner.get_config()}

                @classmethod
                def from_config(cls, config):
                    inner = layers.Dense.from_config(config.pop("inner_config"))
                    return cls(inner=inner, **config)
            """,
            id="from_config supplies it",
        ),
        pytest.param(
            """
            class Popped(layers.Layer):
                def __init__(self, **kwargs):
                    self.steps = kwargs.pop("steps", 1)
                    self.mode = kwargs.get("mode")
                    super().__init__(**kwargs)

                def get_config(self):
                    return {**super().get_config(), "steps": self.steps}
            """,
            id="taken out of kwargs",
        ),
        pytest.param(
            """
            def configured(cls):
                return completed(cls)


            @configured
            class Decorated(layers.Layer):
                def __init__(self, units, **kwargs):
                    super().__init__(**kwargs)
                    self.units = units

                def get_config(self):
                    return super().get_config()
            """,
            id="a decorator that may add to it",
        ),
        pytest.param(
            """
            class Fixed(layers.Dense):
                def __init__(self, units=512, activation="relu", **kwargs):
                    super().__init__(units=units, activation=activation, **kwargs)

                def get_config(self):
                    return super().get_config()
            """,
            id="arguments of the built-in base",
        ),
    ],
)
def test_silent(source: str) -> None:
    assert messages(CODE, source, "3") == []


BASE = """
class Base(layers.Layer):
    def __init__(self, units, rate=0.1, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.rate = rate

    def get_config(self):
        return {**super().get_config(), "units": self.units%s}
"""


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ("", ["warning: `Derived.get_config()` leaves out `rate`: a reload silently brings the default"]),
        (', "rate": self.rate', []),
    ],
)
def test_base_in_another_file(tmp_path: Path, more: str, expected: list[str]) -> None:
    write(tmp_path, {"package/__init__.py": "from .base import Base", "package/base.py": BASE % more})
    mark = "  # KLL302" if expected else ""
    source = f"""
    from package import Base


    class Derived(Base):
        def __init__(self, depth, **kwargs):
            super().__init__(**kwargs)
            self.depth = depth

        def get_config(self):{mark}
            config = super().get_config()
            config["depth"] = self.depth
            return config
    """
    assert messages(CODE, source, "3", tmp_path / "derived.py") == expected


MANY = """
class Many(layers.Layer):
    def __init__(self, units, groups, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.groups = groups

    def get_config(self):
        return {{**super().get_config(), "units": self.units, "groups": self.groups}}


class One(Many):
    def __init__(self, units, **kwargs):
        {init}

    def get_config(self):{mark}
        config = super().get_config()
        config.pop("groups", None)
        return config
"""


@pytest.mark.parametrize("keras", ["2", "3"])
@pytest.mark.parametrize(
    "init",
    [
        "super().__init__(units, groups=1, **kwargs)",
        "super().__init__(units, 1, **kwargs)",
        'kwargs["groups"] = 1; super().__init__(units, **kwargs)',
        'kwargs["units"] = units; kwargs["groups"] = 1; super().__init__(**kwargs)',
        "kwargs.update(groups=1); super().__init__(units, **kwargs)",
        'kwargs.update({"groups": 1}); super().__init__(units, **kwargs)',
        'super().__init__(units, **{**kwargs, "groups": 1})',
        "super().__init__(units, **dict(kwargs, groups=1))",
        'kwargs.pop("groups", None); super().__init__(units, groups=1, **kwargs)',
    ],
)
def test_what_a_subclass_sets_itself_is_not_saved(init: str, keras: str) -> None:
    assert messages(CODE, MANY.format(init=init, mark=""), keras) == []


@pytest.mark.parametrize(
    "init",
    [
        "super().__init__(units, **kwargs)",
        'kwargs.setdefault("groups", 1); super().__init__(units, **kwargs)',
        'kwargs["name"] = "one"; super().__init__(units, **kwargs)',
    ],
)
def test_what_the_caller_may_set_is_saved(init: str) -> None:
    assert messages(CODE, MANY.format(init=init, mark="  # KLL302"), "3") == [
        "error: `One.get_config()` leaves out `groups`: loading raises TypeError for `groups`"
    ]


HEADS = """
class Heads(layers.Layer):
    def __init__(self, layer, copies=1, rate=0.1, **kwargs):
        super().__init__(**kwargs)
        self.rate = rate
        if isinstance(layer, list):
            self.heads = layer
            self.copies = {given}
        else:
            self.heads = [layer for _ in range(copies)]
            self.copies = copies

    def get_config(self):{mark}
        return {{**super().get_config(), "rate": self.rate, "heads": [layers.serialize(h) for h in self.heads]}}

    @classmethod
    def from_config(cls, config, custom_objects=None):
        heads = [layers.deserialize(head) for head in config.pop("heads")]
        return {made}
"""


@pytest.mark.parametrize(
    ("made", "given"),
    [
        ("cls(heads, **config)", "len(layer)"),
        ("cls(layer=heads, **config)", "len(layer)"),
        ("cls(heads, len(heads), **config)", "len(layer)"),
        ("cls(heads, copies=len(heads), **config)", "3"),
    ],
)
def test_what_from_config_derives_is_not_saved(made: str, given: str) -> None:
    assert messages(CODE, HEADS.format(made=made, given=given, mark=""), "3") == []


def test_what_from_config_does_not_derive_is_lost() -> None:
    source = HEADS.replace('"rate": self.rate, ', "").format(made="cls(heads, **config)", given="0", mark="  # KLL302")
    assert messages(CODE, source, "3") == [
        "warning: `Heads.get_config()` leaves out `rate`: a reload silently brings the default"
    ]


@pytest.mark.parametrize(
    "lost",
    [
        "dict(config).update({'size': self.size})",
        "config.copy().update(size=self.size)",
        "copy.deepcopy(config).update(size=self.size)",
        "super().get_config().update(size=self.size)",
        "{**config, 'size': self.size}",
        "config | {'size': self.size}",
        "other = {'size': self.size}\n        other.update(config)",
    ],
)
def test_computed_and_thrown_away(lost: str) -> None:
    source = f"""
import copy


class Crop(layers.Layer):
    def __init__(self, size, **kwargs):
        super().__init__(**kwargs)
        self.size = size

    def call(self, inputs):
        return inputs[:, : self.size]

    def get_config(self):  # KLL302
        config = super().get_config()
        {lost}
        return config
"""
    assert len(messages(CODE, source, "3")) == 1


REFUSED = """
class Leaf(layers.Layer):
    def __init__(self, scale=1.0, location=0.0, **kwargs):
        super().__init__(**kwargs)
        self.scale = scale
        self.location = location

    def call(self, x):
        return x * self.scale + self.location

    def get_config(self):  # KLL302
        return {**super().get_config(), "scale": self.scale}


class Laplace(Leaf):
    def __init__(self, rate=1.0, **kwargs):  # KLL302
        super().__init__(scale=2.0, **kwargs)
        self.rate = rate


class Written(Leaf):
    def __init__(self, rate=1.0, **kwargs):
        super().__init__(**kwargs)
        self.rate = rate

    def get_config(self):  # KLL302
        return {**super().get_config(), "rank": 3}
"""


@pytest.mark.parametrize("keras", ["2", "3"])
def test_nothing_is_silent_where_loading_raises_for_another_key(keras: str) -> None:
    plain, given, written = messages(CODE, REFUSED, keras)
    assert plain.endswith("`location`: a reload silently brings the default")
    assert given.endswith("leaves out `rate`: the default after a reload, once loading no longer raises for `scale`")
    assert written.endswith("leaves out `rate`: the default after a reload, once loading no longer raises for `rank`")


@pytest.mark.parametrize("statement", ['config.pop("rate")', 'config.pop("rate", None)', 'del config["rate"]'])
@pytest.mark.parametrize("is_own", [True, False])
def test_what_a_subclass_takes_out_of_the_config_it_inherits(statement: str, is_own: bool) -> None:
    whole = scale('return {**super().get_config(), "units": self.units, "rate": self.rate}', "")
    own = (
        ""
        if not is_own
        else "    def __init__(self, units, rate=0.1, **kwargs):\n        super().__init__(units, rate)\n"
    )
    source = f"""{whole}

class Fixed(Scale):
{own}
    def get_config(self):{"  # KLL302" if is_own else ""}
        config = super().get_config()
        {statement}
        return config
"""
    assert (messages(CODE, source, "3") != []) is is_own


OWN_SIZE = """
class Kept(layers.Layer):
    def __init__(self, input_dim{default}, **kwargs):
        super().__init__({given}**kwargs)
        self.wide = input_dim > 4
        self.dense = layers.Dense(input_dim)

    def get_config(self):{mark}
        return super().get_config()
"""


@pytest.mark.parametrize(
    ("default", "given", "reported"),
    [("", "", True), ("=4", "", False), ("", "input_dim=input_dim, ", False)],
)
def test_an_argument_that_keras_takes_too_and_saves_nowhere(default: str, given: str, reported: bool) -> None:
    source = OWN_SIZE.format(default=default, given=given, mark="  # KLL302" if reported else "")
    told = "error: `Kept.get_config()` leaves out `input_dim`: loading raises TypeError for `input_dim`"
    assert messages(CODE, source, "2") == messages(CODE, source, "3") == [told] * reported


REPLACED = """
class Kept(layers.Layer):
    def __init__(self, size=4, encoder=None, **kwargs):
        super().__init__(**kwargs)
        self.size = size
        if encoder{test}:
            self.encoder = encoder
            {again}
        else:
            self.encoder = layers.Dense({made})
        {rest}

    def call(self, inputs):
        return self.encoder(inputs) * self.size

    def get_config(self):{mark}
        return {{**super().get_config(), "encoder": keras.saving.serialize_keras_object(self.encoder)}}

    @classmethod
    def from_config(cls, config):
        config["encoder"] = keras.saving.deserialize_keras_object(config["encoder"])
        return cls(**config)
"""


@pytest.mark.parametrize(
    ("test", "again", "rest", "reported"),
    [
        ("", "self.size = self.encoder.units", "pass", False),
        (" is not None", "self.size = encoder.units", "pass", False),
        ("", "pass", "pass", True),
        (" is None", "self.size = 1", "pass", True),
        ("", "self.size = size + encoder.units", "pass", True),
        ("", "self.size = encoder.units", "self.out = layers.Dense(size)", True),
        (" is not None and size > 4", "self.size = encoder.units", "pass", True),
    ],
)
def test_an_argument_that_another_one_replaces(test: str, again: str, rest: str, reported: bool) -> None:
    mark = "  # KLL302" if reported else ""
    source = REPLACED.format(test=test, again=again, rest=rest, made="size", mark=mark)
    told = "warning: `Kept.get_config()` leaves out `size`: a reload silently brings the default"
    assert messages(CODE, source, "3") == [told] * reported


@pytest.mark.parametrize(
    ("body", "reported"),
    [("return", False), ("pass", False), ('"""Not yet."""', False), ("return None", False), ("return inputs", True)],
)
def test_a_call_that_is_not_written_yet(body: str, reported: bool) -> None:
    source = f"""
class Stub(layers.Layer):
    def __init__(self, size, **kwargs):
        super().__init__(**kwargs)
        self.size = size

    def call(self, inputs):
        {body}

    def get_config(self):{"  # KLL302" if reported else ""}
        return super().get_config()
"""
    told = "error: `Stub.get_config()` leaves out `size`: loading raises TypeError for `size`"
    assert messages(CODE, source, "3") == [told] * reported


def test_a_call_that_the_class_does_without() -> None:
    source = """
class Weighted(keras.losses.Loss):
    def __init__(self, size, **kwargs):
        super().__init__(**kwargs)
        self.size = size

    def __call__(self, y_true, y_pred, sample_weight=None):
        return y_pred * self.size

    def call(self, y_true, y_pred):
        pass

    def get_config(self):  # KLL302
        return super().get_config()
"""
    told = "error: `Weighted.get_config()` leaves out `size`: loading raises TypeError for `size`"
    assert messages(CODE, source, "2") == [told]


INHERITED = """
class ScaleBase(layers.Layer):
    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        self.units = units

    def get_config(self):
        return super().get_config()

    {work}


class Scale(ScaleBase):{mark}
    {own}

    def call(self, x):
        return x * self.units
"""


@pytest.mark.parametrize("work", ["pass", "def call(self, x):\n        raise NotImplementedError"])
def test_the_class_that_completes_a_base(work: str) -> None:
    told = messages(CODE, INHERITED.format(work=work, own="pass", mark="  # KLL302"), "3")
    assert told == [
        "error: `Scale.get_config()` is inherited and leaves out `units`: loading raises TypeError for `units`"
    ]


def test_a_base_that_is_told_of_itself() -> None:
    text = INHERITED.format(work="pass", own="pass", mark="").replace("ScaleBase", "Plain")
    messages(CODE, text.replace("def get_config(self):", "def get_config(self):  # KLL302"), "3")


def test_a_base_whose_arguments_the_class_settles() -> None:
    own = "def __init__(self, **kwargs):\n        super().__init__(units=4, **kwargs)"
    assert messages(CODE, INHERITED.format(work="pass", own=own, mark=""), "3") == []


SCALED = """
class Scale(layers.Layer):
    def __init__(self, units, rate=0.1, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.rate = rate

    def call(self, inputs):
        return inputs * self.rate * self.units

    def get_config(self):{mark}
        return {{**super().get_config(), "units": self.units}}
"""
DERIVED = """
class {name}(Scale):
    def __init__(self, {own}**kwargs):
        super().__init__(**kwargs)
        self.limit = limit

    def get_config(self):{mark}
        return {{{base}"limit": self.limit}}
"""


def derived(name: str, *, base: str = "**super().get_config(), ", own: str = "limit, ", mark: str = "") -> str:
    return DERIVED.format(name=name, base=base, own=own, mark=mark)


def test_an_argument_of_a_base_is_told_at_the_base() -> None:
    more = derived("First") + derived("Second") + "\n\nclass Third(Scale):\n    pass\n"
    assert messages(CODE, SCALED.format(mark="  # KLL302") + more, "3") == [RATE]


def test_a_class_that_leaves_out_what_its_base_has_is_told_of_it() -> None:
    of_base = derived("First", base="**layers.Layer.get_config(self), ", mark="  # KLL302")
    own = derived("Second", own="limit, speed=1, ", mark="  # KLL302")
    own = own.replace("limit = limit", "limit = limit\n        self.speed = speed")
    told = messages(CODE, SCALED.format(mark="  # KLL302") + of_base + own, "3")
    assert told[0] == RATE
    assert "`First.get_config()` leaves out `units`, `rate`" in told[1] or "`rate`, `units`" in told[1]
    assert "`Second.get_config()` leaves out `speed`:" in told[2]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("rate=rate", []),
        ("units=3, rate=rate", []),
        ("3, rate", []),
        ("rate=2 * rate", ["rate"]),
        ("rate", ["rate"]),  # which is taken as units
    ],
)
def test_an_argument_that_is_handed_to_the_base(given: str, told: list[str]) -> None:
    source = f"""
class Own(Scale):
    def __init__(self, rate=0.2, **kwargs):{"  # KLL302" if told else ""}
        super().__init__({given}, **kwargs)
        self.more = rate
"""
    found = messages(CODE, SCALED.format(mark="  # KLL302") + source, "3")
    assert [each for each in found if "`Own" in each and "`rate`" not in each] == []
    assert ["rate" for each in found if "`Own" in each] == told


def test_an_argument_that_only_the_class_requires() -> None:
    source = """
class Own(Scale):
    def __init__(self, rate, **kwargs):  # KLL302
        super().__init__(rate=rate, **kwargs)
"""
    _, found = messages(CODE, SCALED.format(mark="  # KLL302") + source, "3")
    assert found.startswith("error: `Own.get_config()` is inherited and leaves out `rate`: loading raises TypeError")


@pytest.mark.parametrize(("is_project", "told"), [(True, []), (False, ["rate"])])
def test_an_argument_of_a_base_in_another_file(tmp_path: Path, is_project: bool, told: list[str]) -> None:
    package = "pkg" if is_project else "other"
    first = f"from {package}.base import Scale\n{derived('First')}"
    write(tmp_path, {"pkg/__init__.py": "", f"{package}/base.py": SCALED.format(mark=""), "pkg/first.py": first})
    (tmp_path / package / ("py.typed" if is_project else "setup.py")).touch()
    settings = Settings(select=(CODE,), keras=("3",), root=str(tmp_path))
    found = lint_paths([tmp_path / "pkg" / "first.py"], settings).diagnostics
    assert [name for each in found for name in ("rate", "units") if f"`{name}`" in each.message] == told


@pytest.mark.parametrize(
    "made",
    [
        "if matrix is None:\n            self.matrix = make(nodes)\n        else:\n            self.matrix = matrix",
        "if matrix:\n            self.matrix = matrix\n        else:\n            self.matrix = make(nodes)",
        "if matrix is None:\n            matrix = make(nodes)\n        self.matrix = matrix",
        "self.matrix = make(nodes) if matrix is None else matrix",
    ],
)
def test_an_argument_that_stands_in_for_another(made: str) -> None:
    source = f"""
def make(nodes):
    return [[1.0] * nodes] * nodes


class Mixed(layers.Layer):
    def __init__(self, matrix=None, nodes=3, **kwargs):
        super().__init__(**kwargs)
        {made}

    def call(self, inputs):
        return inputs @ self.matrix

    def get_config(self):
        return {{**super().get_config(), "matrix": self.matrix}}
"""
    assert messages(CODE, source, "3") == []


UNFINISHED = """
class Quantizer(layers.Layer):
    def __init__(self, *args, metrics=None, **kwargs):{mark}
        super().__init__(*args, **kwargs)
        self.kept = metrics

    def call(self, inputs):
        return self.quantize(inputs * 2 if self.kept else inputs)

    def quantize(self, inputs):
        raise NotImplementedError
"""
FINISHED = """
class {name}(Quantizer):
    def __init__(self, limit, **kwargs):
        super().__init__(**kwargs)
        self.limit = limit

    def quantize(self, inputs):
        return inputs * self.limit

    def get_config(self):{mark}
        return {{**super().get_config(), "limit": self.limit{more}}}
"""


def finished(name: str, *, more: str = "", mark: str = "") -> str:
    return FINISHED.format(name=name, more=more, mark=mark)


def test_an_argument_of_an_unfinished_base_is_told_once() -> None:
    saved = finished("Third", more=', "metrics": self.kept')
    source = UNFINISHED.format(mark="  # KLL302") + finished("First") + finished("Second") + saved
    assert messages(CODE, source, "3") == [
        (
            "warning: `Quantizer.get_config()` is inherited and leaves out `metrics`: a reload silently brings the "
            "default, in 2 classes that derive from it"
        )
    ]


ON_A_DEVICE = """
class Placed(layers.Layer):
    def __init__(self, device="cpu", **kwargs):
        super().__init__(**kwargs)
        self.device = device


class {base}(Placed):
    def __init__(self, seed=None, **kwargs):
        super().__init__(**kwargs)
        self.seed = seed

    def call(self, inputs):{call}

    def get_config(self):  # KLL302
        return {{**super().get_config(), "seed": self.seed}}
"""
OF_A_DEVICE = """
class {name}({base}):
    def __init__(self, rate=0.1, **kwargs):
        super().__init__(**kwargs)
        self.rate = rate

    def call(self, inputs):
        return inputs * self.rate if self.device == "cpu" else inputs

    def get_config(self):
        return {{**super().get_config(), "rate": self.rate}}
"""


@pytest.mark.parametrize(
    ("base", "call", "more"),
    [
        ("Augmentation", "\n        return inputs", ""),
        ("BaseAugmentation", "\n        raise NotImplementedError", ", in 2 classes that derive from it"),
    ],
)
def test_an_argument_is_told_at_the_first_config_that_leaves_it_out(base: str, call: str, more: str) -> None:
    """`Placed` has none of its own: Keras makes one, which holds the argument."""
    derived = "".join(OF_A_DEVICE.format(name=name, base=base) for name in ("Crop", "Flip"))
    derived += f"\n\nclass Keep({base}):\n    def call(self, inputs):\n        return inputs\n"
    assert messages(CODE, ON_A_DEVICE.format(base=base, call=call) + derived, "3") == [
        f"warning: `{base}.get_config()` leaves out `device`: a reload silently brings the default{more}"
    ]


def test_an_argument_of_an_unfinished_base_that_one_class_loses() -> None:
    source = UNFINISHED.format(mark="") + finished("First", mark="  # KLL302")
    saved = finished("Second", more=', "metrics": self.kept')
    assert messages(CODE, source + saved, "3") == [
        "warning: `First.get_config()` leaves out `metrics`: a reload silently brings the default"
    ]


def test_an_unfinished_base_in_another_file(tmp_path: Path) -> None:
    module = "from base import Quantizer\n{source}"
    files = {"base.py": UNFINISHED.format(mark=""), "first.py": module.format(source=finished("First"))}
    write(tmp_path, {**files, "second.py": module.format(source=finished("Second"))})
    (tmp_path / "requirements.txt").touch()
    settings = Settings(select=(CODE,), keras=("3",), root=str(tmp_path))
    for paths in ([tmp_path], [tmp_path / "base.py"]):
        (found,) = lint_paths(paths, settings).diagnostics
        assert found.path.endswith("base.py")
        assert "in 2 classes" in found.message
    assert lint_paths([tmp_path / "first.py"], settings).diagnostics == ()


@pytest.mark.parametrize(
    ("parameters", "files", "severities"),
    [
        ("seed=None", {"requirements.txt": ""}, ["note"]),
        ("seed=None, noise_seed=3", {"requirements.txt": ""}, ["note"]),
        ("seed=None, rate=0.1", {"requirements.txt": ""}, ["warning"]),
        ("seed", {"requirements.txt": ""}, ["error"]),
        ("seeds=3", {"requirements.txt": ""}, ["warning"]),
        ("seed=None", {"pyproject.toml": "", "__init__.py": ""}, ["warning"]),  # others use it
    ],
)
def test_a_seed(tmp_path: Path, parameters: str, files: dict[str, str], severities: list[str]) -> None:
    kept = "".join(f"        self.{p.partition('=')[0]} = {p.partition('=')[0]}\n" for p in parameters.split(", "))
    source = (
        f"import keras\nclass Noise(keras.layers.Layer):\n    def __init__(self, {parameters}, **kwargs):\n"
        f"        super().__init__(**kwargs)\n{kept}\n"
        "    def call(self, x):\n        return x + keras.random.normal(keras.ops.shape(x), seed=self.seed)\n\n"
        "    def get_config(self):\n        return super().get_config()\n"
    ).replace("seed=self.seed)", f"seed=self.{parameters.partition('=')[0].partition(',')[0]})")
    for name, text in {"noise.py": source, **files}.items():
        (tmp_path / name).write_text(text)
    settings = Settings(select=(CODE,), keras=("3",), root=str(tmp_path), any_use=True)
    assert [one.severity.label for one in lint_paths([tmp_path], settings).diagnostics] == severities


def test_each_class_is_run_once(monkeypatch: pytest.MonkeyPatch) -> None:
    run: list[str] = []
    init = Interpreter.__init__

    def counted(self: Interpreter, layer: LayerClass, *, with_memory: bool = True) -> None:
        run.append(layer.name)
        init(self, layer, with_memory=with_memory)

    monkeypatch.setattr(Interpreter, "__init__", counted)
    derived = "\nclass {}(Scale):\n    def call(self, x):\n        return x * self.rate\n"
    config = "return super().get_config()"
    source = scale(config) + "".join(map(derived.format, ("First", "Second", "Third")))
    assert len(messages(CODE, source, "3")) == 1
    assert sorted(run) == ["First", "Scale", "Second", "Third"]
