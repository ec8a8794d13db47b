"""KLL147: what is gone depends on the name it is imported by, and on the base class."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from keras_layer_lint import Settings, lint_source
from keras_layer_lint.keras.removed_api import is_removed, is_removed_from
from tests.checks import cases
from tests.checks.cases import assert_silent, assert_told, layer, write

HEAD = """
import keras
import tensorflow as tf
from keras import backend as K
from tensorflow.keras import backend as TK
from tensorflow.keras.layers import LocallyConnected1D


class Subject(BASE):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self._updates = []

    def call(self, x, training=None):
"""

REPORTED = [
    (
        "x = K.sum(x)",
        "`K.sum`: Keras 3 has no `keras.backend.sum`, so `call` raises AttributeError",
        "use `keras.ops.sum`",
    ),
    (
        "x = TK.in_train_phase(x, x)",
        "`TK.in_train_phase`: Keras 3 has no `tf.keras.backend.in_train_phase`",
        "write `if training:`",
    ),
    (
        "x = LocallyConnected1D(2, 2)(x)",
        "`LocallyConnected1D`: Keras 3 has no `tf.keras.layers.LocallyConnected1D`",
        "",
    ),
    ("n = keras.shape(x)[1]", "`keras.shape`: Keras 3 has no `keras.shape`", "use `keras.ops.shape`"),
    ("n = keras.ops.range(3)", "`keras.ops.range`: Keras 3 has no `keras.ops.range`", "use `keras.ops.arange`"),
    ("x = tf.keras.ops.concat([x], 0)", "`tf.keras.ops.concat`: Keras 3 has no", "use `keras.ops.concatenate`"),
    (
        "self.add_metric(x)",
        "`self.add_metric`: in Keras 3 layers have only a stub of it",
        "keep a `keras.metrics.Mean`",
    ),
    ("self.add_update(x)", "`self.add_update`: in Keras 3 layers do not have it", "assign to the weight"),
    ("x = x * self.input_shape[-1]", "`self.input_shape`: in Keras 3 layers do not have it", "keep what `build"),
    (
        "self._trainable_weights.append(x)",
        "`self._trainable_weights`: in Keras 3 layers do not have it",
        "use `add_weight`",
    ),
]

SILENT = [
    "x = TK.sum(x)",
    "x = x * K.epsilon()",
    "x = keras.ops.sum(tf.math.divide_no_nan(x, x))",
    "x = keras.ops.came_with_a_later_version(x)",
    "if hasattr(keras.ops, 'concat'):\n    x = keras.ops.concat([x], 0)",
    "self._updates.append(x)",
    "self.add_loss(x)",
    "x = x * self.trainable_weights[0]",
    "x = tf.cast(x, self.compute_dtype)",
    "try:\n    self.add_metric(x)\nexcept NotImplementedError:\n    pass",
    "if hasattr(self, 'add_update'):\n    self.add_update(x)",
]


def found(body: str, keras: str, base: str = "keras.layers.Layer") -> list[tuple[str, str]]:
    source = HEAD.replace("BASE", base) + textwrap.indent(body + "\nreturn x\n", " " * 8)
    diagnostics = lint_source(source, "subject.py", Settings(keras=(keras,), select=("KLL147",)))
    assert all(diagnostic.severity.label == "error" for diagnostic in diagnostics)
    return [(diagnostic.message, diagnostic.help) for diagnostic in diagnostics]


@pytest.mark.parametrize(("body", "message", "help_opens"), REPORTED)
def test_reported_for_keras_3_only(body: str, message: str, help_opens: str) -> None:
    ((said, helps),) = found(body, "3")
    assert said.startswith(message)
    assert helps.startswith(help_opens)
    assert found(body, "2") == []


@pytest.mark.parametrize("body", SILENT)
def test_silent(body: str) -> None:
    assert found(body, "3") == []


@pytest.mark.parametrize(
    ("body", "message", "instead"),
    [
        ("x = tf.divide_no_nan(x, x)", "TensorFlow has no `tf.divide_no_nan`", "use `tf.math.divide_no_nan`"),
        ("x = tf.relu(x)", "TensorFlow has no `tf.relu`", "use `tf.nn.relu`"),
    ],
)
@pytest.mark.parametrize("keras", ["2", "3"])
def test_what_stands_in_another_module_of_tensorflow(body: str, message: str, instead: str, keras: str) -> None:
    assert found(body, keras) == [(f"{message}, so `call` raises AttributeError", instead)]


@pytest.mark.parametrize(
    ("body", "message", "instead"),
    [
        ("x = tf.reduce_sun(x)", "TensorFlow has no `tf.reduce_sun`", "write `tf.reduce_sum`"),
        ("x = tf.keras.layers.Dnese(4)(x)", "Keras has no `tf.keras.layers.Dnese`", "write `tf.keras.layers.Dense`"),
        ("x = keras.optimisers.Adam()", "Keras has no `keras.optimisers`", "write `keras.optimizers`"),
        ("x = keras.ops.arrange(3)", "Keras has no `keras.ops.arrange`", "write `keras.ops.arange`"),
    ],
)
@pytest.mark.parametrize("keras", ["2", "3"])
def test_misspelt(body: str, message: str, instead: str, keras: str) -> None:
    assert found(body, keras) == [(f"{message}, so `call` raises AttributeError", instead)]


@pytest.mark.parametrize(("body", "module"), [("x = K.tf.abs(x)", "tf"), ("x = x * K.np.pi", "np")])
@pytest.mark.parametrize("keras", ["2", "3"])
def test_what_keras_backend_had_imported(body: str, module: str, keras: str) -> None:
    instead = {"tf": "import `tensorflow`", "np": "import `numpy`"}[module]
    since = " (from Keras 2.3 on)" if keras == "2" else ""
    message = f"Keras has no `keras.backend.{module}`, so `call` raises AttributeError{since}"
    assert found(body, keras) == [(message, instead)]


DECORATED = """
import tensorflow as tf


class Step(tf.keras.layers.Layer):
    @{decorator}
    def call(self, x):
        return x
"""


@pytest.mark.parametrize("decorator", ["tf.functin", "tf.functin(jit_compile=True)"])
@pytest.mark.parametrize("keras", ["2", "3"])
def test_misspelt_in_a_decorator(decorator: str, keras: str) -> None:
    source = DECORATED.format(decorator=decorator)
    (found,) = lint_source(source, "step.py", Settings(keras=(keras,), select=("KLL147",)))
    said = "TensorFlow has no `tf.functin`, so the module of `Step` cannot be imported: AttributeError"
    assert (found.span.line, found.message, found.help) == (6, said, "write `tf.function`")
    assert lint_source(DECORATED.format(decorator="tf.function"), "step.py", Settings(select=("KLL147",))) == ()


def test_base_class_decides() -> None:
    assert found("x = x * self.input_shape[-1]", "3", "keras.Model") == []
    assert found("if self.stateful:\n    x = x * 2.0", "3", "keras.layers.LSTM") == []
    assert found("if self.stateful:\n    x = x * 2.0", "3") != []
    assert found("x = x * self.input_shape[-1]", "3", "Unknown") == []


def test_tables() -> None:
    assert is_removed("keras.backend.sum")
    assert not is_removed("tensorflow.keras.backend.sum")
    assert is_removed("tensorflow.keras.backend.learning_phase")
    assert is_removed("tensorflow.keras.layers.experimental.preprocessing.Rescaling")
    assert not is_removed("keras.ops.sum")
    assert not is_removed("keras.layers.Dense")
    assert is_removed_from("keras.layers.Layer", "add_update")
    assert is_removed_from("keras.layers.Dense", "add_update")
    assert not is_removed_from("keras.Model", "optimizer")


KEPT = {
    "of a Lambda": "layers.Lambda(lambda v: K.expand_dims(v, axis=-1))",
    "of a Lambda by keyword": "layers.Lambda(function=lambda v: K.sum(v))",
    "of a function of the module": "layers.Lambda(summed)",
    "of an activation": "layers.Dense(4, activation=lambda v: K.relu(v))",
    "by position": "layers.Activation(lambda v: K.relu(v))",
    "itself": "layers.Lambda(K.sum)",
    "for later": "K.ctc_batch_cost",
    "in a list": "[K.sum, K.mean][0]",
    "in a dict": "{'s': K.sum}['s']",
    "in part": "functools.partial(K.sum, axis=-1)",
}
KEEPING = """
import functools

import keras
from keras import backend as K
from keras import layers


def summed(v):
    return K.sum(v)


class Subject(layers.Layer):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.f = {made}

    def call(self, x):
        return self.f(x)
"""


@pytest.mark.parametrize("made", KEPT.values(), ids=KEPT)
def test_functions_that_are_kept(made: str) -> None:
    source = KEEPING.format(made=made)
    found = lint_source(source, "subject.py", Settings(keras=("3",), select=("KLL147",)))
    assert found
    assert all("Keras 3 has no `keras.backend." in diagnostic.message for diagnostic in found)
    assert lint_source(source, "subject.py", Settings(keras=("2",), select=("KLL147",))) == ()


@pytest.mark.parametrize(
    "made",
    [
        "layers.Lambda(lambda v: keras.ops.expand_dims(v, axis=-1))",
        "layers.Lambda(lambda v, n: K.sum(v))",
        "layers.Dense(4, activation='relu')",
        "K.epsilon",
        "layers.Lambda(unknown)",
    ],
)
def test_functions_that_are_there(made: str) -> None:
    assert lint_source(KEEPING.format(made=made), "subject.py", Settings(keras=("3",), select=("KLL147",))) == ()


@pytest.mark.parametrize(
    ("base", "name"),
    [
        ("tf.keras.layers.AbstractRNNCell", "tf.keras.layers.AbstractRNNCell"),
        ("keras.layers.LocallyConnected2D", "keras.layers.LocallyConnected2D"),
        ("keras.layers.AbstractRNNCell", "keras.layers.AbstractRNNCell"),
    ],
)
def test_base_classes(base: str, name: str) -> None:
    source = (
        f"import keras\nimport tensorflow as tf\n\n\nclass Cell({base}):\n    def call(self, x):\n        return x\n"
    )
    (diagnostic,) = lint_source(source, "cell.py", Settings(keras=("3",), select=("KLL147",)))
    assert diagnostic.message.startswith(f"Keras 3 has no `{name}`, so the module of `Cell` cannot be imported")
    assert diagnostic.span.line == 5
    assert lint_source(source, "cell.py", Settings(keras=("2",), select=("KLL147",))) == ()


@pytest.mark.parametrize("keras", ["2", "3"])
@pytest.mark.parametrize(
    ("body", "name", "help_opens"),
    [
        ("x = tf.diag(x)", "tf.diag", "use `tf.linalg."),
        ("x = tf.rsqrt(x)", "tf.rsqrt", "use `tf.math.rsqrt`"),
        ("x = tf.matrix_inverse(x)", "tf.matrix_inverse", "use `tf.compat.v1.matrix_inverse`"),
        ("x = tf.log(x)", "tf.log", "use `tf.math.log`"),
        ("x = tf.map_fn(tf.log, x)", "tf.log", "use `tf.math.log`"),
        ("x = tf.random_normal((2,))", "tf.random_normal", "use `tf.random.normal`"),
    ],
)
def test_functions_of_tensorflow_1(body: str, name: str, help_opens: str, keras: str) -> None:
    ((said, helps),) = found(body, keras)
    assert said == f"TensorFlow 2 has no `{name}`, so `call` raises AttributeError"
    assert helps.startswith(help_opens)


@pytest.mark.parametrize(
    "body",
    [
        "x = tf.linalg.diag(x)",
        "x = tf.compat.v1.log(x)",
        "x = tf.math.rsqrt(x)",
        "log = tf.math.log\nx = log(x)",
        "try:\n    x = tf.log(x)\nexcept AttributeError:\n    x = tf.math.log(x)",
    ],
)
def test_functions_of_tensorflow_2(body: str) -> None:
    assert found(body, "2") == []


@pytest.mark.parametrize("given", ["lambda: x", "self._penalty", "lambda: tf.reduce_sum(x)"])
def test_add_loss_of_a_function(given: str) -> None:
    body = f"self.add_loss({given})\nreturn x\n\ndef _penalty(self):\n    return 0.0\n\ndef rest(self, x):\n    pass"
    source = HEAD.replace("BASE", "keras.layers.Layer") + textwrap.indent(body, " " * 8).replace(
        "        def ", "    def "
    )
    (diagnostic,) = lint_source(source, "subject.py", Settings(keras=("3",), select=("KLL147",)))
    assert diagnostic.message == "`add_loss` gets a function: Keras 3 takes tensors only, so it raises ValueError"
    assert lint_source(source, "subject.py", Settings(keras=("2",), select=("KLL147",))) == ()


BY_BACKEND = """\
from tensorflow.keras import backend as K


class Subject({base}):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.total = self.add_weight(name="total", shape=())
        self.raw = tf.Variable(1.0)

    def update_state(self, y_true, y_pred, sample_weight=None):
        self.total.assign_add(1.0)

    def result(self):
        return self.total * 1.0

    def reset_state(self):
        {body}
"""


@pytest.mark.parametrize(
    "body",
    [
        "K.set_value(self.total, 0.0)",
        "K.batch_set_value([(self.total, 0.0)])",
        "K.batch_set_value([(v, 0) for v in self.variables])",
    ],
)
def test_set_value_of_a_weight(body: str) -> None:
    source = BY_BACKEND.format(base="keras.metrics.Metric", body=f"{body}  # here")
    assert_told("KLL147", source, "", "takes variables of TensorFlow only, so it raises AttributeError")


@pytest.mark.parametrize("body", ["K.set_value(self.raw, 0.0)", "K.set_value(unknown, 0.0)", "K.get_value(self.total)"])
def test_set_value_of_others(body: str) -> None:
    assert_silent("KLL147", BY_BACKEND.format(base="keras.metrics.Metric", body=body))


def test_functions_in_a_metric() -> None:
    source = BY_BACKEND.replace("from tensorflow.keras", "from keras")
    source = source.format(base="keras.metrics.Metric", body="self.total.assign(K.sum([1.0]))  # here")
    assert_told("KLL147", source, "", "so `reset_state` raises AttributeError")


LOSS = """
import keras
from keras import backend as K


class Error(keras.losses.Loss):
    def call(self, y_true, y_pred):
        self.seen = {read}
        return {made}
"""


def test_losses() -> None:
    source = LOSS.format(read="K.floatx()", made="K.sum(y_pred - y_true)")
    (found,) = lint_source(source, settings=Settings(keras=("3",), select=("KLL147",)))
    assert found.message == "`K.sum`: Keras 3 has no `keras.backend.sum`, so `call` raises AttributeError"


@pytest.mark.parametrize("read", ["self.add_metric", "self._updates", "K.floatx()"])
def test_what_a_loss_inherits_is_not_that_of_a_layer(read: str) -> None:
    source = LOSS.format(read=read, made="keras.ops.sum(y_pred - y_true)")
    assert lint_source(source, settings=Settings(keras=("3",), select=("KLL147",))) == ()


ELSEWHERE = """
import tensorflow as tf
from tensorflow.keras import backend as K


def halved(value):
    return {made}
"""


def elsewhere(folder: Path, made: str, keras: str) -> list[tuple[int, str]]:
    (folder / "helpers.py").write_text(ELSEWHERE.format(made=made), encoding="utf-8")
    source = "from helpers import halved\n" + HEAD.replace("BASE", "keras.layers.Layer") + "        return halved(x)\n"
    settings = Settings(keras=(keras,), select=("KLL147",))
    found = lint_source(source, folder / "example.py", settings)
    return [(source.split("\n").index("        return halved(x)") + 1 - each.span.line, each.message) for each in found]


@pytest.mark.parametrize(
    ("made", "name"),
    [
        ("K.in_train_phase(value, value)", "K.in_train_phase"),
        ("value if K.learning_phase() else -value", "K.learning_phase"),
    ],
)
def test_in_a_function_of_another_file(tmp_path: Path, made: str, name: str) -> None:
    full = name.replace("K.", "tf.keras.backend.")
    assert elsewhere(tmp_path, made, "3") == [
        (0, f"`halved()`, called here, has `{name}`: Keras 3 has no `{full}`, so `call` raises AttributeError")
    ]
    assert elsewhere(tmp_path, made, "2") == []


@pytest.mark.parametrize(
    "made", ["K.learning_phase() if hasattr(K, 'learning_phase') else value", "value * K.epsilon()"]
)
def test_silent_in_a_function_of_another_file(tmp_path: Path, made: str) -> None:
    assert elsewhere(tmp_path, made, "3") == []


@pytest.mark.parametrize(
    ("imported", "code", "told"),
    [
        (
            "from tensorflow.keras.backend import learning_phase",
            "return value * learning_phase()",
            "`learning_phase`: Keras 3",
        ),
        (
            "from tensorflow.keras import backend as K",
            "K.set_value(layer.w, 0.0)\n    return value",
            "`K.set_value` on",
        ),
    ],
)
def test_what_another_file_imports(tmp_path: Path, imported: str, code: str, told: str) -> None:
    write(tmp_path, {"helpers.py": f"{imported}\n\n\ndef helped(layer, value):\n    {code}\n"})
    source = "from helpers import helped\n\n\n" + layer("x = helped(self, x)  # KLL147")
    (diagnostic,) = cases.found("KLL147", source, "3", tmp_path / "here.py")
    assert diagnostic.message.startswith(f"`helped()`, called here, has {told}")


BUILDING = """\
import keras


class Subject(keras.layers.Layer):
    def build(self, input_shape):
        {line}
        super().build(input_shape)

    def call(self, inputs):
        return inputs
"""


@pytest.mark.parametrize("read", ["input_shape.as_list()", "input_shape.rank", "input_shape.ndims"])
def test_the_shape_that_build_gets_is_a_tuple(read: str) -> None:
    source = BUILDING.format(line=f"self.size = {read}")
    [found] = lint_source(source, "subject.py", Settings(keras=("3",), select=("KLL147",)))
    assert found.span.line == 6
    assert "Keras 3 hands shapes over as tuples" in found.message
    assert lint_source(source, "subject.py", Settings(keras=("2",), select=("KLL147",))) == ()


@pytest.mark.parametrize(
    "line",
    [
        "self.size = len(input_shape)",
        "input_shape = tf.TensorShape(input_shape); self.size = input_shape.rank",
        "self.size = input_shape.rank if hasattr(input_shape, 'rank') else len(input_shape)",
    ],
)
def test_what_build_may_do_with_a_shape(line: str) -> None:
    source = "import tensorflow as tf\n" + BUILDING.format(line=line)
    assert lint_source(source, "subject.py", Settings(keras=("3",), select=("KLL147",))) == ()


DROPS = """
import tensorflow as tf


def halved(value, rate={rate}):
    return dropped(value, 1.0 - rate)


def dropped(value, keep):
    if keep == 1.0:
        return value
    return value * tf.random_uniform(tf.shape(value))
"""


@pytest.mark.parametrize(("rate", "ends"), [("0.0", []), ("0.5", ["raises AttributeError"])])
def test_what_an_argument_keeps_from_running(tmp_path: Path, rate: str, ends: list[str]) -> None:
    (tmp_path / "helpers.py").write_text(DROPS.format(rate=rate), encoding="utf-8")
    source = "from helpers import halved\n" + HEAD.replace("BASE", "keras.layers.Layer") + "        return halved(x)\n"
    found = lint_source(source, tmp_path / "example.py", Settings(keras=("2",), select=("KLL147",)))
    assert [each.message[-len(ends[0]) :] for each in found] == ends


def test_a_line_that_another_file_may_never_reach(tmp_path: Path) -> None:
    text = DROPS.format(rate="None").replace(" keep == 1.0:\n        return value\n", " value.device:\n    ")
    (tmp_path / "helpers.py").write_text(text, encoding="utf-8")
    source = "from helpers import halved\n" + HEAD.replace("BASE", "keras.layers.Layer") + "        return halved(x)\n"
    (found,) = lint_source(source, tmp_path / "example.py", Settings(keras=("2",), select=("KLL147",)))
    assert found.severity.label == "warning"
    assert found.message.endswith("so `call` raises AttributeError where that line is reached")


STEP = """\
import keras


class Subject(keras.Model):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        {init}

    def train_step(self, data):
        logs = super().train_step(data)
        return {{**logs, "rate": {read}}}
"""
OPTIMIZER = """\
import keras


class Subject(keras.optimizers.{base}):
    def __init__(self, beta=0.9, **kwargs):
        super().__init__(**kwargs)
        {line}

    def update_step(self, gradient, variable, learning_rate):
        pass
"""


def told(source: str) -> list[str]:
    assert lint_source(source, "subject.py", Settings(keras=("2",), select=("KLL147",))) == ()
    return [item.message for item in lint_source(source, "subject.py", Settings(keras=("3",), select=("KLL147",)))]


def test_what_optimizers_no_longer_have() -> None:
    end = "in Keras 3 optimizers do not have it, so this raises AttributeError"
    assert told(STEP.format(init="pass", read="self.optimizer.lr")) == [f"`self.optimizer.lr`: {end}"]
    for base in ("Optimizer", "Adam"):
        assert told(OPTIMIZER.format(base=base, line="self._set_hyper('beta', beta)")) == [f"`self._set_hyper`: {end}"]


@pytest.mark.parametrize(
    "source",
    [
        STEP.format(init="pass", read="self.optimizer.learning_rate"),
        STEP.format(init="self.optimizer = somewhere.Optimizer()", read="self.optimizer.lr"),
        STEP.format(init="pass", read="self.optimizer.lr if hasattr(self.optimizer, 'lr') else 0.0"),
        STEP.format(init="pass", read="self.other.lr"),
        OPTIMIZER.format(base="Optimizer", line="self.lr = beta; self.start = self.lr"),
        OPTIMIZER.format(base="Optimizer", line="self.start = self.learning_rate"),
    ],
)
def test_what_optimizers_have(source: str) -> None:
    assert told(source) == []


def test_what_runs_for_each_pending_update() -> None:
    """TensorFlow 2 has none: the body, a remnant of TensorFlow 1, never runs."""
    source = layer("for one in self.updates:  # here\n    tf.add_to_collection(tf.GraphKeys.UPDATE_OPS, one)")
    gone = "so this raises AttributeError"
    assert_told("KLL147", source, "", f"`self.updates`: in Keras 3 layers do not have it, {gone}")
    assert_told(
        "KLL147",
        layer("for w in self.weights:\n    tf.add_to_collection('all', w)  # here"),
        "TensorFlow 2 has no `tf.add_to_collection`, so `call` raises AttributeError",
        "TensorFlow 2 has no `tf.add_to_collection`, so `call` raises AttributeError",
    )


WEIGHED = """
import keras
import tensorflow as tf


class Weighed(keras.losses.Loss):
    def __init__(self, name="weighed"{parameters}):
        super().__init__(name=name{given})

    def call(self, y_true, y_pred):
        return y_true - y_pred
"""


@pytest.mark.parametrize(
    ("parts", "ends"),
    [
        # Python evaluates defaults with the class.
        (
            {"parameters": ", reduction=keras.losses.Reduction.AUTO", "given": ", reduction=reduction"},
            "`Weighed` cannot be imported: AttributeError",
        ),
        (
            {"parameters": ", reduction=tf.keras.losses.Reduction.AUTO", "given": ", reduction=reduction"},
            "`reduction='auto'` by default:",
        ),
        ({"given": ", reduction=keras.losses.Reduction.NONE"}, "so `__init__` raises AttributeError"),
        ({"given": ", reduction=tf.keras.losses.Reduction.AUTO"}, "`reduction='auto'`: Keras 3"),
        ({"given": ", reduction='auto'"}, "`reduction='auto'`: Keras 3 has no such reduction, so `__init__` raises"),
        ({"parameters": ", reduction='auto'", "given": ", reduction=reduction"}, "`reduction='auto'` by default:"),
    ],
)
def test_reductions_of_keras_2(parts: dict[str, str], ends: str) -> None:
    source = WEIGHED.format(**{"parameters": "", "given": "", **parts})
    ((message,),) = [[one.message for one in lint_source(source, "a.py", Settings(keras=("3",), select=("KLL147",)))]]
    assert ends in message
    assert not lint_source(source, "a.py", Settings(keras=("2",), select=("KLL147",)))


@pytest.mark.parametrize(
    "parts",
    [
        {"given": ", reduction='sum'"},
        {"given": ", reduction=tf.keras.losses.Reduction.NONE"},
        {"parameters": ", reduction='sum_over_batch_size'", "given": ", reduction=reduction"},
        {"parameters": ", reduction=keras.losses.MeanSquaredError", "given": ", reduction='none'"},
        {"parameters": ", reduction='auto'", "given": ", reduction='sum' if reduction == 'auto' else reduction"},
    ],
)
def test_reductions_that_are_there(parts: dict[str, str]) -> None:
    source = WEIGHED.format(**{"parameters": "", "given": "", **parts})
    assert not lint_source(source, "a.py", Settings(keras=("3",), select=("KLL147",)))
