"""KLL410: a loop of the project's own trains a model that it calls without `training=True`."""

from __future__ import annotations

from pathlib import Path

import pytest

from keras_layer_lint import Settings, lint_paths
from tests.checks.cases import assert_silent, assert_told, write

MODEL = """\
class Subject({base}):
    def __init__(self, rate=0.5, **kwargs):
        super().__init__(**kwargs)
        self.head = layers.Dense(1)
        {init}

    def call(self, inputs{takes}):
        return self.head({inner})


"""
LOOP = """\
model = {made}
optimizer = keras.optimizers.Adam()


def train_step(x, y):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.square(y - {call}))
    weights = model.{weights}
    optimizer.apply_gradients(zip(tape.gradient(loss, weights), weights))
    {more}
"""
HELD = """\
class Inner(layers.Layer):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.drop = layers.Dropout(0.5)

    def call(self, inputs{takes}):
        return self.drop(inputs)


"""
LIST = "self.parts = [layers.Dense(3), layers.BatchNormalization()]"
LOOPED = "[x := part(x) for part in self.parts][-1]"
ONE_CLASS = """\
class Trainer:
    def __init__(self):
        self.net = Subject()
        self.optimizer = keras.optimizers.Adam()

    @tf.function
    def step(self, x, y):
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(tf.square(y - {call}))
        weights = self.net.trainable_variables
        self.optimizer.apply_gradients(zip(tape.gradient(loss, weights), weights))
"""
HANDED = """\
def train_step(model, x, y, optimizer):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.square(y - model(x)))  # here
    weights = model.trainable_variables
    optimizer.apply_gradients(zip(tape.gradient(loss, weights), weights))


def main(data):
    net = Subject()
    for x, y in data:
        train_step({given}, x, y, keras.optimizers.Adam())
"""
END = "without `training=True`: its `{}` stays in inference mode, silently"


def model(
    init: str = "self.drop = layers.Dropout(rate)",
    inner: str = "self.drop(inputs)",
    takes: str = "",
    base: str = "keras.Model",
) -> str:
    return MODEL.format(init=init, inner=inner, takes=takes, base=base)


def loop(
    call: str = "model(x)))  # here",
    made: str = "Subject()",
    weights: str = "trainable_variables",
    more: str = "return loss",
) -> str:
    return LOOP.format(call=call, made=made, weights=weights, more=more).replace("# here))", "# here")


@pytest.mark.parametrize(
    ("source", "name"),
    [
        (model() + loop(), "Dropout"),
        (model(takes=", training=None", inner="self.drop(inputs, training=training)") + loop(), "Dropout"),
        (model(takes=", mask=None") + loop("model(x, y)))  # here"), "Dropout"),
        (model("self.norm = layers.BatchNormalization()", "self.norm(inputs)") + loop(), "BatchNormalization"),
        (model(base="layers.Layer") + loop(weights="trainable_weights"), "Dropout"),
        (
            model("self.net = keras.Sequential([layers.Dense(2), layers.Dropout(0.5)])", "self.net(inputs)") + loop(),
            "Dropout",
        ),
        (HELD.format(takes=", training=False") + model("self.part = Inner()", "self.part(inputs)") + loop(), "Dropout"),
        (HELD.format(takes="") + model("self.part = Inner()", "self.part(inputs)") + loop(), "Dropout"),
        (model() + loop(more="return model(x, training=False)"), "Dropout"),
        (model() + ONE_CLASS.format(call="self.net(x)))  # here").replace("# here))", "# here"), "Dropout"),
        (model() + HANDED.format(given="net"), "Dropout"),
        (model() + HANDED.format(given="Subject()"), "Dropout"),
    ],
)
def test_reported(source: str, name: str) -> None:
    assert_told("KLL410", source, END.format(name), END.format(name))


def test_list_of_layers() -> None:
    source = """\
    class Subject(keras.Model):
        def __init__(self):
            super().__init__()
            self.first = layers.Dense(3)
            self.norm = layers.BatchNormalization()
            self.parts = [self.first, self.norm]

        def call(self, x):
            for part in self.parts:
                x = part(x)
            return x


    """
    text = "\n".join(line.removeprefix("    ") for line in source.splitlines()) + "\n" + loop()
    assert_told("KLL410", text, END.format("BatchNormalization"), END.format("BatchNormalization"))


@pytest.mark.parametrize(
    "source",
    [
        model() + loop("model(x, training=True)"),
        model() + loop("model(x, training=training)"),
        model() + loop("model(x, **options)"),
        model() + loop("model(x, True)"),
        model(takes=", training=None") + loop("model(x, y)"),
        model(takes=", training=True", inner="self.drop(inputs, training=training)") + loop("model(x)"),
        model(inner="self.drop(inputs, training=True)") + loop("model(x)"),
        model("self.drop = layers.Dropout(0.0)") + loop("model(x)"),
        model("self.drop = layers.Dense(2)") + loop("model(x)"),
        model().replace("rate=0.5", "rate=0.0") + loop("model(x)"),
        model() + loop("model(x)", more="return model(x, training=True)"),  # as it is to stay for once
        model() + loop("model(x)", more="model.trainable = False"),
        model() + loop("model(x)", more="tf.keras.backend.set_learning_phase(1)"),
        model() + loop("model(x)", made="somebody_else()"),
        model() + loop("model(x)", made="Subject() if wide else somebody_else()"),
        model() + loop("model(x)", more="return loss\n\n\nmodel = somebody_else()"),
        model() + loop("model(x)").replace("GradientTape", "name_scope"),
        model()
        + loop("model(x)").replace("weights = model.trainable_variables", "weights = other.trainable_variables"),
        model(base="somewhere.Model") + loop("model(x)"),
        HELD.format(takes=", training=True") + model("self.part = Inner()", "self.part(inputs)") + loop("model(x)"),
        model() + HANDED.format(given="somebody_else()").replace("  # here", ""),
        model() + HANDED.format(given="net").replace("net = Subject()", "net = load()").replace("  # here", ""),
    ],
)
def test_silent(source: str) -> None:
    assert_silent("KLL410", source)


def test_loops_in_other_files_are_told_of_at_the_call(tmp_path: Path) -> None:
    write(tmp_path, {"models.py": model(), "main.py": "from models import *\n\n\n" + loop("model(x)")})
    write(tmp_path, {"other/models.py": model(), "other/main.py": "from models import Subject\n"})
    (tmp_path / "pyproject.toml").write_text("")
    found = lint_paths([tmp_path], Settings(keras=("2",), select=("KLL410",))).diagnostics
    assert [(each.path, each.message) for each in found] == [
        (
            str(tmp_path / "models.py"),
            f"the training in `train_step` in `main.py` calls `Subject` {END.format('Dropout')}",
        )
    ]
    assert (
        found[0].span.line == (tmp_path / "models.py").read_text().splitlines().index("    def call(self, inputs):") + 1
    )
