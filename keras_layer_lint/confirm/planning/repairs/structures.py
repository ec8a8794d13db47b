"""Arguments of the call that are missing or too many, and as many inputs as are unpacked."""

from __future__ import annotations

from keras_layer_lint.confirm.planning import change_structure as change
from keras_layer_lint.confirm.planning.inputs import Inputs
from keras_layer_lint.confirm.planning.repairs.rows import (
    KERAS_2,
    KERAS_3,
    PYTHON,
    TENSORFLOW,
    Row,
    Sample,
    Table,
)

MISSING: Table[Inputs] = Table(
    "an argument that the call must have",
    (
        Row(
            r"missing \d+ required (?:positional|keyword-only) arguments?: ([^\n]*)",
            change.add_arguments,
            (
                Sample(
                    "TypeError: LSTMCell.call() missing 1 required positional argument: 'states'",
                    KERAS_2,
                    "tf_keras.layers.LSTMCell(4)(tf.ones((2, 8)))",
                    becomes="float32[5,8], [float32[5,8]]",
                ),
            ),
        ),
        Row(
            r"missing a required argument: ('\w+')",
            change.add_arguments,
            (
                Sample(
                    "TypeError: missing a required argument: 'states'",
                    KERAS_3,
                    "keras.layers.LSTMCell(4)(tf.ones((2, 8)))",
                    becomes="float32[5,8], [float32[5,8]]",
                ),
            ),
        ),
        Row(
            r"['\"`](\w{1,80})['\"`] (?:keyword )?argument|(?:keyword )?argument ['\"`](\w{1,80})['\"`]",
            change.add_keyword,
            (
                Sample(
                    "ValueError: Please provide the current step using 'step' keyword argument.",
                    "a layer of a project",
                    becomes="float32[5,8], step=int32[()]",
                ),
            ),
        ),
        Row(
            r"\AKeyError: ['\"]?(\w+)['\"]?\s*\Z",
            change.add_read_keyword,
            (
                Sample(
                    "KeyError: neighbor_size",
                    PYTHON,
                    "(lambda **words: words['neighbor_size'])()",
                    line="count = words['neighbor_size']",
                    becomes="float32[5,8], neighbor_size=8",
                ),
                Sample(
                    "KeyError: memory",
                    PYTHON,
                    "(lambda **words: words.pop('memory'))()",
                    line="memory = words.pop('memory')",
                    becomes="float32[5,8], memory=float32[5,8]",
                ),
            ),
        ),
        Row(
            r"[`'\"](\w+)[`'\"]",
            change.add_argument,
            (
                Sample(
                    "ValueError: When supports_masking=True, input must support masking: `mask` is needed",
                    "a layer of a project",
                    becomes="float32[5,8], mask=bool[5,8]",
                ),
            ),
        ),
    ),
)

UNEXPECTED: Table[Inputs] = Table(
    "an argument that the call does not take",
    (
        Row(
            r"unexpected keyword argument '(\w+)'",
            change.drop_argument,
            (
                Sample(
                    "TypeError: got an unexpected keyword argument 'mask'",
                    KERAS_3,
                    "keras.layers.Dense(4)(tf.ones((2, 8)), mask=tf.ones((2,)))",
                    given="float32[5,8], mask=bool[5,8]",
                    becomes="float32[5,8]",
                ),
            ),
        ),
        Row(
            r"takes (?:from \d+ to )?\d+ positional arguments? but|Only input tensors may be passed"
            r"|call\(\) got multiple values for argument",
            change.drop_last_positional,
            (
                Sample(
                    "TypeError: Dense.call() takes 2 positional arguments but 3 were given",
                    KERAS_2,
                    "tf_keras.layers.Dense(4)(tf.ones((2, 8)), tf.ones((2, 8)))",
                    given="float32[5,8], float32[5,8]",
                    becomes="float32[5,8]",
                ),
                Sample(
                    "TypeError: Dense.call() got multiple values for argument 'training'",
                    KERAS_3,
                    "keras.layers.Dense(4)(tf.ones((2, 8)), tf.ones((2, 8)))",
                    given="float32[5,8], float32[5,8]",
                    becomes="float32[5,8]",
                ),
                Sample(
                    "ValueError: Only input tensors may be passed as positional arguments. "
                    "The following argument value should be passed as a keyword argument: x",
                    KERAS_3,
                    "keras.layers.Dense(4)(tf.ones((2, 8)), 'x')",
                    given="float32[5,8], 'x'",
                    becomes="float32[5,8]",
                ),
                Sample(
                    "TypeError: <lambda>() takes from 0 to 1 positional arguments but 2 were given",
                    PYTHON,
                    "(lambda a=1: a)(1, 2)",
                    given="float32[5,8], float32[5,8]",
                    becomes="float32[5,8]",
                ),
            ),
        ),
    ),
)

NONE: Table[Inputs] = Table(
    "an argument that is None by default, on a line that fails on None",
    (
        Row(
            r"None|unknown rank|unknown TensorShape",
            change.give_optional,
            (
                Sample(
                    "TypeError: 'NoneType' object is not subscriptable",
                    PYTHON,
                    "(lambda mask: mask[0])(None)",
                    line="return inputs * mask[:, None]",
                    becomes="float32[5,8], mask=bool[5,8]",
                ),
                Sample(
                    "TypeError: unsupported operand type(s) for +: 'int' and 'NoneType'",
                    PYTHON,
                    "(lambda mask: 1 + mask)(None)",
                    line="return inputs + mask",
                    becomes="float32[5,8], mask=bool[5,8]",
                ),
                Sample(
                    "ValueError: Attempt to convert a value (None) with an unsupported type (<class 'NoneType'>) "
                    "to a Tensor.",
                    TENSORFLOW,
                    "tf.matmul(tf.ones((2, 8)), None)",
                    line="return tf.matmul(inputs, mask)",
                    becomes="float32[5,8], mask=bool[5,8]",
                ),
                Sample(
                    "ValueError: Cannot take the length of shape with unknown rank.",
                    TENSORFLOW,
                    "len(tf.TensorShape(None))",
                    line="return inputs[: len(mask.shape)]",
                    becomes="float32[5,8], mask=bool[5,8]",
                ),
                Sample(
                    "ValueError: as_list() is not defined on an unknown TensorShape.",
                    TENSORFLOW,
                    "tf.TensorShape(None).as_list()",
                    line="return mask.shape.as_list()",
                    becomes="float32[5,8], mask=bool[5,8]",
                ),
            ),
        ),
    ),
)

ASSERTED: Table[Inputs] = Table(
    "how many tensors of which ranks an assertion tells",
    (
        Row(
            r"\AAssertionError",
            change.as_asserted,
            (
                Sample(
                    "AssertionError: ",
                    PYTHON,
                    "assert False",
                    line="assert len(shape) == 2 and len(shape[0]) == 2 and len(shape[1]) == 3",
                    becomes="[float32[5,8], float32[5,4,8]]",
                ),
                Sample(
                    "AssertionError: ",
                    PYTHON,
                    "assert False",
                    line="assert isinstance(inputs, tuple) and len(inputs) == 2",
                    becomes="(float32[5,8], float32[5,8])",
                ),
                Sample(
                    "AssertionError: ",
                    PYTHON,
                    "assert False",
                    given="[float32[5,8], float32[5,8]]",
                    line="assert len(input_shape) == 3",
                    becomes="[float32[5,8], float32[5,4,8]]",
                ),
            ),
        ),
    ),
)

UNPACKED: Table[Inputs] = Table(
    "as many elements, or axes, as are unpacked",
    (
        Row(
            r"(?:not enough|too many) values to unpack \(expected (\d+)(?:, got (\d+))?",
            change.as_many_as_unpacked,
            (
                Sample(
                    "ValueError: not enough values to unpack (expected 2, got 1)",
                    PYTHON,
                    "a, b = [1]",
                    line="left, right = inputs",
                    becomes="[float32[5,8], float32[5,8]]",
                ),
                Sample(
                    "ValueError: too many values to unpack (expected 2",
                    PYTHON,
                    "a, b = [1, 2, 3]",
                    line="left, right = inputs",
                    given="[float32[5,8], float32[5,8], float32[5,8]]",
                    becomes="[float32[5,8], float32[5,8]]",
                ),
                Sample(
                    "ValueError: not enough values to unpack (expected 3, got 1)",
                    PYTHON,
                    "a, b, c = [1]",
                    line="low, middle, high = rest",
                    given="[float32[5,8], float32[5,8], float32[5,8]]",
                    becomes="[float32[5,8], float32[5,8], float32[5,8], float32[5,8], float32[5,8]]",
                ),
                Sample(
                    "ValueError: not enough values to unpack (expected 3, got 2)",
                    TENSORFLOW,
                    "a, b, c = tf.ones((2, 8)).shape",
                    line="batch, steps, width = inputs.shape",
                    becomes="float32[5,4,8]",
                ),
            ),
        ),
    ),
)

OPTIONAL: Table[Inputs] = Table(
    "an argument that is None by default, named on a line that the error passed through",
    (
        Row(
            r"\A",
            change.give_optional,
            (
                Sample(
                    "RuntimeError: There is no table yet.",
                    "a layer of a project",
                    line="return self.look_up(inputs, mask)",
                    becomes="float32[5,8], mask=bool[5,8]",
                ),
            ),
        ),
    ),
    cost=2,
)
