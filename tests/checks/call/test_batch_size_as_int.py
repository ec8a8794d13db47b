from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from keras_layer_lint import Settings, lint_paths
from tests.checks.cases import found, messages, write

CODE = "KLL141"
SIZE = "warning: the batch size, None in the static shape while tracing,"
RAISES = "which raises TypeError or ValueError unless every batch has a size known beforehand"


def layer(body: str) -> str:
    lines = "\n".join(f"        {line}" for line in body.splitlines())
    return f"""
import numpy as np
from keras import backend as K, ops

class Subject(layers.Layer):
    def __init__(self, units=4, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.dense = layers.Dense(units)

    def build(self, shape):
        self.w = self.add_weight(name="w", shape=(4, 4))
        super().build(shape)

    def call(self, x, training=None):
        rank = len(x.shape)
{lines}
        return x
"""


@pytest.mark.parametrize("keras", ["2", "3"])
@pytest.mark.parametrize(
    ("body", "what"),
    [
        ("x = tf.reshape(x, (x.shape[0], -1))  # KLL141", f"is given to `tf.reshape(...)`, {RAISES}"),
        ("x = tf.reshape(x, [x.shape[0], 2, 2])  # KLL141", f"is given to `tf.reshape(...)`, {RAISES}"),
        ("x = ops.reshape(x, x.shape)  # KLL141", f"is given to `ops.reshape(...)`, {RAISES}"),
        ("x = x + tf.zeros(shape=x.shape)  # KLL141", f"is given to `tf.zeros(...)`, {RAISES}"),
        ("x = x + tf.zeros(x.shape[:1] + (4,))  # KLL141", f"is given to `tf.zeros(...)`, {RAISES}"),
        ("s = x.shape.as_list()\nx = tf.reshape(x, s)  # KLL141", f"is given to `tf.reshape(...)`, {RAISES}"),
        ("s = x.get_shape()\nx = tf.tile(x[:1], [s[0], 1])  # KLL141", f"is given to `tf.tile(...)`, {RAISES}"),
        ("s = K.int_shape(x)\nx = K.reshape(x, (s[0], 4))  # KLL141", f"is given to `K.reshape(...)`, {RAISES}"),
        ("n = np.prod(x.shape)  # KLL141", f"is given to `np.prod(...)`, {RAISES}"),
        ("i = tf.range(x.shape[0])  # KLL141", f"is given to `tf.range(...)`, {RAISES}"),
        (
            "h = self.dense(x)\nx = tf.reshape(h, (h.shape[0], -1))  # KLL141",
            f"is given to `tf.reshape(...)`, {RAISES}",
        ),
        ("b, d = x.shape\nn = b * d  # KLL141\nx = tf.reshape(x, (n,))", f"is calculated with, {RAISES}"),
        (
            "s = (x.shape[0],) + (1,) * (rank - 1)\nx = x * tf.random.uniform(s)  # KLL141",
            f"is given to `tf.random.uniform(...)`, {RAISES}",
        ),
        (
            "s = (1,) * self.units + (x.shape[0],)\nx = x * tf.ones(s)  # KLL141",
            f"is given to `tf.ones(...)`, {RAISES}",
        ),
        (
            "s = [x.shape[0]] + [1 for _ in range(rank)]\nx = x * ops.ones(tuple(s))  # KLL141",
            f"is given to `ops.ones(...)`, {RAISES}",
        ),
        ("x = x / x.shape[0]  # KLL141", f"is calculated with, {RAISES}"),
        ("if x.shape[0] > 2: x = -x  # KLL141", f"is compared by size, {RAISES}"),
        ("for i in range(x.shape[0]): x = -x  # KLL141", f"is given to `range()`, {RAISES}"),
        ("n = int(x.shape[0])  # KLL141", f"is given to `int()`, {RAISES}"),
        ("n = min(x.shape[0], 8)  # KLL141", f"is given to `min()`, {RAISES}"),
        ("rows = ops.unstack(x)  # KLL141", f"is how many tensors `ops.unstack(...)` has to make, {RAISES}"),
        ("rows = tf.unstack(x * 2, axis=0)  # KLL141", f"is how many tensors `tf.unstack(...)` has to make, {RAISES}"),
        ("if x.shape[0] == 1: x = -x  # KLL141", "is compared with a number, which is silently False"),
        ("if x.shape[0] != self.units: x = -x  # KLL141", "is compared with a number, which is silently True"),
    ],
)
def test_reported(body: str, what: str, keras: str) -> None:
    assert messages(CODE, layer(body), keras) == [f"{SIZE} {what}"]


@pytest.mark.parametrize("keras", ["2", "3"])
@pytest.mark.parametrize(
    "body",
    [
        "x = tf.reshape(x, (-1, x.shape[1]))",
        "s = (tf.shape(x)[0],) + (1,) * (rank - 1)\nx = x * tf.random.uniform(s)",
        "s = (x.shape[1],) + (1,) * (rank - 1)\nx = x * tf.random.uniform(s)",
        "s = ((x.shape[0],) + (1,) * rank)[1:]\nx = x * tf.random.uniform(s)",
        "s = [x.shape[0]] + [1] * rank\ns[0] = -1\nx = tf.reshape(x, s)",
        "s = (x.shape[0],) + (1,) * rank if self.units else (1,) * rank\nx = x * tf.ones(s)",
        "x = tf.reshape(x, (tf.shape(x)[0], -1))",
        "b, d = ops.shape(x)\nx = ops.reshape(x, (b * d,))",
        "x = tf.reshape(x, [-1] + x.shape.as_list()[1:])",
        "x = x[: x.shape[0]]",
        "x = tf.ensure_shape(x, x.shape)",
        "x.set_shape(x.shape)",
        "b = x.shape[0] or tf.shape(x)[0]\nx = tf.reshape(x, (b, -1))",
        "b = x.shape[0]\nif b is None:\n    b = tf.shape(x)[0]\nx = tf.reshape(x, (b, -1))",
        "b = x.shape[0]\nif b:\n    x = tf.reshape(x, (b, -1))",
        "if x.shape[0] is not None:\n    x = tf.reshape(x, (x.shape[0], -1))",
        "if x.shape[0]:\n    x = tf.reshape(x, (x.shape[0], -1))",
        "if x.shape.is_fully_defined():\n    x = tf.reshape(x, x.shape)",
        "if x.shape[0] is None:\n    raise ValueError('a static batch size')\nx = tf.reshape(x, (x.shape[0], -1))",
        "b = -1 if x.shape[0] is None else x.shape[0]\nx = tf.reshape(x, (b, 4))",
        "try:\n    x = tf.reshape(x, x.shape)\nexcept ValueError:\n    pass",
        "s = x.shape.as_list()\ns[0] = -1\nx = tf.reshape(x, s)",
        "s = x.shape.as_list()\nfor i, n in enumerate(s):\n    if n is None:\n        s[i] = 1\nx = tf.reshape(x, s)",
        "if len(x.shape) == 1:\n    x = tf.reshape(x, (x.shape[0], 1))",
        "if x.shape.rank == 1:\n    x = tf.reshape(x, (x.shape[0], 1))",
        "y = x * 2.0\nif x.shape[0] != y.shape[0]:\n    raise ValueError('sizes')",
        "n = self.w.shape[0] * 2",
        "y = tf.transpose(x)\nn = y.shape[0] * 2",
        "text = f'{x.shape[0]} rows'",
        "columns = ops.unstack(x, axis=1)",
        "columns = tf.unstack(x, axis=-1)",
        "rows = tf.unstack(x, 4)",
        "rows = ops.unstack(x, num=self.units)",
        "rows = ops.unstack(self.w)",
        "if x.shape[0] is not None:\n    rows = ops.unstack(x)",
        "assert x.shape[1] == 4",
    ],
)
def test_silent(body: str, keras: str) -> None:
    assert messages(CODE, layer(body), keras) == []


FIRST_AXIS_KEPT = {
    "in each value": "tf.exp(0.5 * h)",
    "by a transposition": "tf.transpose(h, [0, 2, 1])",
    "by keras.ops": "ops.transpose(h, axes=(0, 2, 1))",
    "by K": "K.permute_dimensions(h, (0, 2, 1))",
    "beside -1": "tf.reshape(h, (-1, 3, 4))",
    "over the last axis": "tf.reduce_mean(h, axis=-1)",
    "over all others": "ops.sum(h, axis=[1, 2])",
    "side by side": "tf.concat([h, x], axis=-1)",
    "in parts": "tf.split(h, 2, axis=-1)[0]",
    "with an axis more": "tf.expand_dims(h, 1)",
    "by einsum": "tf.einsum('bij, jk -> bik', h, x)",
    "by einsum, as the second operand": "tf.einsum('ij,bjk->bik', self.w, h)",
    "by tensordot": "tf.tensordot(h, self.w, axes=(1, 0))",
    "by tensordot from the end": "tf.tensordot(h, self.w, axes=[[-1], [0]])",
    "by dot": "K.dot(h, K.transpose(h))",
    "with a bias": "tf.nn.bias_add(h, self.w[0])",
    "by a convolution": "tf.nn.conv1d(h, self.w, 1, 'SAME')",
    "by pooling": "ops.max_pool(h, 2)",
    "as patches": "tf.image.extract_patches(images=h, sizes=(1, 2, 2, 1), strides=(1, 2, 2, 1), rates=(1, 1, 1, 1), "
    "padding='VALID')",
    "by a weight": "tf.matmul(h, self.w)",
    "with noise": "h + self.w",
    "of a column": "h[:, 0]",
    "of the last entries": "h[..., 0]",
    "by einops": "einops.rearrange(h, 'b n (h d) -> b h n d', h=2)",
    "by layers": "layers.Add()([layers.Flatten()(h), layers.Flatten()(x)])",
}
FIRST_AXIS_ELSEWHERE = {
    "by a transposition": "tf.transpose(h, [1, 0, 2])",
    "by any transposition": "tf.transpose(h)",
    "in some order": "tf.transpose(h, self.units)",
    "beside a number": "tf.reshape(h, (4, -1))",
    "over the batch": "tf.reduce_mean(h, axis=0)",
    "over all": "tf.reduce_mean(h)",
    "over a list, which is stacked": "tf.reduce_mean([h, h], axis=1)",
    "of a list, over the last axis": "ops.max([h, h], axis=-1)",
    "in sums of all values": "ops.cumsum(h)",
    "by an identity matrix": "ops.identity(h)",
    "over what may be the batch": "tf.reduce_mean(h, axis=-2)",
    "one over the other": "tf.concat([h, x], axis=0)",
    "beside what is not known": "tf.concat([h, self.other], axis=-1)",
    "with an axis before it": "tf.expand_dims(h, 0)",
    "by einsum": "tf.einsum('bij,bk->ibk', h, x)",
    "by einsum, as the second operand": "tf.einsum('ij,bjk->ibk', self.w, h)",
    "by tensordot": "tf.tensordot(h, self.w, axes=(0, 0))",
    "by tensordot over as many axes": "tf.tensordot(h, self.w, axes=2)",
    "by dot of a weight": "K.dot(self.w, h)",
    "with a tensor of any rank": "tf.add(tf.random.normal((5, 1, 1)), h)",
    "of a row": "h[0]",
    "by einops": "einops.rearrange(h, 'b n d -> (b n) d')",
}


@pytest.mark.parametrize("keras", ["2", "3"])
@pytest.mark.parametrize("made", FIRST_AXIS_KEPT.values(), ids=FIRST_AXIS_KEPT)
def test_the_batch_size_of_what_is_derived(made: str, keras: str) -> None:
    body = f"import einops\nh = self.dense(x)\ny = {made}\nx = tf.reshape(y, (y.shape[0], -1))  # KLL141"
    assert messages(CODE, layer(body), keras) == [f"{SIZE} is given to `tf.reshape(...)`, {RAISES}"]


@pytest.mark.parametrize("keras", ["2", "3"])
@pytest.mark.parametrize("made", FIRST_AXIS_ELSEWHERE.values(), ids=FIRST_AXIS_ELSEWHERE)
def test_the_first_axis_may_be_another(made: str, keras: str) -> None:
    body = f"import einops\nh = self.dense(x)\ny = {made}\nx = tf.reshape(y, (y.shape[0], -1))"
    assert messages(CODE, layer(body), keras) == []


@pytest.mark.parametrize(
    ("body", "what"),
    [
        ("x = tf.zeros((*x.shape, 3))  # KLL141", f"is given to `tf.zeros(...)`, {RAISES}"),
        ("x = tf.zeros([*x.shape[:-1], 3])  # KLL141", f"is given to `tf.zeros(...)`, {RAISES}"),
        ("x = tf.zeros([x.shape[0], *x.shape[1:]])  # KLL141", f"is given to `tf.zeros(...)`, {RAISES}"),
        ("x = tf.zeros([d for d in x.shape])  # KLL141", f"is given to `tf.zeros(...)`, {RAISES}"),
        ("s = [int(d) for d in x.shape]  # KLL141", f"is given to `int()`, {RAISES}"),
        ("s = tuple(2 * d for d in x.shape)  # KLL141", f"is calculated with, {RAISES}"),
        ("s = [x.shape[0], 3]\nx = tf.range(s[0])  # KLL141", f"is given to `tf.range(...)`, {RAISES}"),
        ("b, *rest = x.shape\nx = tf.fill([b, 3], 0.0)  # KLL141", f"is given to `tf.fill(...)`, {RAISES}"),
        ("n = tf.minimum(self.units, x.shape[0])  # KLL141", f"is given to `tf.minimum(...)`, {RAISES}"),
        ("x = ops.divide(x, ops.multiply(2, x.shape[0]))  # KLL141", f"is given to `ops.multiply(...)`, {RAISES}"),
        ("x = ops.expand_dims(x.shape[0], 0)  # KLL141", f"is given to `ops.expand_dims(...)`, {RAISES}"),
        (
            "from einops import repeat\nx = repeat(self.w, 'n d -> b n d', b=x.shape[0])  # KLL141",
            f"is given to `repeat(...)`, {RAISES}",
        ),
    ],
)
def test_in_whole_shapes_and_other_functions(body: str, what: str) -> None:
    assert messages(CODE, layer(body), "3") == [f"{SIZE} {what}"]


@pytest.mark.parametrize(
    "body",
    [
        "x = tf.zeros([*x.shape[1:], 3])",
        "x = tf.zeros([-1 if d is None else d for d in x.shape])",
        "s = [2 * d for d in x.shape if d]",
        "s = [2 * d for d in x.shape[1:]]",
        "s = [d for d in x.shape]\nn = s[1] * 2",
        "x = tf.sequence_mask([1], x.shape[0])",
        "from einops import repeat\nx = repeat(self.w, 'n d -> b n d', b=x.shape[1])",
        "from einops import repeat\nx = repeat(self.w, 'n d -> b n d', b=tf.shape(x)[0])",
        "n = tf.minimum(self.units, x.shape[1])",
    ],
)
def test_in_whole_shapes_without_the_batch(body: str) -> None:
    assert messages(CODE, layer(body), "3") == []


@pytest.mark.parametrize(
    ("taken", "is_list"),
    [
        ("q, v = inputs", True),
        ("q, v = inputs[0], inputs[1]", True),
        ("q, *rest = inputs", True),
        ("q = inputs[0]", False),
        ("q = inputs[0] if isinstance(inputs, list) else inputs", True),
        ("q = inputs[0] if isinstance(inputs, dict) else inputs", False),
        ("if not isinstance(inputs, (list, tuple)): raise TypeError\nq = inputs[0]", True),
        ("if isinstance(inputs, list): q = inputs[0][..., 1:]\nelse: q = inputs[..., 1:]", True),
        (
            "if isinstance(inputs, list): inputs[0] = inputs[0][..., 1:]\nelse: inputs = inputs[..., 1:]\nq = inputs",
            True,
        ),
    ],
)
def test_each_input_of_a_list_has_a_batch(taken: str, is_list: bool) -> None:
    mark = "  # KLL141" if is_list else ""
    source = f"""
        class Subject(layers.Layer):
            def call(self, inputs):
{textwrap.indent(taken, " " * 16)}
                return tf.reshape(q, (q.shape[0], -1)){mark}
        """
    assert len(messages(CODE, source, "3")) == is_list


@pytest.mark.parametrize(
    ("annotation", "is_list"),
    [
        ("tuple[tf.Tensor, tf.Tensor]", True),
        ("List[tf.Tensor]", True),
        ("tuple[tf.Tensor, ...]", True),
        ("Optional[list[tf.Tensor]]", True),
        ("tuple[tf.Tensor, int]", False),
        ("dict[str, tf.Tensor]", False),
        ("Union[tf.Tensor, list[tf.Tensor]]", False),
    ],
)
def test_each_input_of_an_annotated_list_has_a_batch(annotation: str, is_list: bool) -> None:
    mark = "  # KLL141" if is_list else ""
    source = f"""
        from typing import List, Optional, Union

        class Subject(layers.Layer):
            def call(self, inputs: {annotation}):
                q = inputs[0]
                return tf.reshape(q, (q.shape[0], -1)){mark}
        """
    assert len(messages(CODE, source, "3")) == is_list


MADE_WITH_THE_BATCH_SIZE = [
    "tf.zeros((tf.shape(x)[0], 4))",
    "tf.ones(shape=[tf.shape(x)[0], 4])",
    "tf.zeros(tf.shape(x))",
    "tf.fill([K.shape(x)[0], 4], 1.0)",
    "tf.random.normal((tf.shape(x)[0], 4))",
    "tf.reshape(self.w, (tf.shape(x)[0], -1))",
    "tf.reshape(tf.repeat(x, 4), tf.concat([tf.shape(x), [4]], axis=0))",
    "tf.reshape(tf.abs(x), tf.concat([tf.shape(x)[:-1], [4]], 0))",
    "tf.broadcast_to(self.w, (tf.shape(x)[0], 4, 4))",
    "tf.tile(self.w, [tf.shape(x)[0], 1])",
    "tf.tile(x, [1, 2])",
    "ops.zeros((ops.shape(x)[0], 4))",
    "ops.tile(self.w, (ops.shape(x)[0], 1))",
    "ops.broadcast_to(self.w, ops.shape(x)[:1] + (4, 4))",
    "tf.gather(self.w, tf.reshape(x, (-1,)))",
    "tf.gather(x, [0, 1], axis=1)",
    "tf.nn.embedding_lookup(self.w, x)",
    "ops.take(self.w, x, axis=0)",
    "tf.one_hot(x, 4)",
    "tf.gather(x, x, axis=1, batch_dims=1)",
    "tf.random.uniform(()) * x",
    "tf.random.normal([4]) * x",
    "tf.cond(tf.size(x) > 3, lambda: x * 2.0, lambda: x)",
    "K.in_train_phase(x, lambda: x * 2.0, training=training)",
]
GONE_THROUGH_PYTHON = [
    "tf.maximum(x, self.w + unknown(x))",
    "tf.expand_dims(x, axis=1) if x.shape.ndims < 2 else x",
    "layers.Dense(4, **training)(x)",
    "layers.Conv1D(filters=4, kernel_size=1, **training)(x)",
    "list(map(lambda part: part * 2.0, [x, x]))[0]",
    "tuple(map(tf.abs, tf.split(x, 2, axis=-1)))[1]",
]
GONE_THROUGH_PYTHON_OTHERWISE = [
    "tf.maximum(self.w + unknown(x), x)",
    "tf.expand_dims(x, axis=0) if x.shape.ndims < 2 else x",
    "tf.expand_dims(x, axis=1) if x.shape.ndims == 2 else x",
    "layers.LSTM(4, **training)(x)[0]",
    "layers.TimeDistributed(layers.LSTM(4), **training)(x)",
    "list(map(self.units, [x, x]))[0]",
    "list(map(tf.reduce_sum, [x, x]))[0]",
]
MADE_WITHOUT_IT = [
    "tf.zeros((4, tf.shape(x)[0]))",
    "tf.zeros((tf.shape(x)[1], 4))",
    "tf.zeros(tf.shape(x)[1:])",
    "tf.zeros((tf.shape(self.w)[0], 4))",
    "tf.reshape(self.w, tf.concat([[4], tf.shape(x)], axis=0))",
    "tf.tile(self.w, [1, tf.shape(x)[0]])",
    "tf.gather(x, [0, 1])",
    "tf.gather(self.w, x, axis=1)",
    "tf.one_hot(x, 4, axis=0)",
    "ops.tile(self.w, (2, 2))",
    "tf.random.normal([1, 4, 4]) * x",
    "x * unknown(x)",
    "unknown(x) + x",
]


@pytest.mark.parametrize("made", [*MADE_WITH_THE_BATCH_SIZE, *GONE_THROUGH_PYTHON])
def test_what_is_made_with_the_batch_size_has_it_first(made: str) -> None:
    assert len(messages(CODE, layer(f"y = {made}\nx = tf.reshape(x, (y.shape[0], -1))  # KLL141"), "3")) == 1


@pytest.mark.parametrize("made", [*MADE_WITHOUT_IT, *GONE_THROUGH_PYTHON_OTHERWISE])
def test_what_is_made_without_it_has_not(made: str) -> None:
    assert messages(CODE, layer(f"y = {made}\nx = tf.reshape(x, (y.shape[0], -1))"), "3") == []


ROWS = "tf.range(values.shape[0])"
STATIC_OR_NOT = "tf.range(tf.shape(values)[0] if values.shape[0] is None else values.shape[0])"


def test_a_function_elsewhere_is_given_a_batch(tmp_path: Path) -> None:
    write(tmp_path, {"helpers.py": f"def rows(values):\n    return {ROWS}\n"})
    source = "from helpers import rows\n" + layer("i = rows(x)  # KLL141")
    (message,) = messages(CODE, source, "3", tmp_path / "example.py")
    assert message.startswith("warning: `rows()`, called here, has the batch size, None in the static shape")


BY_RANK = """
def rows(values):
    shape = list(values.shape)

    def of_one(value):
        return value if value.shape[0] > 1 else -value

    return of_one(values) if len(shape) < 2 else values
"""


def test_a_function_elsewhere_may_ask_for_the_rank(tmp_path: Path) -> None:
    write(tmp_path, {"helpers.py": BY_RANK})
    source = "from helpers import rows\n" + layer("x = rows(x)")
    assert messages(CODE, source, "3", tmp_path / "example.py") == []


@pytest.mark.parametrize(("given", "returned"), [("self.w", ROWS), ("tf.shape(x)", ROWS), ("x", STATIC_OR_NOT)])
def test_a_function_elsewhere_may_be_given_anything(tmp_path: Path, given: str, returned: str) -> None:
    write(tmp_path, {"helpers.py": f"def rows(values):\n    return {returned}\n"})
    source = "from helpers import rows\n" + layer(f"i = rows({given})")
    assert messages(CODE, source, "3", tmp_path / "example.py") == []


LOSS = """
class Subject(keras.losses.Loss):
    def call(self, y_true, y_pred):
        {body}

    def spread(self, value):
        return value.shape[0] - 1{mark}
"""


@pytest.mark.parametrize("keras", ["2", "3"])
@pytest.mark.parametrize(
    ("body", "mark", "what"),
    [
        ("return tf.eye(y_pred.shape[0])  # KLL141", "", f"is given to `tf.eye(...)`, {RAISES}"),
        ("return self.spread(tf.nn.softmax(y_pred))", "  # KLL141", f"is calculated with, {RAISES}"),
        ("return self.spread(y_true)", "  # KLL141", f"is calculated with, {RAISES}"),
    ],
)
def test_losses(body: str, mark: str, what: str, keras: str) -> None:
    assert messages(CODE, LOSS.format(body=body, mark=mark), keras) == [f"{SIZE} {what}"]


@pytest.mark.parametrize("keras", ["2", "3"])
@pytest.mark.parametrize(
    "body",
    [
        "return tf.eye(tf.shape(y_pred)[0])",
        "return self.spread(tf.transpose(y_pred))",
        "y_pred, norms = y_pred\n        return self.spread(y_pred)",
    ],
)
def test_losses_without_fault(body: str, keras: str) -> None:
    assert messages(CODE, LOSS.format(body=body, mark=""), keras) == []


CALLED = """
class Subject(layers.Layer):
    def call(self, {takes}):
        {unpack}
        return x + tf.reshape(table, (table.shape[0], 1)){mark}

class Block(layers.Layer):
    def __init__(self):
        super().__init__()
        self.inner = Subject()
        self.many = [Subject() for _ in range(3)]

    def build(self, shape):
        self.table = self.add_weight(name="t", shape=(4,))
        self.last = None

    def call(self, inputs, more=None):
        self.last = inputs
        own = self.table
        {call}
"""
PAIR, APART = ("inputs", "x, table = inputs"), ("x, table: tf.Tensor", "x = x * 2.0")


@pytest.mark.parametrize("keras", ["2", "3"])
@pytest.mark.parametrize(
    ("takes", "call"),
    [
        (PAIR, "return self.inner([inputs, self.table])"),
        (PAIR, "return self.inner((inputs, tf.cast(self.table, inputs.dtype)))"),
        (PAIR, "return self.many[0]([inputs, own])"),
        (APART, "return self.inner(inputs, self.table)"),
        (APART, "return self.inner(inputs, table=self.table[:2])"),
        (APART, "for one in self.many:\n            inputs = one(inputs, self.table)\n        return inputs"),
        (APART, "return self.inner(self.inner(inputs, own), self.table)"),
    ],
)
def test_what_callers_keep_has_no_batch(takes: tuple[str, str], call: str, keras: str) -> None:
    source = CALLED.format(takes=takes[0], unpack=takes[1], call=call, mark="")
    assert messages(CODE, source, keras) == []


@pytest.mark.parametrize(
    ("takes", "call"),
    [
        (PAIR, "return inputs"),
        (PAIR, "return self.inner([inputs, more])"),
        (PAIR, "return self.inner([inputs, self.last])"),
        (PAIR, "return self.inner([inputs, self.table]) + self.inner([inputs, more])"),
        (PAIR, "return self.inner([inputs, inputs * self.table])"),
        (APART, "return self.inner(self.table, inputs)"),
        (APART, "return self.inner(inputs, inputs) + self.inner(inputs, self.table)"),
        (APART, "own = inputs\n        return self.inner(inputs, own)"),
    ],
)
def test_what_callers_may_hand_on_has_a_batch(takes: tuple[str, str], call: str) -> None:
    source = CALLED.format(takes=takes[0], unpack=takes[1], call=call, mark="  # KLL141")
    assert len(messages(CODE, source, "3")) == 1


STEP = """
class Denoiser(keras.Model):
    def drawn(self, images):
        return tf.random.normal(images.shape){helper}

    def train_step(self, data):
        {line}
        return {{"loss": self.compute_loss(x, None, self(x + noise, training=True))}}
"""
STEPS = [
    "x, y = data\n        noise = tf.random.normal(x.shape)  # KLL141",
    "x = data\n        noise = tf.random.normal(data.shape)  # KLL141",
    "x = data[0]\n        noise = tf.random.normal((x.shape[0], 4))  # KLL141",
    "x = tf.cast(data, 'float32')\n        noise = self.drawn(x)",
]


@pytest.mark.parametrize("keras", ["2", "3"])
@pytest.mark.parametrize("line", STEPS)
def test_batches_that_fit_hands_to_a_step(line: str, keras: str) -> None:
    """The last one of a data set may be smaller: run with tf_keras 2.21 and keras 3.15."""
    helper = "" if "KLL141" in line else "  # KLL141"
    assert len(found("KLL141", STEP.format(line=line, helper=helper), keras)) == 1


@pytest.mark.parametrize(
    "line",
    ["x, y = data\n        noise = tf.random.normal(tf.shape(x))", "x, y = data\n        noise = x.shape[-1] * 0.5"],
)
def test_what_asks_a_batch_for_nothing_else(line: str) -> None:
    assert not found("KLL141", STEP.format(line=line, helper=""), "3")


@pytest.mark.parametrize(
    ("made", "count"),
    [
        ("data.batch(8)", 1),
        ("data.batch(8, drop_remainder=False)", 1),
        ("data.batch(8, drop_remainder=True)", 0),
        ("data.batch(8, drop_remainder=is_training)", 0),
    ],
)
def test_batches_of_one_size(made: str, count: int, tmp_path: Path) -> None:
    source = "import keras\nimport tensorflow as tf\n" + STEP.format(line=STEPS[0], helper="")
    write(tmp_path, {"net.py": source, "train.py": f"net.fit({made})\n"})
    settings = Settings(keras=("3",), select=("KLL141",), root=str(tmp_path))
    assert len(lint_paths([tmp_path], settings).diagnostics) == count
