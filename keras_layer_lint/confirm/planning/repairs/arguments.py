"""Arguments of a constructor: which it takes, and which kind of value one of them must have."""

from __future__ import annotations

from keras_layer_lint.confirm.planning import change_arguments as change
from keras_layer_lint.confirm.planning.change_arguments import Arguments
from keras_layer_lint.confirm.planning.repairs.kinds import KINDS
from keras_layer_lint.confirm.planning.repairs.rows import KERAS_2, KERAS_3, PYTHON, TENSORFLOW, Row, Sample, Table

SIGNATURE: Table[Arguments] = Table(
    "arguments that the constructor must have or does not take",
    (
        Row(
            r"missing \d+ required (?:positional|keyword-only) arguments?: ([^\n]*)",
            change.add_missing,
            (
                Sample(
                    "TypeError: MultiHeadAttention.__init__() missing 1 required positional argument: 'key_dim'",
                    KERAS_3,
                    "keras.layers.MultiHeadAttention(2)",
                    given="size=8",
                    becomes="size=8, key_dim=4",
                ),
            ),
        ),
        Row(
            r"expected (?:min_)?ndim=(\d), found ndim=\d\. Full shape received: \(None, ([\d, ]{1,40})\)",
            change.shape_of_rank,
            (
                Sample(
                    'ValueError: Input 0 of layer "conv2d" is incompatible with the layer: expected min_ndim=4, found '
                    "ndim=2. Full shape received: (None, 8)",
                    KERAS_2,
                    "tf_keras.layers.Conv2D(4, 3)(tf_keras.Input((8,)))",
                    given="size=(8,)",
                    becomes="size=(32, 32, 3)",
                ),
            ),
        ),
        Row(
            r"unexpected keyword argument '?(\w+)",
            change.drop,
            (
                Sample(
                    "TypeError: <lambda>() got an unexpected keyword argument 'size'",
                    PYTHON,
                    "(lambda: 0)(size=8)",
                    given="size=8",
                    becomes="",
                ),
            ),
        ),
        Row(
            r"unrecognized keyword arguments?[^:\n]{0,80}: \{?\W{0,3}(\w+)"
            r"|keyword argument not understood:\W{0,4}(\w+)",
            change.drop,
            (
                Sample(
                    "ValueError: Unrecognized keyword arguments passed to Dense: {'size': 8}",
                    KERAS_3,
                    "keras.layers.Dense(4, size=8)",
                    given="size=8",
                    becomes="",
                ),
                Sample(
                    "TypeError: ('Keyword argument not understood:', 'size')",
                    KERAS_2,
                    "tf_keras.layers.Dense(4, size=8)",
                    given="size=8",
                    becomes="",
                ),
            ),
        ),
        Row(
            r"multiple values for (?:keyword )?argument '(\w+)'",
            change.drop,
            (
                Sample(
                    "TypeError: Dense.__init__() got multiple values for argument 'units'",
                    KERAS_3,
                    "keras.layers.Dense(4, units=2)",
                    given="units=2",
                    becomes="",
                ),
                Sample(
                    "got multiple values for keyword argument 'size'",
                    PYTHON,
                    "(lambda size: 0)(size=1, **{'size': 2})",
                    given="size=8",
                    becomes="",
                ),
            ),
        ),
    ),
    every=True,
)

READ: Table[Arguments] = Table(
    "what is read from an argument and is not there",
    (
        Row(
            r"'Settings' object has no attribute '(\w+)'",
            change.with_attribute,
            (
                Sample(
                    "AttributeError: 'Settings' object has no attribute 'num_heads'",
                    PYTHON,
                    "type('Settings', (), {})().num_heads",
                    given="size=klint.Settings(hidden_size=8)",
                    becomes="size=klint.Settings(hidden_size=8, num_heads=2)",
                ),
            ),
        ),
        Row(
            r"'\w{1,80}' object has no attribute '(\w+)'",
            change.as_own_part,
            (
                Sample(
                    "AttributeError: 'Dense' object has no attribute 'held_width'",
                    KERAS_3,
                    "keras.layers.Dense(8).held_width",
                    given="size=keras.layers.Dense(8)",
                    line="self.norm = Norm(size.held_width)",
                    becomes="size=Part(width=4)",
                ),
            ),
        ),
        Row(
            r"'(?:dict|str|int|float|NoneType)' object has no attribute '(\w+)'",
            change.as_settings,
            (
                Sample(
                    "AttributeError: 'dict' object has no attribute 'num_heads'",
                    PYTHON,
                    "{}.num_heads",
                    given="size={}",
                    becomes="size=klint.Settings(num_heads=2)",
                ),
                Sample(
                    "AttributeError: 'int' object has no attribute 'num_heads'",
                    PYTHON,
                    "(8).num_heads",
                    given="size=8",
                    line="heads = self._size.num_heads",
                    becomes="size=klint.Settings(num_heads=2)",
                ),
            ),
        ),
        Row(
            r"argument after \*\* must be a mapping",
            change.as_mapping,
            (
                Sample(
                    "argument after ** must be a mapping, not NoneType",
                    PYTHON,
                    "(lambda **words: 0)(**None)",
                    given="size=8",
                    becomes="size=8, more_options={}",
                ),
            ),
        ),
        Row(
            r"\b(\w+)\W{1,3}(?:should|must) be (?:equal to|the same as) \W?(\w+)",
            change.equal,
            (
                Sample(
                    "AssertionError: `size` should be equal to `key_dim`",
                    "a layer of a project",
                    given="size=8, key_dim=4",
                    becomes="size=4, key_dim=4",
                ),
            ),
        ),
        Row(
            r"division or modulo by zero|division by zero|modulo by zero",
            change.large_enough,
            (
                Sample(
                    "ZeroDivisionError: integer division or modulo by zero",
                    PYTHON,
                    "8 // (8 // 64)",
                    given="size=8",
                    line="self.part = Part(self.size, heads=self.size // 64)",
                    becomes="size=128",
                ),
            ),
        ),
        Row(
            r"\AKeyError: ['\"]?(\w+)['\"]?\s*\Z",
            change.with_keyword,
            (
                Sample(
                    "KeyError: num_heads",
                    PYTHON,
                    "(lambda **kwargs: kwargs['num_heads'])()",
                    given="size={}",
                    line="self.heads = kwargs['num_heads']",
                    becomes="size={}, num_heads=2",
                ),
            ),
        ),
        Row(
            r"\AKeyError: ['\"]?(\w+)['\"]?\s*\Z",
            change.with_item,
            (
                Sample(
                    "KeyError: num_heads",
                    PYTHON,
                    "{}['num_heads']",
                    given="size={'hidden_size': 8}",
                    becomes="size={'hidden_size': 8, 'num_heads': 2}",
                ),
            ),
        ),
        Row(
            r"Input to reshape is a tensor with (\d+) values, but the requested shape has (\d+)",
            change.only_one,
            (
                Sample(
                    "InvalidArgumentError: Input to reshape is a tensor with 640 values, but the requested shape has "
                    "1280",
                    TENSORFLOW,
                    "tf.reshape(tf.ones((640,)), (1280,))",
                    given="size=8, num_heads=2",
                    becomes="size=8, num_heads=1",
                ),
            ),
        ),
    ),
)

VALUES: Table[str] = Table(
    "values for an argument that the error speaks of",
    (
        Row(
            r"one of|must be|expected|supported|among|in \{|values are",
            change.words_offered,
            (
                Sample(
                    "ValueError: The `padding` argument must be a list/tuple or one of {'same', 'valid'}.",
                    KERAS_3,
                    "keras.layers.Conv2D(8, 3, padding='x')",
                    given="padding='x'",
                    becomes="'same'",
                ),
                Sample(
                    "Allowed values are: or one of the following values: ('count', 'one_hot', 'multi_hot').",
                    KERAS_2,
                    "tf_keras.layers.CategoryEncoding(4, output_mode='x')",
                    given="output_mode='x'",
                    becomes="'count'",
                ),
            ),
        ),
        *KINDS,
        Row(
            r"(?:of length|length|rank|dimensions?|exactly|(?:list|tuple) of(?: length)?) (\d)\b",
            change.so_many,
            (
                Sample(
                    "ValueError: The sizes are of length 3",
                    "a layer of a project",
                    given="sizes=[8, 8]",
                    becomes="[2, 2, 2]",
                ),
            ),
        ),
        Row(
            r"between|range|\[0|\(0|less than|greater than|probability|positive|non-negative|at least|interval",
            change.in_usual_ranges,
            (
                Sample(
                    "ValueError: Invalid value 8 received for `rate`, expected a value between 0 and 1.",
                    KERAS_2,
                    "tf_keras.layers.Dropout(8)",
                    given="rate=8",
                    becomes="0.5",
                ),
            ),
        ),
        Row(
            r"divisible|multiple of|divide",
            change.usual_multiples,
            (
                Sample(
                    "ValueError: The number of filters must be evenly divisible by the number of groups.",
                    KERAS_3,
                    "keras.layers.Conv2D(7, 3, groups=2)",
                    given="filters=7",
                    becomes="8",
                ),
            ),
        ),
    ),
    every=True,
)
