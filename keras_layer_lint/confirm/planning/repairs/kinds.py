"""Which kind of value an argument must have: a number, a list, a layer, a callable object."""

from __future__ import annotations

from keras_layer_lint.confirm.planning.change_arguments import of_kind
from keras_layer_lint.confirm.planning.repairs.rows import JAX, KERAS_2, KERAS_3, NUMPY, PYTHON, Row, Sample

KINDS: tuple[Row[str], ...] = (
    Row(
        r"has no attribute '(?:shape|dtype|ndim|T)'",
        of_kind("array"),
        (
            Sample(
                "AttributeError: 'float' object has no attribute 'shape'",
                PYTHON,
                "(0.5).shape",
                given="size=0.5",
                line="return self.size.shape",
                becomes="np.ones((16, 8), 'float32')",
            ),
        ),
    ),
    Row(
        r"'(?:int|float|bool)' object is not (?:iterable|subscriptable)"
        r"|object of type '(?:int|float|bool)' has no len"
        r"|not supported between instances of '(?:Dense|Conv2D|Sequential)' and '(?:int|float)",
        of_kind("list"),
        (
            Sample(
                "TypeError: 'int' object is not iterable",
                KERAS_3,
                "keras.layers.Permute(2)",
                given="size=8",
                line="self.sizes = list(size)",
                becomes="[8, 8]",
            ),
            Sample(
                "TypeError: 'int' object is not subscriptable",
                PYTHON,
                "(lambda size: size[0])(8)",
                given="size=8",
                line="self.first = size[0]",
                becomes="[8, 8]",
            ),
            Sample(
                "TypeError: '<' not supported between instances of 'Dense' and 'int'",
                KERAS_2,
                "tf_keras.layers.Dense(8) < 2",
                given="size=[keras.layers.Dense(8)]",
                line="if any(each < 2 for each in size):",
                becomes="[8, 8]",
            ),
            Sample(
                "TypeError: object of type 'int' has no len()",
                PYTHON,
                "len(8)",
                given="size=8",
                line="self.count = len(size)",
                becomes="[8, 8]",
            ),
        ),
    ),
    Row(
        r"'(?:int|float)' object has no attribute"
        r"|'str' object has no attribute '(?:call|build|shape|compute|weights)"
        r"|should have a `call` method|must have a `call` method",
        of_kind("layer"),
        (
            Sample(
                "AttributeError: 'int' object has no attribute 'units'",
                PYTHON,
                "(8).units",
                given="size=8",
                line="self.width = size.units",
                becomes="keras.layers.Dense(8)",
            ),
            Sample(
                "AttributeError: 'str' object has no attribute 'build'",
                PYTHON,
                "'relu'.build",
                given="size='relu'",
                line="size.build(input_shape)",
                becomes="keras.layers.Dense(8)",
            ),
            Sample(
                "ValueError: Argument `cell` should have a `call` method.",
                KERAS_2,
                "tf_keras.layers.RNN(8)",
                given="cell=8",
                becomes="keras.layers.SimpleRNNCell(8)",
            ),
        ),
    ),
    Row(
        r"object is not callable|must be (?:a )?callable|unsupported callable",
        of_kind("callable"),
        (
            Sample(
                "TypeError: 'int' object is not callable",
                PYTHON,
                "(lambda size: size(1))(8)",
                given="size=8",
                line="return self.size(inputs)",
                becomes="keras.activations.relu",
            ),
            Sample(
                "TypeError: unsupported callable",
                KERAS_3,
                "keras.layers.Lambda(8)(tf.ones((2, 8)))",
                given="function=8",
                line="self.function = function",
                becomes="keras.activations.relu",
            ),
        ),
    ),
    Row(
        r"object cannot be interpreted as an integer|must be (?:an )?int|expected int|integer(?!s)"
        r"|\bint\(\) argument|'(?:list|tuple)' and 'int'|'int' and '(?:list|tuple|str)'"
        r"|not supported between instances of '(?:list|tuple|str|dict)'|multiply sequence",
        of_kind("int"),
        (
            Sample(
                "ValueError: Received an invalid value for `units`, expected a positive integer.",
                KERAS_3,
                "keras.layers.Dense([8, 8])",
                given="units=[8, 8]",
                becomes="8",
            ),
            Sample(
                "TypeError: int() argument must be a string, a bytes-like object or a real number, not 'list'",
                KERAS_2,
                "tf_keras.layers.Dense([8, 8])",
                given="units=[8, 8]",
                line="self.units = int(units)",
                becomes="8",
            ),
            Sample(
                "TypeError: Expected an integer value for `n`, got <class 'str'>.",
                KERAS_3,
                "keras.layers.RepeatVector('a')",
                given="n='a'",
                becomes="2",
            ),
            Sample(
                "TypeError: 'float' object cannot be interpreted as an integer",
                NUMPY,
                "np.ones((2, 0.5))",
                given="size=0.5",
                line="self.size = np.ones((2, size))",
                becomes="2",
            ),
            Sample(
                "TypeError: unsupported operand type(s) for //: 'list' and 'int'",
                PYTHON,
                "(lambda size: size // 2)([8])",
                given="size=[8, 8]",
                line="self.half = size // 2",
                becomes="2",
            ),
            Sample(
                "TypeError: '<' not supported between instances of 'tuple' and 'int'",
                PYTHON,
                "(8, 8) < 2",
                given="size=(8, 8)",
                line="if size < 2:",
                becomes="2",
            ),
            Sample(
                "TypeError: Shapes must be 1D sequences of concrete values of integer type",
                JAX,
                "jnp.ones((2, 'a'))",
                given="size='a'",
                line="self.size = jnp.ones((2, size))",
                becomes="2",
            ),
        ),
    ),
    Row(
        r"instance of `?(?:keras\.)?\S{0,40}Layer|keras\.?layers?|keras layer|`Layer`|expected a layer"
        r"|`(?:tf\.)?keras\.layers\.Layer`",
        of_kind("layer"),
        (
            Sample(
                "ValueError: Please initialize `TimeDistributed` layer with a `keras.layers.Layer` instance.",
                KERAS_3,
                "keras.layers.TimeDistributed(8)",
                given="layer=8",
                line="super().__init__(layer)",
                becomes="keras.layers.Dense(8)",
            ),
            Sample(
                "is not a supported layer type. Please ensure wrapped layer is a valid TF-Keras layer.",
                KERAS_2,
                "tf_keras.layers.Wrapper(8)",
                given="layer=8",
                becomes="keras.layers.Dense(8)",
            ),
        ),
    ),
    Row(
        r"must be (?:a )?float|float\(\) argument|a float value",
        of_kind("float"),
        (
            Sample(
                "ValueError: Invalid value received for argument `rate`. Expected a float value between 0 and 1.",
                KERAS_3,
                "keras.layers.Dropout(8)",
                given="rate=8",
                becomes="0.25",
            ),
            Sample(
                "TypeError: float() argument must be a string or a real number, not 'list'",
                PYTHON,
                "float([8])",
                given="size=[8, 8]",
                line="self.size = float(size)",
                becomes="0.5",
            ),
        ),
    ),
    Row(
        r"(?<!argument )must be (?:a )?str|expected str|should be a string",
        of_kind("str"),
        (
            Sample(
                "ValueError: The mode must be a string",
                "a layer of a project",
                given="mode=8",
                becomes="'sum'",
            ),
        ),
    ),
    Row(
        r"must be (?:a )?(?:list|tuple|sequence)|expected (?:a )?(?:list|tuple)|tuple of|list of|a list or",
        of_kind("list"),
        (
            Sample(
                "ValueError: The `factor` argument should be a number (or a list of two numbers) in the range [-1, 1].",
                KERAS_3,
                "keras.layers.RandomRotation('a')",
                given="factor=8",
                becomes="[8, 8]",
            ),
            Sample(
                "ValueError: The sizes must be a list",
                "a layer of a project",
                given="sizes=8",
                becomes="[8, 8]",
            ),
        ),
    ),
    Row(
        r"must be (?:a )?dict|mapping|has no attribute '(?:items|keys)'",
        of_kind("dict"),
        (
            Sample(
                "argument after ** must be a mapping, not int",
                PYTHON,
                "(lambda **words: 0)(**8)",
                given="size=8",
                line="self.made = make(**size)",
                becomes="{}",
            ),
        ),
    ),
)
